// React never complains; and content scripts that do it wrong are found out. The long walk is in walk.full.test.js.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { navigate, scrollTo, settled, visit } from "./lib/badges.js";
import { browserNames, someOf, until } from "./lib/browser.js";
import { useExtension } from "./lib/harness.js";
import { wander, watchFrames, wrongAfter } from "./lib/wander.js";
import { isSettled } from "./site/health.js";

for (const browser of browserNames) {
  describe(`React under the extension in ${browser}`, { timeout: 400_000 }, () => {
    const extension = useExtension({ browser, crowd: 200 });
    // "No lock" too, so that each place has a badge.
    beforeEach(() => extension.set({ showOpen: true }));

    for (const build of someOf(/** @type {const} */ (["production", "development"]))) {
      test(`a card's root that is emptied or used for another model never shows the old state, for no frame (${build})`, async () => {
        extension.site().set({ build });
        const tab = await extension.newTab();
        await visit(tab, "/models");
        await until(tab, () => document.querySelector("[data-index] civitai-lock-badge"));
        await settled(tab);
        await tab.run(watchFrames);
        for (const path of [
          "/models?sort=Oldest",
          "/models",
          "/user/kestrel_studio/models",
          "/search/models",
          "/models?sort=Oldest",
          "/models",
        ]) {
          await navigate(tab, path);
          await sleep(250);
          for (const top of [900, 2600, 0, 1300]) {
            await scrollTo(tab, top);
            await sleep(120);
          }
        }
        // The search page empties and fills its roots where they are; an index-keyed row gives them to other models.
        await navigate(tab, "/search/models");
        await until(
          tab,
          () => document.querySelectorAll('civitai-lock-badge[data-state="trial"]').length > 0,
        );
        for (const top of [0, 3500, 0, 3500, 0]) {
          await scrollTo(tab, top);
          await sleep(400);
        }
        await sleep(1200);
        const frames = await tab.run(() => /** @type {any} */ (window).__frames);
        assert.deepEqual(frames.stale, []);
        assert.ok(frames.emptied > 20 && frames.reused > 10, JSON.stringify(frames));
        assert.deepEqual(extension.site().errors, []);
      });
    }

    for (const [build, late] of someOf(
      /** @type {const} */ ([
        ["production", 500],
        ["development", 5000],
        ["development", 500],
        ["production", 5000],
        ["production", 0],
        ["development", 0],
      ]),
      2,
    )) {
      test(`a boundary that hydrates ${late} ms late gets its badges after that, unharmed (${build})`, async () => {
        extension.site().set({ lateSuspense: late, bundleDelay: 200, build });
        const tab = await extension.newTab();
        await visit(tab, "/models/827184");
        await until(tab, isSettled, undefined, 20_000);
        const badges = () =>
          document.querySelectorAll('[data-activity^="follow"] civitai-lock-badge').length === 3;
        await until(tab, badges, undefined, 5000);
        assert.deepEqual(extension.site().errors, []);
      });
    }
  });
}

const bad = ["before-hydration", "wraps", "sets-text", "inside-card-link", "late-boundary"];
/** All of them in one extension; the address says which one acts. */
const sources = await Promise.all(
  bad.map(async (script) => {
    const source = await readFile(new URL(`site/bad/${script}.js`, import.meta.url), "utf8");
    return `if (location.hash === "#${script}") {\n${source}}\n`;
  }),
);

for (const browser of browserNames) {
  describe(`a bad content script beside ours in ${browser}`, { timeout: 300_000 }, () => {
    const extension = useExtension({
      browser,
      crowd: 60,
      unpacked: {
        add: { "bad.js": sources.join("") },
        change: (manifest) => {
          const [{ matches }] = manifest.content_scripts;
          manifest.content_scripts.push({ matches, js: ["bad.js"], run_at: "document_start" });
        },
      },
    });
    // "No lock" too: without a badge in each place, every page would be found wrong.
    beforeEach(() => extension.set({ showOpen: true }));
    // That each is found out on the site itself is in site/controls.test.js.
    for (const script of ["none", ...someOf(bad)]) {
      test(script === "none" ? "without one, nothing is found" : `${script} is found out`, async () => {
        extension.site().set({ bundleDelay: 300, lateSuspense: 800 });
        const tab = await extension.newTab();
        await visit(tab, `/models/827184#${script}`);
        await until(tab, isSettled);
        await tab.run(() => window.__site.rearrange());
        await sleep(300);
        await navigate(tab, "/models");
        await sleep(1000); // what is broken by now may never show its cards
        await wander(tab, { steps: 30, seed: 7, pause: 60 });
        const errors = extension.site().errors.map(({ message }) => message);
        const found = errors.length > 0 ? errors : await wrongAfter(tab);
        if (script === "none") assert.deepEqual(found, []);
        else assert.notDeepEqual(found, []);
      });
    }
  });
}
