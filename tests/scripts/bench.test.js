// The parts of the bench that decide something. What it measures, `npm run bench` shows.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chart } from "../../scripts/bench/chart.mjs";
import {
  inTurns,
  measureCache,
  measureCalls,
  median,
  pairs,
  pooled,
  quartiles,
} from "../../scripts/bench/speed.js";

/** Sides that write down their turns and move a clock. @param {Record<string, number>} sides their milliseconds */
function clocked(sides) {
  /** @type {string[]} */
  const order = [];
  let now = 0;
  const side = (/** @type {[string, number]} */ [name, ms]) => [
    name,
    {
      prepare: () => async () => {
        order.push(name);
        now += ms;
      },
    },
  ];
  return { order, clock: () => now, sides: Object.fromEntries(Object.entries(sides).map(side)) };
}

test("turns: one call each, and a quarter as many rounds before do not count", async () => {
  const { order, clock, sides } = clocked({ a: 2, b: 4 });
  assert.deepEqual(await inTurns(sides, 4, clock), { a: [2, 2, 2, 2], b: [4, 4, 4, 4] });
  assert.equal(order.length, 2 * (1 + 4));
});

test("turns: every side has each place, and each other side before it, equally often", async () => {
  const { order, clock, sides } = clocked({ a: 1, b: 1, c: 1 });
  await inTurns(sides, 24, clock);
  /** @type {Map<string, number>} */
  const seen = new Map();
  const counted = order.slice(-3 * 24);
  for (const [index, name] of counted.entries()) {
    for (const what of [`${name} at ${index % 3}`, ...(index % 3 ? [`${counted[index - 1]}${name}`] : [])]) {
      seen.set(what, (seen.get(what) ?? 0) + 1);
    }
  }
  const [places, neighbours] = [/ at /, /^..$/].map((kind) => [...seen].filter(([what]) => kind.test(what)));
  assert.deepEqual(new Set(places?.map(([, times]) => times)), new Set([8]));
  assert.deepEqual([places?.length, neighbours?.length], [9, 6]);
  assert.deepEqual(new Set(neighbours?.map(([, times]) => times)), new Set([8]));
});

test("pooled: the rounds of all processes give one ratio, paired within each", () => {
  /** @type {(ours: number[], bare: number[]) => any} */
  const run = (ours, bare) => [
    { name: "a call", goal: "≤ 1.5 × fetch", most: 1.5, over: "bare", taken: { ours, bare, rival: [9, 9] } },
    { name: "known", goal: "≤ 8 ms", most: 8, over: null, taken: { ours, rival: [1, 1] } },
    { name: "many", goal: "below", most: 1, over: "rival", taken: { ours, rival: ours } },
  ];
  const [call, known, many] = pooled([run([2, 2], [1, 2]), run([30, 40], [10, 10]), run([2], [1])]);
  assert.deepEqual(call, {
    ...{ name: "a call", unit: "ms", goal: "≤ 1.5 × fetch", met: false, ours: 2, bare: 2, rival: 9 },
    ...{ ratio: 2, spread: [2, 3] },
  });
  assert.deepEqual([known?.met, known?.ratio, known?.bare], [true, null, null]);
  assert.deepEqual([many?.met, many?.ratio], [false, 1], "as slow as the rival is not below it");
});

test("figures: medians, quartiles and paired ratios", () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.deepEqual(quartiles([5, 1, 4, 2, 3]), [2, 4]);
  assert.deepEqual(pairs([2, 6], [1, 2]), [2, 3]);
});

test("rows: a goal that is missed is printed as missed, and the same requests are measured", async (context) => {
  const asked = { ours: 0, others: 0 };
  context.mock.method(globalThis, "fetch", async () => {
    asked.others++;
    return { json: async () => ({}) };
  });
  const slow = () => new Promise((resolve) => setTimeout(resolve, 5));
  /** @type {any} */
  const tools = {
    baseUrl: "http://api.test",
    rounds: 1,
    async checkPermissions(/** @type {number[]} */ ids, /** @type {any} */ options) {
      if (options.fetch)
        return options.fetch(`http://api.test/?entityIds=${ids.length}`, { cache: "no-store" });
      asked.ours++;
      return slow();
    },
    PermissionChecker: class {
      check = async () => {};
    },
    createRival: () => async () => {},
  };
  const rows = pooled([await measureCalls(tools)]);
  assert.deepEqual(
    rows.map(({ name }) => name),
    ["1 id", "10 ids", "100 ids", "400 ids", "10,000 ids"]
      .flatMap((ids) => `a call, ${ids}`)
      .concat(["1 id", "10 ids", "100 ids", "400 ids", "10,000 ids"].map((ids) => `check, ${ids}`)),
  );
  for (const { name, met, ratio } of rows.slice(0, 5)) assert.ok(met === false && Number(ratio) > 1.4, name);
  assert.ok(asked.ours > 0 && asked.others > 0);
  const [known, many] = pooled([await measureCache(tools)]);
  assert.equal(known?.met, true);
  assert.equal(typeof many?.ratio, "number");
});

test("chart: an SVG with a line for each side, and colours for both schemes", () => {
  const point = (/** @type {number} */ count) => ({
    count,
    ours: count / 10,
    rival: count / 5,
    bare: count / 20,
  });
  const callers = [1, 10, 100].map((count) => ({ count, ours: count, rival: count / 2 }));
  const svg = chart({ ids: [1, 10, 100_000].map(point), callers });
  assert.match(svg, /^<svg [^>]*role="img" aria-label="[^"]+">/);
  assert.match(svg, /prefers-color-scheme:dark/);
  assert.equal(svg.match(/<path class="ours" d="M\d/g)?.length, 3, "two panels and the legend");
  assert.equal(svg.match(/<path class="bare" d="M\d/g)?.length, 2);
  assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
});
