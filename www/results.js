// The results: what is known so far, in one sentence, a bar, filters and rows.

import { badgeOf } from "../src/badge/badge.js";
import { markOf } from "../src/badge/marks.js";
import { failureWords, summaryWords } from "../src/report/list.js";
import { arranged, countStates, STATES } from "./list.js";
import { byId, fromTemplate, within } from "./page.js";
import { clearRows, drawRows } from "./rows.js";
import { counted, dates, number } from "./words.js";

/** @typedef {import("./list.js").Row} Row */
/** @typedef {import("./list.js").State} State */
/** @typedef {import("./ask.js").Failure} Failure */
/** @typedef {import("../src/js/types.js").Explanation} Explanation */

const section = byId("results", HTMLElement);
const title = byId("results-title", HTMLElement);
const progress = byId("progress", HTMLElement);
const more = byId("more", HTMLButtonElement);
const filters = byId("filters", HTMLElement);
const sorting = byId("sorting", HTMLSelectElement);
const grouped = byId("grouped", HTMLInputElement);

/** Rows shown at a time: 5,000 at once would make the page slow for nothing. */
const PAGE = 200;
/** Where answers move rows, they are moved at most so often, in milliseconds. */
const CALM = 250;

/** In the order in which they were given. @type {Map<number, Row>} */
let rows = new Map();
/** Models of which no version came. @type {Map<number, Failure>} */
let lost = new Map();
/** Models all of whose versions are rows. @type {Set<number>} */
let whole = new Set();
/** @type {import("../src/badge/badge.js").Viewer} */
let viewer = { mode: "public" };
/** @type {State | "all"} */
let filter = "all";
let wanted = PAGE;
let isBusy = false;

/** The answers that have arrived. @returns {Explanation[]} */
export function explanations() {
  return [...rows.values()].flatMap(({ explanation, isCancelled }) =>
    explanation && !isCancelled ? explanation : [],
  );
}

/** Versions without a verdict: they were cancelled, or failed. */
export function unknownIds() {
  return [...rows.values()]
    .filter(({ explanation, isCancelled }) => isCancelled || explanation?.state === "unknown")
    .map(({ id }) => id);
}

/** Denied versions of which nobody has looked up what is free. */
export function unexplainedIds() {
  return [...rows.values()]
    .filter(({ explanation }) => explanation?.generation === "gated" && explanation.exists !== false)
    .map(({ id }) => id);
}

/** Opens the section, empty. @param {import("../src/badge/badge.js").Viewer} whom */
export function openResults(whom) {
  rows = new Map();
  lost = new Map();
  whole = new Set();
  viewer = whom;
  filter = "all";
  wanted = PAGE;
  clearRows();
  section.hidden = false;
}

/** Takes the section away, with all that is in it. */
export function closeResults() {
  openResults(viewer);
  section.hidden = true;
}

/** @param {boolean} busy @param {string} [summary] once it is over */
export function setBusy(busy, summary = "") {
  isBusy = busy;
  if (busy) section.setAttribute("aria-busy", "true");
  else section.removeAttribute("aria-busy");
  if (!busy && progress.contains(document.activeElement)) focusResults();
  progress.hidden = !busy;
  byId("summary", HTMLElement).textContent = summary;
  draw();
}

/** @param {readonly number[]} ids @param {readonly number[]} models those whose versions are all among them */
export function addIds(ids, models) {
  for (const model of models) whole.add(model);
  for (const id of ids) {
    if (!rows.has(id)) rows.set(id, { id, explanation: null, isCancelled: false });
  }
  drawSoon();
}

/** The versions of a model stand where its first one stands. @param {number} model @param {readonly number[]} ids */
export function addVersions(model, ids) {
  whole.add(model);
  const before = [...rows.values()];
  const first = before.findIndex(({ id, explanation }) => ids.includes(id) || explanation?.modelId === model);
  const known = new Map(before.map((row) => [row.id, row]));
  const all = ids.map((id) => known.get(id) ?? { id, explanation: null, isCancelled: false });
  const others = before.filter(({ id }) => !ids.includes(id));
  const at = first < 0 ? others.length : others.filter((row) => before.indexOf(row) < first).length;
  rows = new Map([...others.slice(0, at), ...all, ...others.slice(at)].map((row) => [row.id, row]));
  drawSoon();
}

/** @param {readonly Explanation[]} arrived */
export function addExplanations(arrived) {
  for (const explanation of arrived) {
    rows.set(explanation.entityId, { id: explanation.entityId, explanation, isCancelled: false });
  }
  drawSoon();
}

/** @param {number} model @param {Failure} failure */
export function addLost(model, failure) {
  lost.set(model, failure);
}

/** What waits will not come: nothing is said of it. */
export function cancelWaiting() {
  for (const [id, row] of rows) {
    if (!row.explanation) rows.set(id, { ...row, isCancelled: true });
    else if (!row.explanation.complete)
      rows.set(id, { ...row, explanation: { ...row.explanation, complete: true } });
  }
}

/** Puts the focus where the results start. */
export function focusResults() {
  title.focus();
}

/** The one sentence. */
export function headline() {
  const all = explanations();
  if (rows.size === 0) return lost.size > 0 ? "Nothing could be learned" : "Nothing to show";
  if (isBusy && all.length === 0) return `Checking ${counted(rows.size, "version")}`;
  // What is still awaited is not counted; what will not come any more is not known.
  return summaryWords(all, Date.now(), dates, isBusy ? 0 : rows.size - all.length);
}

/** @type {ReturnType<typeof setTimeout> | null} */
let planned = null;
let drawnAt = 0;

/** In the next frame; where answers move rows, not in every one. */
function drawSoon() {
  const moves = sorting.value !== "given" || grouped.checked || filter !== "all";
  const wait = moves ? Math.max(0, drawnAt + CALM - Date.now()) : 0;
  planned ??= setTimeout(() => requestAnimationFrame(draw), wait);
}

function draw() {
  if (planned !== null) clearTimeout(planned);
  planned = null;
  drawnAt = Date.now();
  const counts = countStates(rows.values());
  title.textContent = headline();
  drawBar(counts);
  drawFilters(counts);
  drawProgress();
  drawNotices();
  const how = {
    state: filter,
    sorting: /** @type {import("./list.js").Sorting} */ (sorting.value),
    isGrouped: grouped.checked,
  };
  const all = arranged([...rows.values()], how);
  const shown = all.slice(0, wanted);
  drawRows(shown, { viewer, isGrouped: grouped.checked, mayGrow: (model) => !isBusy && !whole.has(model) });
  byId("none", HTMLElement).hidden = shown.length > 0 || rows.size === 0;
  more.hidden = all.length <= shown.length;
  more.textContent = `Show ${number(Math.min(PAGE, all.length - shown.length))} more of ${number(all.length - shown.length)}`;
  const known = explanations();
  byId("calendar", HTMLElement).hidden = !known.some(({ endsAt, state }) => endsAt && state === "denied");
}

/** @param {Map<State, number>} counts */
function drawBar(counts) {
  const shares = STATES.flatMap((state) => {
    const count = counts.get(state) ?? 0;
    if (count === 0) return [];
    const share = document.createElement("span");
    share.dataset.state = state;
    share.style.flexGrow = `${count}`;
    return [share];
  });
  byId("ratio", HTMLElement).replaceChildren(...shares);
}

/** A filter for each state that there is. @param {Map<State, number>} counts */
function drawFilters(counts) {
  for (const state of /** @type {const} */ (["all", ...STATES])) {
    const count = state === "all" ? rows.size : (counts.get(state) ?? 0);
    const known = filters.querySelector(`[data-state="${state}"]`);
    const isWanted = count > 0 || state === filter;
    if (!isWanted) {
      known?.remove();
      continue;
    }
    const label = known instanceof HTMLElement ? known : newFilter(state);
    within(label, "input", HTMLInputElement).checked = state === filter;
    within(label, "b", HTMLElement).textContent = number(count);
  }
}

/** @param {State | "all"} state */
function newFilter(state) {
  const label = fromTemplate("filter");
  label.dataset.state = state;
  within(label, "input", HTMLInputElement).value = state;
  within(label, ".word", HTMLElement).textContent = state === "all" ? "All" : stateWords(state);
  if (state !== "all") within(label, ".mark", HTMLElement).append(markOf(state, document));
  const order = ["all", ...STATES];
  const after = [...filters.querySelectorAll("label")].find(
    (other) => order.indexOf(other.dataset.state ?? "") > order.indexOf(state),
  );
  filters.insertBefore(label, after ?? null);
  return label;
}

/** A state's word without what differs from version to version. @param {State} state */
export function stateWords(state) {
  if (state === "pending") return "Checking";
  if (state === "gated") return "Gated";
  return badgeOf({ state, by: "user", trials: null }, { mode: "user" }, "en", 0).text;
}

function drawProgress() {
  const done = [...rows.values()].filter(({ explanation }) => explanation?.complete).length;
  const bar = byId("progress-bar", HTMLProgressElement);
  bar.max = Math.max(1, rows.size);
  bar.value = done;
  byId("progress-text", HTMLElement).textContent = `${number(done)} of ${counted(rows.size, "version")}`;
}

/** Says once what each kind of failure means, and offers what can be done. */
function drawNotices() {
  const unknown = unknownIds();
  /** @type {Map<string, number>} */
  const sentences = new Map();
  const add = (/** @type {string} */ sentence) => sentences.set(sentence, (sentences.get(sentence) ?? 0) + 1);
  for (const { explanation, isCancelled } of rows.values()) {
    if (isCancelled) add("cancelled before the answer came");
    else if (explanation?.state === "unknown") add(failureWords(explanation.error));
  }
  const items = [...sentences].map(
    ([sentence, times]) => `${counted(times, "version")} not known: ${sentence}.`,
  );
  for (const [model, failure] of lost) items.push(`Model ${model}: ${failureWords(failure)}.`);
  const box = byId("failures", HTMLElement);
  within(box, "ul", HTMLElement).replaceChildren(
    ...items.map((text) => Object.assign(document.createElement("li"), { textContent: text })),
  );
  box.hidden = items.length === 0;
  const again = byId("again", HTMLButtonElement);
  again.textContent = `Ask again for ${number(unknown.length)}`;
  again.hidden = isBusy || unknown.length === 0;

  const gated = unexplainedIds().length;
  const offer = byId("unexplained", HTMLElement);
  offer.hidden = isBusy || gated === 0;
  within(offer, "p", HTMLElement).textContent =
    `${counted(gated, "version")} gated, and what is free there is not known: that takes a request for each.`;
  byId("explain", HTMLButtonElement).textContent = `Look it up for ${number(Math.min(PAGE, gated))}`;
}

filters.addEventListener("change", ({ target }) => {
  if (target instanceof HTMLInputElement) filter = /** @type {State | "all"} */ (target.value);
  wanted = PAGE;
  draw();
});
for (const control of [sorting, grouped]) control.addEventListener("change", draw);
more.addEventListener("click", () => {
  const next = wanted;
  wanted += PAGE;
  draw();
  const first = document
    .querySelectorAll("#rows > li")
    [next]?.querySelector(".model:not([hidden]) a, .version");
  if (first instanceof HTMLElement) first.focus();
});
