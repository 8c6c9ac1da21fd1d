import assert from "node:assert/strict";
import { test } from "node:test";
import { arranged, countStates } from "../../www/list.js";

/** @typedef {import("../../www/list.js").Row} Row */
/** @typedef {import("../../src/js/types.js").Explanation} Explanation */

/** @param {number} id @param {Partial<Explanation> | null} more @returns {Row} */
const row = (id, more) => ({
  id,
  isCancelled: false,
  explanation:
    more && /** @type {Explanation} */ ({ entityId: id, state: "denied", generation: "locked", ...more }),
});
const rows = [
  row(1, { generation: "locked", modelId: 10, modelName: "Birch", endsAt: "2026-12-09T00:00:00Z" }),
  row(2, { generation: "open", state: "granted", modelId: 20, modelName: "Alder" }),
  row(3, null),
  row(4, { generation: "trial", modelId: 10, modelName: "Birch", endsAt: "2026-12-01T00:00:00Z" }),
  { ...row(5, null), isCancelled: true },
];
/** @param {Partial<Parameters<typeof arranged>[1]>} how */
const ids = (how) =>
  arranged(rows, { state: "all", sorting: "given", isGrouped: false, ...how }).map(({ id }) => id);

test("as given, and each sorting keeps that order among equals", () => {
  assert.deepEqual(ids({}), [1, 2, 3, 4, 5]);
  assert.deepEqual(ids({ sorting: "usable" }), [2, 4, 1, 5, 3]);
  assert.deepEqual(ids({ sorting: "soonest" }), [4, 1, 2, 3, 5]);
  assert.deepEqual(ids({ sorting: "name" }), [2, 1, 4, 3, 5]);
});

test("grouped, a model's versions follow its first one", () => {
  assert.deepEqual(ids({ isGrouped: true }), [1, 4, 2, 3, 5]);
});

test("a filter shows one state", () => {
  assert.deepEqual(ids({ state: "trial" }), [4]);
  assert.deepEqual(ids({ state: "pending" }), [3]);
});

test("what was cancelled is unknown, never locked", () => {
  assert.deepEqual(Object.fromEntries(countStates(rows)), {
    locked: 1,
    open: 1,
    pending: 1,
    trial: 1,
    unknown: 1,
  });
});
