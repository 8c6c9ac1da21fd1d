// What the badges look like under a person's own settings: scheme, contrast, paper, language, saved data.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { wordsFor } from "../../src/badge/languages.js";
import "../../src/badge/words/all.js";
import { badgesOn, becomes, settled, visit } from "./lib/badges.js";
import { someOf, until } from "./lib/browser.js";
import { useExtension } from "./lib/harness.js";
import { openOptions, openPopup } from "./lib/pages.js";
import { counted, requests } from "./lib/requests.js";

/** @typedef {import("./lib/browser.js").Tab & { page: import("playwright-core").Page }} ChromiumTab */

describe("a person's own settings in chromium", { timeout: 120_000 }, () => {
  const extension = useExtension({ browser: "chromium", crowd: 30 });
  /** @param {string} path @param {number} least */
  const look = async (path, least) => /** @type {ChromiumTab} */ (await extension.look(path, least));

  test("dark and light follow the site's own switch, with enough contrast in both", async () => {
    const tab = await look("/models/900200", 4);
    const dark = await coloursOf(tab);
    await tab.click('[aria-label="Toggle theme"]');
    const light = await coloursOf(tab);
    assert.notDeepEqual(dark, light);
    for (const { ink, ground } of [...dark, ...light]) {
      assert.ok(contrast(ink, ground) >= 4.5, `${ink} on ${ground}`);
    }
  });

  test("forced colours: the system's, and each state still has a shape of its own", async () => {
    const tab = await look("/models/900100", 9);
    await tab.page.emulateMedia({ forcedColors: "active" });
    const system = await tab.run(() => {
      const probe = document.body.appendChild(document.createElement("i"));
      probe.style.cssText = "forced-color-adjust: none; color: CanvasText; background: Canvas";
      const { color, backgroundColor } = getComputedStyle(probe);
      probe.remove();
      return { ink: color, ground: backgroundColor };
    });
    for (const colours of await coloursOf(tab)) assert.deepEqual(colours, system);
    const marks = await tab.run(() =>
      [...document.querySelectorAll("civitai-lock-badge[data-drawn]")].map((element) => [
        /** @type {HTMLElement} */ (element).dataset.state,
        element.shadowRoot?.querySelector("svg")?.innerHTML ?? "",
      ]),
    );
    const shapes = new Map(/** @type {[string, string][]} */ (marks));
    assert.ok(shapes.size > 1);
    assert.equal(new Set(shapes.values()).size, shapes.size);
  });

  test("on paper there are none, and nothing that is dimmed", async () => {
    await extension.set({ dim: true });
    const tab = await look("/models", 2);
    await tab.page.emulateMedia({ media: "print" });
    assert.ok((await badgesOn(tab)).every(({ drawn }) => !drawn));
    const opacities = await tab.run(() =>
      [...document.querySelectorAll("civitai-lock-badge")].map(
        (badge) => getComputedStyle(/** @type {Element} */ (badge.parentElement)).opacity,
      ),
    );
    assert.deepEqual([...new Set(opacities)], ["1"]);
  });

  test("nothing of ours moves", async () => {
    const tab = await look("/models/900200", 4);
    const moving = await tab.run(() =>
      [...document.querySelectorAll("civitai-lock-badge")].flatMap((badge) =>
        (badge.shadowRoot?.getAnimations() ?? []).filter(
          (one) => Number(one.effect?.getComputedTiming().duration) > 0,
        ),
      ),
    );
    assert.deepEqual(moving, []);
  });

  test("who saves data gets no badges on cards, and nothing is asked for them", async () => {
    const tab = /** @type {ChromiumTab} */ (await extension.newTab());
    const session = await tab.page.context().newCDPSession(tab.page);
    await session.send("Emulation.setDataSaverOverride", { dataSaverEnabled: true });
    await visit(tab, "/models");
    await until(tab, () => document.querySelector("[data-index] a[href^='/models/']"));
    await sleep(1500);
    assert.equal(counted(await extension.api().log()), "none");
    assert.deepEqual(
      (await badgesOn(tab)).filter(({ surface }) => surface === "card"),
      [],
    );
  });
});

// The words of each language are in tests/badge/words.test.js.
for (const locale of someOf(["zh-CN", "de", "es", "ja", "ru"])) {
  describe(`in ${locale}`, { timeout: 60_000 }, () => {
    const extension = useExtension({ browser: "chromium", locale });
    test("badges, popup and options speak the person's language", async () => {
      const file = new URL(`../../_locales/${locale.replace("-", "_")}/messages.json`, import.meta.url);
      const messages = JSON.parse(await readFile(file, "utf8"));
      const tab = await extension.newTab();
      await visit(tab, "/models/900200");
      const badges = await settled(tab, { least: 4 });
      const early = badges.find(({ version, surface }) => version === 900_202 && surface === "version");
      assert.ok(early?.name.includes(wordsFor(locale)("isPaid")), early?.name);
      const langs = await tab.run(() =>
        [...document.querySelectorAll("civitai-lock-badge")].map(
          (badge) => /** @type {HTMLElement} */ (badge).lang,
        ),
      );
      assert.deepEqual([...new Set(langs)], [messages.lang.message]);
      for (const [page, words] of /** @type {const} */ ([
        [await openPopup(extension.browser(), tab), messages.checkAgain.message],
        [await openOptions(extension.browser()), messages.forget.message],
      ])) {
        await until(page, (wanted) => document.body.textContent?.includes(wanted), words);
        assert.equal(await page.run(() => document.documentElement.lang), messages.lang.message);
        const empty = await page.run(() =>
          [...document.querySelectorAll("[data-t]")].flatMap((element) =>
            element.textContent ? [] : [/** @type {HTMLElement} */ (element).dataset.t],
          ),
        );
        assert.deepEqual(empty, []);
      }
    });
  });
}

describe("in en-GB", { timeout: 60_000 }, () => {
  const popup = "src/extension/pages/popup.html";
  const extension = useExtension({
    browser: "chromium",
    unpacked: {
      change: ({ content_scripts: [script] }) => script.js.unshift("region.js"),
      // Chromium for tests has no British English.
      add: {
        "region.js": 'chrome.i18n.getUILanguage = () => "en-GB";',
        [popup]: readFileSync(new URL(`../../${popup}`, import.meta.url), "utf8").replace(
          "<head>",
          '<head><script src="/region.js"></script>',
        ),
      },
    },
  });
  test("English words, with the dates and times of Britain", async (t) => {
    t.after(() => extension.api().gate({ version: 900_203, permanent: true }));
    await extension.api().gate({ version: 900_203, endsInMs: 20 * 86_400_000 });
    extension.site().set({ nextData: "absent" });
    const tab = await extension.newTab();
    await visit(tab, "/models/900200");
    const { name } = await becomes(tab, { surface: "title", id: 900_203, state: "trial" });
    assert.match(name, /opens on \d{1,2} [A-Z][a-z]+ 20\d\d, in 20 days/);
    const page = await openPopup(extension.browser(), tab);
    await until(page, () => /Checked at \d\d:\d\d as anyone/.test(document.body.textContent ?? ""));
  });
});

describe("a tab in the background, in firefox", { timeout: 120_000 }, () => {
  const extension = useExtension({ browser: "firefox" });

  test("asks nothing while it is hidden; seen again, what was bought meanwhile is seen, once a minute", async () => {
    const off = { cards: false, images: false, rows: false, blocks: false, text: false };
    await extension.set({ viewer: "account", surfaces: off });
    extension.site().set({ session: "12345" });
    const tab = await extension.newTab();
    await visit(tab, "/models/900200");
    await becomes(tab, { surface: "version", id: 900_203, state: "trial" });
    const other = await extension.newTab();
    await other.open("about:blank");
    await extension.api().buy(12_345, 900_203);
    await extension.api().clearLog();
    await sleep(1500);
    assert.equal(counted(await extension.api().log()), "none");
    await tab.run(() => {});
    await becomes(tab, { surface: "version", id: 900_203, state: "yours" });
    const asked = requests(await extension.api().log());
    assert.equal(counted(asked.map(({ logged }) => logged)), "1 check, 1 check for 12345");
    assert.ok(asked.every(({ ids, query }) => `${ids}` === "900203" && query.has("t")));
    await extension.api().clearLog();
    await other.run(() => {});
    await sleep(300);
    await tab.run(() => {});
    await sleep(1500);
    assert.equal(counted(await extension.api().log()), "none");
  });
});

/**
 * What the words of the drawn badges are written in, and on what.
 * @param {import("./lib/browser.js").Tab} tab
 */
function coloursOf(tab) {
  return tab.run(() =>
    [...document.querySelectorAll("civitai-lock-badge[data-drawn]")].map((badge) => {
      const face = /** @type {Element} */ (badge.shadowRoot?.querySelector(".face"));
      const { color, backgroundColor } = getComputedStyle(face);
      return { ink: color, ground: backgroundColor };
    }),
  );
}

/** As WCAG 2 reckons it. @param {string} ink @param {string} ground */
function contrast(ink, ground) {
  const [light = 0, dark = 0] = [ink, ground]
    .map((colour) => {
      const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map((part) => {
        const share = Number(part) / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    })
    .sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}
