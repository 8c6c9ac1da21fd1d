// Draws the rows: each once, changed in place, so that focus and reading position stay.

import { badgeOf, factsOf } from "../src/badge/badge.js";
import { drawBadge } from "../src/badge/draw.js";
import { opensWords, pageOf, reasonWords } from "../src/report/list.js";
import { groupOf, stateOf } from "./list.js";
import { byId, fromTemplate, within } from "./page.js";
import { dates } from "./words.js";

/** @typedef {import("./list.js").Row} Row */

const list = byId("rows", HTMLElement);

const CANCELLED = "Cancelled before the answer came";

/** What is drawn for each row. @type {Map<number, { item: HTMLElement, of: Row["explanation"] | undefined, isCancelled: boolean }>} */
const drawn = new Map();

/**
 * @param {readonly Row[]} rows those on show, in order
 * @param {{ viewer: import("../src/badge/badge.js").Viewer, isGrouped: boolean, mayGrow: (model: number) => boolean }} how
 *   `mayGrow`: whether the model may have more versions than those on show
 */
export function drawRows(rows, { viewer, isGrouped, mayGrow }) {
  const wanted = new Set(rows.map(({ id }) => id));
  for (const [id, { item }] of drawn) {
    if (wanted.has(id)) continue;
    item.remove();
    drawn.delete(id);
  }
  let before = "";
  for (const [nth, row] of rows.entries()) {
    const item = itemOf(row, viewer);
    const group = groupOf(row);
    const isFirst = !isGrouped || group !== before;
    before = group;
    item.classList.toggle("first", isFirst);
    item.classList.toggle("grouped", isGrouped);
    within(item, ".model", HTMLElement).hidden = isGrouped && !isFirst;
    const model = row.explanation?.modelId ?? null;
    drawExpand(item, isFirst && model !== null && mayGrow(model) ? model : null);
    if (list.children[nth] !== item) list.insertBefore(item, list.children[nth] ?? null);
  }
}

/** Nothing of an old answer is left. */
export function clearRows() {
  drawn.clear();
  list.replaceChildren();
}

/** @param {Row} row @param {import("../src/badge/badge.js").Viewer} viewer */
function itemOf(row, viewer) {
  const known = drawn.get(row.id);
  const item = known?.item ?? fromTemplate("row");
  if (known?.of !== row.explanation || known.isCancelled !== row.isCancelled) fill(item, row, viewer);
  drawn.set(row.id, { item, of: row.explanation, isCancelled: row.isCancelled });
  return item;
}

/** @param {HTMLElement} item @param {Row} row @param {import("../src/badge/badge.js").Viewer} viewer */
function fill(item, row, viewer) {
  const { id, explanation, isCancelled } = row;
  const now = Date.now();
  const state = stateOf(row);
  item.dataset.state = state;
  item.dataset.id = `${id}`;
  const facts = isCancelled || !explanation ? { state, versionId: id } : factsOf(explanation, viewer);
  const badge = badgeOf(facts, viewer, dates, now);
  const [title = ""] = badge.lines;
  // The words stand beside it: its name is its text.
  drawBadge(within(item, ".badge", HTMLElement), {
    ...badge,
    label: badge.text,
    lines: isCancelled ? [title, CANCELLED] : badge.lines,
  });

  const model = within(item, ".model a", HTMLAnchorElement);
  model.textContent = explanation?.modelName ?? `Version ${id}`;
  model.href = explanation?.modelId
    ? `https://civitai.com/models/${explanation.modelId}`
    : pageOf({ entityId: id, modelId: null });
  const version = within(item, ".version", HTMLAnchorElement);
  version.textContent = explanation?.versionName ?? "";
  version.href = pageOf({ entityId: id, modelId: explanation?.modelId ?? null });
  within(item, ".id", HTMLElement).textContent = `${id}`;
  within(item, ".reason", HTMLElement).textContent = isCancelled
    ? CANCELLED
    : explanation && state !== "open"
      ? reasonWords(explanation)
      : "";
  const opens = explanation ? opensWords(explanation, now, dates) : null;
  const when = within(item, ".opens", HTMLElement);
  when.replaceChildren();
  if (opens && explanation?.endsAt) {
    const time = document.createElement("time");
    time.dateTime = explanation.endsAt;
    time.textContent = opens.exact;
    when.append(`Opens ${opens.relative}`, time);
  }
}

/** @param {HTMLElement} item @param {number | null} model whose other versions it offers */
function drawExpand(item, model) {
  const button = within(item, ".expand", HTMLButtonElement);
  button.hidden = model === null;
  button.dataset.model = `${model ?? ""}`;
}
