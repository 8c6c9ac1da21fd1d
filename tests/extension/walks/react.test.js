// A long walk through the site: React never complains, whatever a visitor does. `npm run test:walks`; apart from
// `npm test`, because its seed is another one each time.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { visit } from "../lib/badges.js";
import { browserNames, until } from "../lib/browser.js";
import { useExtension } from "../lib/harness.js";
import { wander, wrongAfter } from "../lib/wander.js";
import { isSettled } from "../site/health.js";

const steps = { chromium: 500, firefox: 150 };

for (const browser of browserNames) {
  describe(`a walk in ${browser}`, { timeout: 600_000 }, () => {
    const extension = useExtension({ browser, crowd: 200 });

    for (const [build, share] of /** @type {const} */ ([
      ["production", 0.6],
      ["development", 0.4],
    ])) {
      const count = Math.round(steps[browser] * share);
      test(`${count} random steps: no word from React, each badge there and right (${build})`, async () => {
        const seed = Date.now() % 1_000_000;
        extension.site().set({ build });
        const tab = await extension.newTab();
        await visit(tab, "/models/827184");
        // A boundary that is updated while it hydrates makes React speak (#421), with us or without.
        await until(tab, isSettled);
        await wander(tab, { steps: count, seed });
        assert.deepEqual(await wrongAfter(tab), [], `seed ${seed}`);
        assert.deepEqual(extension.site().errors, [], `seed ${seed}`);
      });
    }
  });
}
