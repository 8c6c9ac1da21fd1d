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

const page = (children, using = checker) =>
  root.render(h(StrictMode, null, h(PermissionsProvider, { checker: using }, children)));

Object.assign(window, {
  react: version,
  seen,
  checker,
  show: (ids, options) => page(h(One, { ids, options })),
  showEach: (ids) => page(ids.map((id) => h(One, { key: id, ids: [id] }))),
  showEachOf: (options, lists) =>
    page(
      lists.map((ids) => h(One, { key: String(ids), ids })),
      new PermissionChecker(options),
    ),
  leave: () => page(null),
});
