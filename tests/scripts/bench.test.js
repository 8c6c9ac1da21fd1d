// The parts of the bench that decide something. What it measures, `npm run bench` shows.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chart } from "../../scripts/bench/chart.mjs";
import { cacheRows, callRows, inTurns, median, pairs, quartiles } from "../../scripts/bench/speed.js";

test("turns: every side has each place once, and the first round does not count", async () => {
  /** @type {string[]} */
  const order = [];
  let clock = 0;
  const side = (/** @type {string} */ name, /** @type {number} */ ms) => ({
    prepare: () => async () => {
      order.push(name);
      clock += ms;
    },
  });
  const taken = await inTurns({ a: side("a", 2), b: side("b", 4) }, 3, 2, () => clock);
  assert.deepEqual(taken, { a: [4, 4, 4], b: [8, 8, 8] });
  assert.equal(order.join(""), "aabb" + "bbaa" + "aabb" + "bbaa");
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
  const rows = await callRows(tools);
  assert.deepEqual(
    rows.map(({ name }) => name),
    ["1 id", "10 ids", "100 ids", "400 ids", "10,000 ids"]
      .flatMap((ids) => `a call, ${ids}`)
      .concat(["1 id", "10 ids", "100 ids", "400 ids", "10,000 ids"].map((ids) => `check, ${ids}`)),
  );
  for (const { name, met, ratio } of rows.slice(0, 5)) assert.ok(met === false && Number(ratio) > 1.4, name);
  assert.ok(asked.ours > 0 && asked.others > 0);
  const [known, many] = await cacheRows(tools);
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
