// Pictures of each surface and each state, dark and light, in both browsers, for a person to look at:
// tests/screenshots/extension. `LOCALE=ja` takes them in another language, in Chromium.

import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { badgesOn, settled, visit } from "./lib/badges.js";
import { browserNames, hover, until } from "./lib/browser.js";
import { useExtension } from "./lib/harness.js";
import { openOptions, openPopup } from "./lib/pages.js";

/** @typedef {Partial<import("./site/options.js").SiteOptions>} SiteOptions */

const locale = process.env.LOCALE;
const folder = new URL(`../screenshots/extension/${locale ? `${locale}/` : ""}`, import.meta.url);
const schemes = /** @type {const} */ (["dark", "light"]);
/** In pixels. @type {[number, number]} */
const size = [1280, 960];

for (const browser of browserNames) {
  describe(`looks in ${browser}`, { timeout: 400_000 }, () => {
    const extension = useExtension({ browser, crowd: 30, september: true, ...(locale && { locale }) });

    /** @param {import("./lib/browser.js").Tab} tab @param {string} name */
    const keep = async (tab, name) => {
      await mkdir(folder, { recursive: true });
      const picture = await tab.capture();
      assert.ok(picture.length > 5000);
      await writeFile(new URL(`${browser}-${name}.png`, folder), picture);
    };
    /**
     * Waits for at least so many badges. Cards without a lock have none.
     * @param {string} path @param {number} [least] @param {[number, number]} [wanted]
     */
    const look = async (path, least = 1, wanted = size) => {
      const tab = await extension.newTab();
      await tab.resize(...wanted);
      await visit(tab, path);
      await settled(tab, { least, quiet: 1200 });
      return tab;
    };
    /**
     * Dark, light by the site's own switch, and back: the site keeps what was chosen.
     * @param {import("./lib/browser.js").Tab} tab @param {string} name
     */
    const keepBoth = async (tab, name) => {
      for (const scheme of schemes) {
        await keep(tab, `${name}-${scheme}`);
        await tab.click('[aria-label="Toggle theme"]');
        await sleep(300);
      }
    };
    /** @param {string} state @param {import("./lib/browser.js").Tab} tab */
    const shows = async (state, tab) =>
      assert.ok((await badgesOn(tab)).some((badge) => badge.drawn && badge.state === state));

    for (const [name, path, least, options] of /** @type {[string, string, number, SiteOptions?][]} */ ([
      ["model", "/models/902200", 6],
      ["model-many-versions", "/models/900100", 9],
      ["cards", "/models", 1],
      ["cards-sale", "/search/models?query=Kestrel", 1, { sale: true, covers: "revealed" }],
      ["home", "/", 1],
      ["image", "/images/300123", 2, { every: true }],
      ["image-older", "/images/300123?__imageDetail=cards", 2, { every: true }],
      ["auctions", "/auctions", 8, { every: true }],
      ["downloads", "/user/downloads", 12, { every: true }],
      ["shop", "/user/kestrel_studio/shop", 1],
      ["post", "/posts/3", 1, { every: true }],
      ["post-editor", "/posts/3/edit", 1, { every: true }],
      ["challenge", "/challenges/7", 1, { every: true }],
      ["ecosystem", "/ecosystems/illustrious", 1, { every: true }],
      ["text", "/models/827184", 10],
    ])) {
      test(name, async () => {
        extension.site().set(options ?? {});
        await keepBoth(await look(path, least), name);
      });
    }

    test("cards with No lock, the locked ones dimmed", async () => {
      await extension.set({ showOpen: true, dim: true });
      await keepBoth(await look("/models", 6), "cards-all-dimmed");
    });

    test("open, free, trial, locked and off: version lists", async () => {
      for (const [state, model] of /** @type {[string, number][]} */ ([
        ["open", 900_600],
        ["trial", 902_700],
        ["locked", 902_500],
        ["free", 901_200],
        ["off", 900_700],
      ])) {
        const tab = await look(`/models/${model}`, 2);
        await shows(state, tab);
        await openTip(tab);
        await keepBoth(tab, `state-${state}`);
      }
    });

    test("yours: bought, of another user, and one's own", async () => {
      await extension.set({ viewer: "account" });
      extension.site().set({ session: "12345" });
      const bought = await look("/models/900200?modelVersionId=900202", 4);
      await shows("yours", bought);
      await openTip(bought);
      await keepBoth(bought, "state-yours-account");
      await extension.set({ viewer: "fixed", fixedId: 12_345 });
      extension.site().set({ session: "none" });
      const fixed = await look("/models/900200?modelVersionId=900202", 4);
      await shows("yours", fixed);
      await keepBoth(fixed, "state-yours-fixed");
      await extension.set({ viewer: "public" });
      extension.site().set({ session: "20002" });
      const own = await look("/models/901200", 3);
      await shows("yours", own);
      await keepBoth(own, "state-yours-own");
    });

    test("gated: nobody says what is free", async () => {
      await extension.api().faults({ match: "/mini/", status: 503 });
      extension.site().set({ nextData: "absent" });
      const tab = await look("/models/900100?modelVersionId=900102", 9);
      await shows("gated", tab);
      await openTip(tab);
      await keepBoth(tab, "state-gated");
      const cards = await look("/models", 1);
      await keepBoth(cards, "state-gated-cards");
    });

    test("pending: no answer yet", async () => {
      await extension.api().faults({ match: "/api/v1/", latencyMs: 12_000 });
      const tab = await extension.newTab();
      await tab.resize(...size);
      await visit(tab, "/models/900200");
      await until(
        tab,
        () => document.querySelectorAll('civitai-lock-badge[data-state="pending"]').length > 2,
      );
      await sleep(800);
      await keepBoth(tab, "state-pending");
    });

    test("unknown: the list and the check fail", async () => {
      await extension.api().faults({ match: "/api/v1/", status: 404 });
      const tab = await look("/models/900200", 4);
      assert.ok((await badgesOn(tab)).every(({ state }) => state === "unknown"));
      await openTip(tab);
      await keepBoth(tab, "state-unknown");
    });

    test("narrow: a phone's width", async () => {
      await keepBoth(await look("/models/902200", 6, [400, 900]), "model-narrow");
      await keepBoth(await look("/models", 0, [400, 900]), "cards-narrow");
    });

    if (browser === "chromium") {
      test("pictures for the stores, 1280 by 800: src/extension/store/screenshots has those of the last release", async () => {
        for (const [name, path, scheme, least] of /** @type {const} */ ([
          ["model", "/models/900100?modelVersionId=900102", "dark", 9],
          ["cards", "/models", "light", 1],
          ["image", "/images/300123", "dark", 2],
          ["downloads", "/user/downloads", "light", 2],
        ])) {
          extension.site().set({ scheme, covers: "revealed" });
          const tab = await look(path, least, [1280, 800]);
          if (name === "model") await openTip(tab);
          await keep(tab, `store-${name}`);
        }
      });
    }

    for (const scheme of schemes) {
      test(`popup and options, ${scheme}`, async () => {
        extension.site().set({ scheme });
        const tab = await look("/models/900100?modelVersionId=900102", 9);
        await openTip(tab);
        await keep(tab, `tooltip-${scheme}`);
        for (const [name, path, least] of /** @type {[string, string, number][]} */ ([
          ["model", "/models/900100?modelVersionId=900102", 9],
          ["cards", "/models", 1],
          ["image", "/images/300123", 2],
        ])) {
          const page = await look(path, least);
          const popup = await openPopup(extension.browser(), page);
          await extension.browser().emulateScheme(popup, scheme);
          await popup.resize(400, 900);
          await until(popup, () => document.querySelector('main[aria-busy="false"]'));
          await sleep(300);
          await keep(popup, `popup-${name}-${scheme}`);
          await popup.close();
          await page.close();
        }
        const options = await openOptions(extension.browser());
        await extension.browser().emulateScheme(options, scheme);
        await options.resize(640, 1400);
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
