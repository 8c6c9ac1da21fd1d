// The results: what is known so far, and how it is shown.

import { byId, fromTemplate, within } from "./page.js";
import { counted, failureSentence, mayPass, number, rowWords } from "./words.js";

/** @typedef {import("./run.js").Row} Row */
/** @typedef {Row["state"]} State */

const section = byId("results", HTMLElement);
const title = byId("results-title", HTMLElement);
const progress = byId("progress", HTMLElement);
const list = byId("rows", HTMLElement);
const none = byId("none", HTMLElement);
const more = byId("more", HTMLButtonElement);
const failures = byId("failures", HTMLElement);
const filters = byId("filters", HTMLElement);

/** Rows shown at a time: 5,000 at once would make the page slow for nothing. */
const pageSize = 240;

/** @type {State[]} */
const states = ["granted", "denied", "unknown"];

/** Every row that arrived, in order. @type {Row[]} */
let rows = [];
let shown = 0;
let wanted = pageSize;
let seen = 0;
/** @type {State | "all"} */
let filter = "all";

/** The rows that have arrived. @returns {readonly Row[]} */
export function knownRows() {
  return rows;
}

/**
 * Opens the section for a new question, or for those ids of the old one that are asked again.
 * @param {readonly Row[]} kept
 */
export function openResults(kept = []) {
  rows = [...kept];
  filter = "all";
  within(filters, "input[value=all]", HTMLInputElement).checked = true;
  byId("summary", HTMLElement).textContent = "";
  section.hidden = false;
  section.setAttribute("aria-busy", "true");
  redraw();
}

/** @param {readonly Row[]} arrived */
export function addRows(arrived) {
  for (const row of arrived) rows.push(row);
  draw();
}

/**
 * @param {number} done
 * @param {number} total
 */
export function showProgress(done, total) {
  const bar = byId("progress-bar", HTMLProgressElement);
  bar.max = total;
  bar.value = done;
  byId("progress-text", HTMLElement).textContent = `${number(done)} of ${counted(total, "version")}`;
  progress.hidden = false;
}

/** @param {string} summary */
export function closeResults(summary) {
  if (progress.contains(document.activeElement)) focusResults();
  progress.hidden = true;
  section.removeAttribute("aria-busy");
  byId("summary", HTMLElement).textContent = summary;
}

/** Puts the focus where the results start. */
export function focusResults() {
  title.focus();
}

/** "5 no lock, 2 locked, 1 unknown", without those that are none. */
export function tally() {
  const words = { granted: "without a lock", denied: "locked", unknown: "unknown" };
  return states
    .filter((state) => count(state) > 0)
    .map((state) => `${number(count(state))} ${words[state]}`)
    .join(", ");
}

filters.addEventListener("change", ({ target }) => {
  if (target instanceof HTMLInputElement) filter = /** @type {State | "all"} */ (target.value);
  redraw();
});

more.addEventListener("click", () => {
  const first = list.childElementCount;
  wanted += pageSize;
  draw();
  list.children[first]?.querySelector("a")?.focus();
});

function redraw() {
  list.replaceChildren();
  shown = 0;
  seen = 0;
  wanted = pageSize;
  draw();
}

/** Appends what is new and fits, so that a link with the focus stays where it is. */
function draw() {
  const items = [];
  for (; seen < rows.length && shown < wanted; seen += 1) {
    const row = rows[seen];
    if (row === undefined || (filter !== "all" && row.state !== filter)) continue;
    items.push(rowItem(row));
    shown += 1;
  }
  list.append(...items);
  drawCounts();
  drawFailures();
}

function drawCounts() {
  for (const state of states) {
    within(filters, `[data-state=${state}] b`, HTMLElement).textContent = number(count(state));
    const share = within(document, `#ratio [data-state=${state}]`, HTMLElement);
    share.style.flexGrow = String(count(state));
    share.hidden = count(state) === 0;
  }
  within(filters, "b", HTMLElement).textContent = number(rows.length);
  const matching = filter === "all" ? rows.length : count(filter);
  none.hidden = matching > 0 || rows.length === 0;
  more.hidden = matching <= shown;
  more.textContent = `Show ${number(Math.min(pageSize, matching - shown))} more of ${number(matching - shown)}`;
}

/** Says once what each kind of failure means, above the rows that have it. */
function drawFailures() {
  /** @type {Map<string, number>} */
  const sentences = new Map();
  for (const row of rows) {
    if (row.state !== "unknown") continue;
    const sentence = failureSentence(row.failure);
    sentences.set(sentence, (sentences.get(sentence) ?? 0) + 1);
  }
  const items = [...sentences].map(([sentence, times]) => {
    const item = document.createElement("li");
    item.textContent = `${counted(times, "version")} unknown. ${sentence}`;
    return item;
  });
  within(failures, "ul", HTMLElement).replaceChildren(...items);
  const again = byId("again", HTMLButtonElement);
  again.textContent = `Ask again for ${number(count("unknown"))}`;
  again.hidden = !rows.some((row) => row.state === "unknown" && mayPass(row.failure));
  failures.hidden = items.length === 0;
}

/** @param {Row} row */
function rowItem(row) {
  const item = fromTemplate("row");
  item.dataset.state = row.state;
  within(item, "use", SVGUseElement).setAttribute("href", `padlock.svg#${row.state}`);
  const link = within(item, "a", HTMLAnchorElement);
  link.href = `https://civitai.com/model-versions/${row.id}`;
  link.textContent = String(row.id);
  within(item, "span", HTMLElement).textContent = rowWords(row);
  return item;
}

/** @param {State} state */
function count(state) {
  return rows.filter((row) => row.state === state).length;
}
