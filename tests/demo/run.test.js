import assert from "node:assert/strict";
import { test } from "node:test";
import { checkInSlices, sliceSize } from "../../www/run.js";

/** @typedef {import("../../src/js/index.js").PermissionsError} PermissionsError */

class Failure extends Error {
  /**
   * @param {string} code
   * @param {Record<number, boolean>} verdicts
   */
  constructor(code, verdicts = {}) {
    super("in the test");
    this.code = code;
    this.verdicts = verdicts;
  }
}

const isPermissionsError = /** @type {(error: unknown) => error is PermissionsError} */ (
  (error) => error instanceof Failure
);
const ids = Array.from({ length: 2 * sliceSize + 5 }, (_, nth) => nth + 1);
const allGranted = (/** @type {number[]} */ slice) => Object.fromEntries(slice.map((id) => [id, true]));

/**
 * @param {(slice: number[], nth: number) => any} answer
 * @param {AbortSignal} signal
 */
async function run(answer, signal = new AbortController().signal) {
  const slices = /** @type {number[][]} */ ([]);
  const rows = [];
  const check = async (/** @type {number[]} */ slice) => answer(slice, slices.push(slice));
  for await (const arrived of checkInSlices(ids, check, signal, isPermissionsError)) rows.push(...arrived);
  assert.deepEqual(
    rows.map(({ id }) => id),
    ids,
    "one row for each id, in order",
  );
  return { rows, asked: slices.length };
}

const codes = (/** @type {import("../../www/run.js").Row[]} */ rows) =>
  new Set(rows.map((row) => (row.state === "unknown" ? row.failure.code : row.state)));

test("every id is asked once, in slices", async () => {
  const { rows, asked } = await run(allGranted);
  assert.equal(asked, 3);
  assert.deepEqual(codes(rows), new Set(["granted"]));
});

test("a denial is a denial, a grant a grant, and anything else is neither", async () => {
  const { rows } = await run((slice) => ({
    ...allGranted(slice),
    2: false,
    3: "yes",
    4: 0,
    5: null,
    6: undefined,
  }));
  assert.deepEqual(
    rows.slice(0, 7).map(({ state }) => state),
    ["granted", "denied", "unknown", "unknown", "unknown", "unknown", "granted"],
  );
});

test("an id that the answer lacks is unknown, whatever its number", async () => {
  const { rows } = await run(() => ({}));
  assert.deepEqual(codes(rows), new Set(["INVALID_RESPONSE"]));
});

test("a slice that fails in part keeps its verdicts, and the next is asked", async () => {
  const { rows, asked } = await run((slice, nth) => {
    if (nth === 2) throw new Failure("HTTP", { [sliceSize + 1]: false });
    return allGranted(slice);
  });
  assert.equal(asked, 3);
  assert.equal(rows[sliceSize]?.state, "denied");
  assert.deepEqual(codes(rows.slice(sliceSize + 1, 2 * sliceSize)), new Set(["HTTP"]));
  assert.deepEqual(codes(rows.slice(2 * sliceSize)), new Set(["granted"]));
});

test("an outage ends the asking, and what was not asked is unknown", async () => {
  const { rows, asked } = await run((slice, nth) => {
    if (nth === 2) throw new Failure("NETWORK");
    return allGranted(slice);
  });
  assert.equal(asked, 2);
  assert.deepEqual(codes(rows.slice(0, sliceSize)), new Set(["granted"]));
  assert.deepEqual(codes(rows.slice(sliceSize)), new Set(["NETWORK"]));
});

test("a region that is blocked is not asked again, though verdicts came", async () => {
  const { rows, asked } = await run(() => {
    throw new Failure("REGION_BLOCKED", { 1: true });
  });
  assert.equal(asked, 1);
  assert.equal(rows[0]?.state, "granted");
  assert.deepEqual(codes(rows.slice(1)), new Set(["REGION_BLOCKED"]));
});

test("a cancelled run keeps what is known", async () => {
  const controller = new AbortController();
  const { rows, asked } = await run((slice, nth) => {
    if (nth === 1) return allGranted(slice);
    controller.abort();
    throw controller.signal.reason;
  }, controller.signal);
  assert.equal(asked, 2);
  assert.deepEqual(codes(rows.slice(0, sliceSize)), new Set(["granted"]));
  assert.deepEqual(codes(rows.slice(sliceSize)), new Set(["CANCELLED"]));
});

test("a fault of our own is not a verdict either", async () => {
  const { rows } = await run(() => {
    throw new TypeError("x is not a function");
  });
  assert.deepEqual(codes(rows), new Set(["FAULT"]));
});
