// The page: a question in, rows out.

import { BADGE, faceOf } from "../src/badge/draw.js";
import { watchTips } from "../src/badge/tip.js";
import { toCalendar } from "../src/report/calendar.js";
import { toCsv, toJson, usableAirs } from "../src/report/list.js";
import { baseUrl, baseUrlName } from "./api.js";
import { ask, explain } from "./ask.js";
import { download } from "./download.js";
import { examples } from "./examples.js";
import { fillForm, readForm, watchForm } from "./form.js";
import { foundWords } from "./found.js";
import { drawLegend } from "./legend.js";
import { loadModule } from "./module.js";
import { announce, byId } from "./page.js";
import { fromFragment, mostIds, toFragment } from "./question.js";
import * as results from "./results.js";
import { followThemeSwitch } from "./theme.js";
import { counted, duration, number } from "./words.js";

/** @typedef {import("../src/js/types.js").Resource} Resource */
/** @typedef {{ userId: number | null, isShared: boolean, skipped: { text: string, source: string }[], checker: InstanceType<import("./module.js").Module["PermissionChecker"]> }} Question */

const fault = byId("fault", HTMLElement);
const loading = loadModule();

/** The question on show. @type {Question | null} */
let asked = null;
/** What is under way. @type {AbortController | null} */
let running = null;
let requests = 0;

/**
 * Shows what arrives. A newer run takes the place of an older one.
 *
 * @param {(signal: AbortSignal) => AsyncIterable<import("./ask.js").Arrival>} arrivals
 */
async function run(arrivals) {
  running?.abort();
  const controller = new AbortController();
  running = controller;
  requests = 0;
  const started = performance.now();
  results.setBusy(true);
  try {
    for await (const arrival of arrivals(controller.signal)) {
      if (running !== controller) return;
      if ("ids" in arrival) {
        results.addIds(arrival.ids, arrival.whole);
        if (arrival.ids.length > mostIds) throw new RangeError(tooMany(arrival.ids.length));
      } else if ("explanations" in arrival) results.addExplanations(arrival.explanations);
      else results.addLost(arrival.model, arrival.failure);
    }
  } catch (error) {
    if (running !== controller) return;
    if (!controller.signal.aborted) throw error;
  } finally {
    if (running === controller) {
      running = null;
      results.cancelWaiting();
      results.setBusy(false, `${counted(requests, "request")}, ${duration(performance.now() - started)}`);
      announce(results.headline());
    }
  }
}

/** @param {number} count */
const tooMany = (count) =>
  `These are ${counted(count, "version")}. This page asks about ${number(mostIds)} at most; split the list.`;

/**
 * Reads the form and asks.
 *
 * @param {{ moveFocus: boolean }} how whether a person asked, who then wants to be where the answers come
 */
async function submit({ moveFocus }) {
  const module = await loading;
  const form = await readForm(module);
  if (form === null) {
    running?.abort();
    running = null;
    results.closeResults();
    history.replaceState(null, "", location.pathname + location.search);
    announce("Nothing was asked; the form says why.");
    return;
  }
  const { resources, userId, isShared } = form;
  const ours = resources.filter(({ source }) => source === "civitai");
  if (ours.length > mostIds) throw new RangeError(tooMany(ours.length));
  const countingFetch = (/** @type {Parameters<typeof fetch>} */ ...request) => {
    requests += 1;
    return fetch(...request);
  };
  const checker = new module.PermissionChecker({ baseUrl, fetch: countingFetch });
  const skipped = resources
    .filter(({ source }) => source !== "civitai")
    .map(({ text, source }) => ({ text, source }));
  asked = { userId, isShared, skipped, checker };
  shareAddress(ours, isShared ? userId : null);
  results.openResults({ mode: userId === null ? "public" : "user" });
  announce(`${foundWords(resources)}. Checking.`);
  const done = run((signal) => ask(ours, checker, { userId, signal }));
  if (moveFocus) results.focusResults();
  await done;
}

/** @param {readonly Resource[]} resources @param {number | null} userId */
function shareAddress(resources, userId) {
  const versions = resources.flatMap(({ entityId }) => entityId ?? []);
  const models = resources.flatMap(({ entityId, modelId }) => (entityId === null ? (modelId ?? []) : []));
  const fragment = toFragment({ versions, models }, userId);
  history.replaceState(null, "", fragment || location.pathname + location.search);
  byId("copy-link", HTMLButtonElement).hidden = fragment === "";
}

/** Asks what the address asks, if it asks something. */
async function submitFragment() {
  const question = fromFragment(location.hash);
  if (question === null) return;
  fillForm(question);
  await submit({ moveFocus: false });
}

/** Asks for some versions anew. @param {readonly number[]} ids @param {boolean} fresh */
async function askFor(ids, fresh) {
  if (asked === null || ids.length === 0) return;
  const { checker, userId } = asked;
  const done = run((signal) => explain(ids, checker, { userId, signal, fresh, bulk: ids.length > 200 }));
  results.focusResults();
  await done;
}

/** Adds all versions of a model to the rows. @param {number} model */
async function expand(model) {
  if (asked === null) return;
  const { checker, userId } = asked;
  await run(async function* (signal) {
    const [answer] = await checker.versions([model], { userId, signal });
    const ids = answer?.versions.map(({ versionId }) => versionId) ?? [];
    results.addVersions(model, ids);
    const known = new Set(results.explanations().map(({ entityId }) => entityId));
    if (answer?.error) yield { model, failure: answer.error };
    yield* explain(
      ids.filter((id) => !known.has(id)),
      checker,
      { userId, signal, bulk: false },
    );
  });
}

/**
 * @param {string} text
 * @param {string} what
 */
async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
  } catch (cause) {
    throw new Error("The browser refused to copy.", { cause });
  }
  announce(`${what} copied.`);
}

/** The user in copies: null for anyone; undefined where the number must not be copied. */
const userToCopy = () => (asked?.userId === null || asked?.isShared ? asked.userId : undefined);

/**
 * Does it, and shows what goes wrong in it.
 * @param {() => unknown} act
 */
async function guarded(act) {
  fault.hidden = true;
  try {
    await act();
  } catch (error) {
    fault.textContent = error instanceof Error ? error.message : String(error);
    fault.hidden = false;
  }
}

/**
 * @param {EventTarget} target
 * @param {string} type
 * @param {(event: Event) => unknown} act
 */
function on(target, type, act) {
  target.addEventListener(type, (event) => guarded(() => act(event)));
}

followThemeSwitch();
byId("api", HTMLElement).textContent = baseUrlName;
drawLegend(byId("legend", HTMLElement));
watchTips({
  document,
  badgeAt: (x, y) => {
    const badge = document.elementFromPoint(x, y)?.closest(BADGE);
    return badge instanceof HTMLElement && faceOf(badge) ? badge : null;
  },
  badgeOf: (focused) => focused.closest("li")?.querySelector(BADGE) ?? null,
});
watchForm(loading, guarded);

on(byId("question", HTMLFormElement), "submit", (event) => {
  event.preventDefault();
  return submit({ moveFocus: true });
});
on(byId("source", HTMLTextAreaElement), "keydown", (event) => {
  if (!(event instanceof KeyboardEvent) || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  return submit({ moveFocus: true });
});
for (const button of document.querySelectorAll("[data-example]")) {
  on(button, "click", () => {
    const example = button instanceof HTMLElement ? examples[button.dataset.example ?? ""] : undefined;
    if (example === undefined) return;
    fillForm({ text: example() });
    return submit({ moveFocus: true });
  });
}
on(byId("cancel", HTMLButtonElement), "click", () => running?.abort());
on(byId("again", HTMLButtonElement), "click", () => askFor(results.unknownIds(), true));
on(byId("explain", HTMLButtonElement), "click", () => askFor(results.unexplainedIds().slice(0, 200), false));
on(byId("rows", HTMLElement), "click", ({ target }) => {
  const model = target instanceof HTMLElement && target.matches(".expand") ? Number(target.dataset.model) : 0;
  return model > 0 ? expand(model) : undefined;
});
on(byId("copy-json", HTMLButtonElement), "click", () =>
  copy(toJson(results.explanations(), { userId: userToCopy(), skipped: asked?.skipped ?? [] }), "JSON"),
);
on(byId("copy-csv", HTMLButtonElement), "click", () => copy(toCsv(results.explanations()), "CSV"));
on(byId("copy-airs", HTMLButtonElement), "click", () =>
  copy(usableAirs(results.explanations()), "Usable AIRs"),
);
on(byId("copy-link", HTMLButtonElement), "click", () => copy(location.href, "Link"));
on(byId("calendar", HTMLButtonElement), "click", () => {
  const opening = results.explanations().filter(({ state }) => state === "denied");
  download("opens.ics", "text/calendar", toCalendar(opening, Date.now()));
});
on(window, "hashchange", submitFragment);
await guarded(async () => {
  await loading;
  await submitFragment();
});
