// A long walk through the site: React never complains, whatever a visitor does, and in the end each badge is there
// and right. `SEED=123 node --test tests/extension/walk.full.test.js` walks another way.

import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { visit } from "./lib/badges.js";
import { browserNames, until } from "./lib/browser.js";
import { useExtension } from "./lib/harness.js";
import { wander, wrongAfter } from "./lib/wander.js";
import { isSettled } from "./site/health.js";

/** @type {["production" | "development", number, number][]} build, steps and seed */
const walks = [
  ["production", 300, 1],
  ["development", 200, 2],
];

for (const browser of browserNames) {
  describe(`a walk in ${browser}`, { timeout: 400_000 }, () => {
    const extension = useExtension({ browser, crowd: 200 });
    // "No lock" too, so that each place has a badge.
    beforeEach(() => extension.set({ showOpen: true }));

    for (const [build, steps, fixed] of walks) {
      const seed = Number(process.env.SEED ?? fixed);
      test(`${steps} random steps in the ${build} build, seed ${seed}`, async () => {
        extension.site().set({ build });
        const tab = await extension.newTab();
        await visit(tab, "/models/827184");
        // A boundary that is updated while it hydrates makes React speak (#421), with us or without.
        await until(tab, isSettled);
        const done = await wander(tab, { steps, seed });
        const wrong = await wrongAfter(tab);
        assert.deepEqual(wrong, [], `seed ${seed}, last steps: ${done.slice(-15).join("; ")}`);
        assert.deepEqual(extension.site().errors, [], `seed ${seed}`);
      });
    }
  });
}
