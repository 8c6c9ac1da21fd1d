// A profile whose storage is damaged: the badges come with the default settings, and the pages say that nothing is kept.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { settled, statesOf, visit } from "./lib/badges.js";
import { browserNames, until } from "./lib/browser.js";
import { useExtension } from "./lib/harness.js";
import { openOptions, openPopup, sees } from "./lib/pages.js";
import { models, statesFor } from "./lib/truth.js";

/** @param {string} path */
const withBroken = (path) =>
  readFileSync(new URL(`../../${path}`, import.meta.url), "utf8").replace(
    "<head>",
    '<head><script src="/broken.js"></script>',
  );
const pages = ["popup", "options"].map((name) => `src/extension/pages/${name}.html`);

for (const browser of browserNames) {
  describe(`storage that fails, in ${browser}`, { timeout: 120_000 }, () => {
    const extension = useExtension({
      browser,
      clean: false,
      unpacked: {
        change: (manifest) => {
          const { background } = manifest;
          background.service_worker = "broken-main.js";
          background.scripts = ["broken-main.js"];
        },
        add: {
          "broken.js": `
            const fail = () => Promise.reject(new Error("An unexpected error occurred"));
            for (const area of [chrome.storage.local, chrome.storage.session])
              for (const name of ["get", "set", "remove", "clear"]) area[name] = fail;`,
          "broken-main.js": 'import "./broken.js"; import "./src/extension/background/main.js";',
          ...Object.fromEntries(pages.map((path) => [path, withBroken(path)])),
        },
      },
    });

    test("badges, popup and options work with the defaults, and say so", async () => {
      const tab = await extension.newTab();
      await visit(tab, "/models/900200");
      assert.deepEqual(
        statesOf(await settled(tab, { least: 4 }), "version"),
        statesFor(models[900_200], "known"),
      );
      const popup = await openPopup(extension.browser(), tab);
      await sees(popup, /storage does not work/i);
      await until(popup, () => document.querySelectorAll("#model li").length === 3);
      const options = await openOptions(extension.browser());
      await sees(options, /storage does not work/i);
      await until(options, () => document.querySelector('[value="public"]:checked'));
      await options.click('[name="dim"]');
      await until(options, () => document.querySelector('[name="dim"]:not(:checked)'));
    });
  });
}
