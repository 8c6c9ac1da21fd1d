// The extension on a number of mutants, for a file of tests.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { useExtension } from "../lib/harness.js";
import { stateFor } from "../lib/truth.js";
import { showGround } from "./page.js";
import { groups, judge, mutants, openGround, plainSight, sightsOf, summary } from "./run.js";

/**
 * @param {"chromium" | "firefox"} browser
 * @param {object} how
 * @param {number} [how.from] the number of the first
 * @param {number} how.count
 * @param {number} how.tabs how many at once
 * @param {number} how.timeout in milliseconds
 */
export function judgeMutants(browser, { from = 0, count, tabs, timeout }) {
  describe(`${count} mutants in ${browser}`, { timeout }, () => {
    const extension = useExtension({ browser, september: true });

    test("97 of 100 badges stay, the popup reports the rest, none is wrong, none double", async (t) => {
      await showGround(extension.site());
      const open = () => openGround(extension.browser(), extension.newTab);
      const first = await open();
      const plain = await plainSight(first);
      const each = plain.found.length;
      assert.ok(each >= 70, `${each} badges without a mutation`);
      for (const { group, version, state } of plain.found)
        if (version) assert.equal(state, stateFor(version, "final"), group);

      const [unchanged] = await sightsOf(first, [{ seed: 1, names: [] }], plain);
      assert.deepEqual(unchanged?.found, plain.found, "built anew without a mutation");

      const left = groups(mutants(from, count));
      /** @type {import("./run.js").Verdict[]} */
      const verdicts = [];
      /** @param {import("./run.js").Ground} ground */
      const work = async (ground) => {
        for (let group = left.shift(); group; group = left.shift()) {
          const sights = await sightsOf(ground, group, plain);
          verdicts.push(...group.map((mutant, at) => judge(mutant, /** @type {any} */ (sights[at]), plain)));
        }
      };
      const others = await Promise.all(Array.from({ length: tabs - 1 }, open));
      await Promise.all([first, ...others].map(work));

      const { share, table } = summary(verdicts, each);
      t.diagnostic(`${(share * 100).toFixed(2)} % of ${each} badges stayed on ${verdicts.length} mutants`);
      /** @param {(verdict: import("./run.js").Verdict) => string[]} linesOf */
      const linesBy = (linesOf) =>
        verdicts.flatMap((verdict) =>
          linesOf(verdict).map(
            (line) => `${verdict.mutant.seed} (${verdict.mutant.names.join(", ")}): ${line}`,
          ),
        );
      const bad = linesBy(({ wrong, twice }) => [...wrong, ...twice.map((group) => `too many at ${group}`)]);
      assert.deepEqual(bad, []);
      const unreported = linesBy((verdict) => verdict.unreported);
      assert.deepEqual(unreported, [], "missing, and not in the popup");
      assert.ok(share >= 0.97, `${share} stayed\n${table}`);
    });
  });
}
