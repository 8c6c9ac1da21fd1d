// Pictures of each surface, dark and light, in both browsers, for a person to look at: tests/screenshots/extension.

import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { badgesOn, settled, visit } from "./lib/badges.js";
import { browserNames, hover, until } from "./lib/browser.js";
import { useExtension } from "./lib/harness.js";
import { openOptions, openPopup } from "./lib/pages.js";

const folder = new URL("../screenshots/extension/", import.meta.url);

for (const browser of browserNames) {
  describe(`looks in ${browser}`, { timeout: 200_000 }, () => {
    const extension = useExtension({ browser, crowd: 30 });

    /** @param {import("./lib/browser.js").Tab} tab @param {string} name */
    const keep = async (tab, name) => {
      await mkdir(folder, { recursive: true });
      const picture = await tab.capture();
      assert.ok(picture.length > 5000);
      await writeFile(new URL(`${browser}-${name}.png`, folder), picture);
    };
    /**
     * Waits for at least so many badges. Cards without a lock have none.
     * @param {string} path @param {number} [least] @param {[number, number]} [size]
     */
    const look = async (path, least = 1, size) => {
      const tab = await extension.newTab();
      if (size) await tab.resize(...size);
      await visit(tab, path);
      await settled(tab, { least, quiet: 700 });
      return tab;
    };
    /** Dark, then light by the site's own switch. @param {import("./lib/browser.js").Tab} tab @param {string} name */
    const keepBoth = async (tab, name) => {
      await keep(tab, `${name}-dark`);
      await tab.click('[aria-label="Toggle theme"]');
      await sleep(300);
      await keep(tab, `${name}-light`);
    };

    for (const [name, path, least] of /** @type {[string, string, number][]} */ ([
      ["model", "/models/900100", 9],
      ["cards", "/models", 2],
      ["image", "/images/300123", 2],
      ["auctions", "/auctions", 8],
      ["downloads", "/user/downloads", 12],
      ["shop", "/user/kestrel_studio/shop", 5],
      ["post", "/posts/3", 1],
      ["text", "/models/827184", 10],
    ])) {
      test(name, async () => keepBoth(await look(path, least), name));
    }

    test("cards with No lock, the locked ones dimmed", async () => {
      await extension.set({ showOpen: true, dim: true });
      await keepBoth(await look("/models", 6), "cards-all-dimmed");
    });

    test("trouble", async () => {
      await extension.api().faults({ match: "/api/v1/", status: 404 });
      const tab = await look("/models/900200", 4);
      assert.ok((await badgesOn(tab)).every(({ state }) => state === "unknown"));
      await keepBoth(tab, "unknown");
    });

    if (browser === "chromium") {
      test("pictures for the stores, 1280 by 800: src/extension/store/screenshots has those of the last release", async () => {
        for (const [name, path, scheme, least] of /** @type {const} */ ([
          ["model", "/models/900100?modelVersionId=900102", "dark", 9],
          ["cards", "/models", "light", 1],
          ["image", "/images/300123", "dark", 2],
          ["downloads", "/user/downloads", "light", 2],
        ])) {
          extension.site().set({ scheme });
          const tab = await look(path, least, [1280, 800]);
          if (name === "model") await openTip(tab);
          await keep(tab, `store-${name}`);
        }
      });
    }

    for (const scheme of /** @type {const} */ (["dark", "light"])) {
      test(`a tooltip, popup and options, ${scheme}`, async () => {
        extension.site().set({ scheme });
        const tab = await look("/models/900100?modelVersionId=900102", 9);
        await openTip(tab);
        await keep(tab, `tooltip-${scheme}`);
        const popup = await openPopup(extension.browser(), tab);
        await extension.browser().emulateScheme(popup, scheme);
        await popup.resize(400, 640);
        await sleep(500);
        await keep(popup, `popup-${scheme}`);
        await popup.close();
        const options = await openOptions(extension.browser());
        await extension.browser().emulateScheme(options, scheme);
        await options.resize(640, 900);
        await sleep(300);
        await keep(options, `options-${scheme}`);
        await options.resize(1400, 900);
      });
    }
  });
}

/** The title's. @param {import("./lib/browser.js").Tab} tab */
async function openTip(tab) {
  await hover(tab, "h1 + civitai-lock-badge");
  await until(tab, () =>
    document.querySelector("h1 + civitai-lock-badge")?.shadowRoot?.querySelector(".tip:popover-open"),
  );
  await sleep(300);
}
