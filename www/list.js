// The rows as data: their order, groups, filters and counts. Pure.

import { factsOf } from "../src/badge/badge.js";

/** @typedef {import("../src/js/types.js").Explanation} Explanation */
/** @typedef {import("../src/badge/badge.js").BadgeState} State */
/** @typedef {{ id: number, explanation: Explanation | null, isCancelled: boolean }} Row `explanation`: null while it waits */
/** @typedef {"given" | "usable" | "soonest" | "name"} Sorting */

/** In the order of the bar and the filters. @type {readonly State[]} */
export const STATES = ["open", "free", "trial", "yours", "gated", "locked", "off", "unknown", "pending"];

/** @param {Row} row @returns {State} */
export function stateOf({ explanation, isCancelled }) {
  if (isCancelled) return "unknown";
  return explanation ? factsOf(explanation).state : "pending";
}

/** @param {Iterable<Row>} rows @returns {Map<State, number>} */
export function countStates(rows) {
  /** @type {Map<State, number>} */
  const counts = new Map();
  for (const row of rows) counts.set(stateOf(row), (counts.get(stateOf(row)) ?? 0) + 1);
  return counts;
}

/**
 * @param {readonly Row[]} rows as given
 * @param {{ state: State | "all", sorting: Sorting, isGrouped: boolean }} wanted
 * @returns {Row[]}
 */
export function arranged(rows, { state, sorting, isGrouped }) {
  const shown = state === "all" ? [...rows] : rows.filter((row) => stateOf(row) === state);
  const place = PLACES[sorting];
  const sorted = place ? sortedBy(shown, place) : shown;
  return isGrouped ? groupedByModel(sorted) : sorted;
}

/** What comes first is smaller. @type {Record<Sorting, ((row: Row) => number | string) | null>} */
const PLACES = {
  given: null,
  usable: (row) => STATES.indexOf(stateOf(row)),
  soonest: ({ explanation }) => {
    const end = Date.parse(explanation?.endsAt ?? "");
    return Number.isNaN(end) || explanation?.state !== "denied" ? Number.POSITIVE_INFINITY : end;
  },
  name: ({ explanation }) =>
    [explanation?.modelName ?? "\uffff", explanation?.versionName ?? ""].join("\n").toLocaleLowerCase("en"),
};

/** @param {Row[]} rows @param {(row: Row) => number | string} place */
function sortedBy(rows, place) {
  return rows
    .map((row) => ({ row, key: place(row) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ row }) => row);
}

/** The versions of a model follow its first one. @param {Row[]} rows */
function groupedByModel(rows) {
  /** @type {Map<string, Row[]>} */
  const groups = new Map();
  for (const row of rows) {
    const key = groupOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()].flat();
}

/** @param {Row} row */
export function groupOf({ id, explanation }) {
  return explanation?.modelId ? `model ${explanation.modelId}` : `version ${id}`;
}
