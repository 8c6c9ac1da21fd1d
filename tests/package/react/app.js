// A page that uses the hook, with a checker whose answers the test sends.

import { PermissionChecker, PermissionsError } from "civitai-permissions";
import { PermissionsProvider, usePermissions } from "civitai-permissions/react";
import { createElement as h, StrictMode, version } from "react";
import { createRoot } from "react-dom/client";

/** What `explainStream` was asked; `answer` and `end` are the other side. */
class FakeChecker {
  asks = [];
  async *explainStream(ids, { signal, ...options }) {
    if (!Array.isArray(ids))
      throw new PermissionsError("expected a list of ids", { code: "INVALID_ARGUMENT" });
    let wake;
    const ask = { ids, options, aborted: false, batches: [], over: false, failure: undefined };
    this.asks.push(ask);
    const changed = () => wake?.();
    ask.answer = (...answers) => {
      ask.batches.push(answers.map(explanation));
      changed();
    };
    ask.end = (failure) => {
      Object.assign(ask, { over: true, failure });
      changed();
    };
    signal.addEventListener("abort", () => {
      ask.aborted = true;
      changed();
    });
    for (;;) {
      signal.throwIfAborted();
      if (ask.batches.length > 0) yield ask.batches.shift();
      else if (ask.failure) throw ask.failure;
      else if (ask.over) return;
      else
        await new Promise((resolve) => {
          wake = resolve;
        });
    }
  }
}

const explanation = ([entityId, generation]) => ({
  entityId,
  generation,
  ...(generation === "unknown"
    ? { state: "unknown", error: new PermissionsError(`no answer for ${entityId}`, { code: "NETWORK" }) }
    : { state: generation === "open" ? "granted" : "denied" }),
});

const seen = { renders: 0, result: null };
const checker = new FakeChecker();
const root = createRoot(document.querySelector("main"));

function One({ ids, options }) {
  const result = usePermissions(ids, options);
  seen.renders += 1;
  seen.result = result;
  const { byId, pending, error } = result;
  const answers = [...byId].map(([id, { generation }]) => `${id} ${generation}`).join(", ");
  return h(
    "p",
    null,
    `[${answers}]${pending ? " pending" : ""}${error ? ` ${error.code ?? error.name}` : ""}`,
  );
}

/** Long lists: a row for each id, as a page would write it. */
function Rows({ ids }) {
  const { byId, pending } = usePermissions(ids);
  seen.pending = pending;
  return h(
    "ul",
    null,
    ids.map((id) => h("li", { key: id }, `${id} ${byId.get(id)?.generation ?? "…"}`)),
  );
}

const page = (children, using = checker) =>
  root.render(h(StrictMode, null, h(PermissionsProvider, { checker: using }, children)));

Object.assign(window, {
  react: version,
  seen,
  checker,
  show: (ids, options) => page(h(One, { ids, options })),
  showEach: (ids) => page(ids.map((id) => h(One, { key: id, ids: [id] }))),
  showRows: (ids) => page(h(Rows, { ids })),
  showEachOf: (options, lists) =>
    page(
      lists.map((ids) => h(One, { key: String(ids), ids })),
      new PermissionChecker(options),
    ),
  leave: () => page(null),
  // Without StrictMode, which draws twice.
  async showManyOf(options, count) {
    const ids = Array.from({ length: count }, (_, index) => 1_000_000 + index);
    const real = new PermissionChecker(options);
    await real.check([1]);
    // The list is there, still without answers, before the time counts: drawing its rows is the page's own work.
    root.render(h(PermissionsProvider, { checker }, h(Rows, { ids })));
    await drawn(() => document.querySelectorAll("li").length === count);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const tasks = [];
    new PerformanceObserver((list) =>
      tasks.push(...list.getEntries().map(({ duration }) => Math.round(duration))),
    ).observe({ entryTypes: ["longtask"] });
    seen.pending = true;
    const start = performance.now();
    root.render(h(PermissionsProvider, { checker: real }, h(Rows, { ids })));
    await drawn(() => seen.pending === false && !document.querySelector("main").textContent.includes("…"));
    const taken = Math.round(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, 200));
    return { taken, tasks };
  },
  /** A `fetch` for which every version is open, and each has a model of its own. */
  async granting(url) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    const { searchParams } = new URL(url);
    const checked = searchParams.get("entityIds")?.split(",");
    const listed = searchParams.get("modelVersionIds")?.split(",").map(Number) ?? [];
    const version = (id) => ({
      id,
      name: "v1",
      availability: "Public",
      paidAccess: null,
      supportsGeneration: true,
    });
    const model = (id) => ({
      ...{ id, name: `Model ${id}`, type: "LORA", availability: "Public", supportsGeneration: true },
      modelVersions: [version(id)],
    });
    const body = checked
      ? Object.fromEntries(checked.map((id) => [id, true]))
      : { items: listed.map(model), metadata: {} };
    return new Response(JSON.stringify(body), { headers: { "content-type": "application/json" } });
  },
});

async function drawn(condition) {
  do await new Promise(requestAnimationFrame);
  while (!condition());
}
