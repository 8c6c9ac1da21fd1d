// Beside other add-ons, under a browser's translation, and after an update under the open page.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { becomes, navigate, settled } from "./lib/badges.js";
import { browserNames, until } from "./lib/browser.js";
import { useExtension } from "./lib/harness.js";
import { openPopup, sees } from "./lib/pages.js";
import { models, statesFor } from "./lib/truth.js";

for (const browser of browserNames) {
  describe(`neighbours in ${browser}`, { timeout: 200_000 }, () => {
    const extension = useExtension({ browser, crowd: 40 });

    /** How many badges there are by surface. @param {import("./lib/browser.js").Tab} tab */
    const counts = (tab) =>
      tab.run(() => {
        /** @type {Record<string, number>} */
        const found = {};
        for (const badge of document.querySelectorAll("civitai-lock-badge")) {
          const { surface = "" } = /** @type {HTMLElement} */ (badge).dataset;
          if (!(/** @type {HTMLElement} */ (badge).hidden)) found[surface] = (found[surface] ?? 0) + 1;
        }
        return found;
      });

    test("an add-on that makes every link open a new tab: as many badges as before", async () => {
      const tab = await extension.look("/models");
      const before = await counts(tab);
      assert.ok((before.cards ?? 0) > 0);
      await tab.run(() => {
        const blank = () => {
          for (const link of document.querySelectorAll("a"))
            if (link.target !== "_blank") link.target = "_blank";
        };
        blank();
        new MutationObserver(blank).observe(document.body, { childList: true, subtree: true });
        window.__site.rerender();
      });
      await navigate(tab, "/auctions");
      await settled(tab, { least: 8 });
      assert.equal((await counts(tab)).rows, 8);
      await navigate(tab, "/models");
      await until(tab, () => document.querySelector('[data-index] civitai-lock-badge[data-state="trial"]'));
      await settled(tab);
      assert.deepEqual(await counts(tab), before);
    });

    test("a translated page: the title's badge stays, the versions' by their index", async () => {
      const tab = await extension.look("/models/900200", 4);
      await tab.run(() => {
        const heading = document.querySelector("h1");
        if (heading) heading.innerHTML = "<font><font>Turmfalken-Porträts</font></font>";
        document.documentElement.classList.add("translated-ltr");
        const button = [...document.querySelectorAll("button")].find((one) =>
          one.textContent?.includes("Noon"),
        );
        const words = document
          .createTreeWalker(/** @type {Node} */ (button), NodeFilter.SHOW_TEXT)
          .nextNode();
        if (words) words.nodeValue = "Mittag";
      });
      await new Promise((resolve) => setTimeout(resolve, 1500));
      const badges = await settled(tab, { least: 4 });
      assert.deepEqual(
        badges.filter(({ surface }) => surface === "version").map(({ version }) => version),
        [900_203, 900_202, 900_201],
      );
      assert.deepEqual(
        badges.filter(({ surface }) => surface === "title").map(({ version }) => version),
        [900_203],
      );
    });

    test("a translated page whose title is no h1 any more: the heading of another part is not taken for it", async () => {
      const tab = await extension.look("/models/900200", 4);
      await tab.run(() => {
        document.documentElement.classList.add("translated-ltr");
        const title = document.createElement("h2");
        title.textContent = "Turmfalken-Porträts";
        document.querySelector("h1")?.replaceWith(title);
        document.querySelector("main")?.insertAdjacentHTML("beforeend", "<h1>Kommentare</h1>");
      });
      const popup = await openPopup(extension.browser(), tab);
      await sees(popup, /The model's title was not found on this page\./);
      assert.deepEqual((await counts(tab)).title ?? 0, 0);
    });

    test("nodes of another add-on in the title and in each version's button: all badges stay", async () => {
      const tab = await extension.look("/models/900200", 4);
      await tab.run(() => {
        const copy = document.createElement("button");
        copy.textContent = "Copy";
        document.querySelector("h1")?.append(copy);
        for (const button of document.querySelectorAll('button[data-size="compact-sm"]')) {
          if (!button.closest("header")) button.append(" ★");
        }
      });
      await new Promise((resolve) => setTimeout(resolve, 1500));
      const badges = await settled(tab, { least: 4 });
      const kinds = badges.map(({ surface }) => surface);
      assert.deepEqual(
        [kinds.filter((kind) => kind === "title").length, kinds.filter((kind) => kind === "version").length],
        [1, 3],
      );
    });

    test("a card that an add-on clones: no dead badge in the clone", async () => {
      const tab = await extension.look("/models");
      await tab.run(() => {
        const card = document.querySelector("[data-index] civitai-lock-badge")?.parentElement;
        const clone = /** @type {HTMLElement} */ (card?.cloneNode(true));
        clone.id = "clone";
        document.querySelector("main")?.append(clone);
        clone.scrollIntoView();
      });
      await until(tab, () => {
        const badges = [...document.querySelectorAll("#clone civitai-lock-badge")];
        return badges.every((badge) => badge.shadowRoot);
      });
    });

    test("an update under the open page, then another viewer: what is on the page is true, or says that it is old", async () => {
      const tab = await extension.look("/models/900200", 4);
      await extension.browser().update();
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await extension.set({ viewer: "fixed", fixedId: 12_345, ...revised(1) });
      if (browser === "firefox") {
        // The new script runs beside the old one's badges: it draws its own.
        await becomes(tab, { surface: "version", id: 900_202, state: "yours" });
        const badges = await settled(tab, { least: 4 });
        const right = statesFor(models[900_200], "buyer");
        assert.deepEqual(
          badges.filter(({ surface }) => surface === "version").map(({ version, state }) => [version, state]),
          models[900_200].map((version) => [version, right[version]]),
          "each once, and none of the old ones",
        );
        // An old one that is left stands after the new one, not after the button.
        const all = await tab.run(() =>
          ["title", "versions"].map(
            (surface) => document.querySelectorAll(`civitai-lock-badge[data-surface="${surface}"]`).length,
          ),
        );
        assert.deepEqual(all, [1, 3]);
        await navigate(tab, "/models/900300");
        await until(tab, () => document.querySelector("h1")?.textContent !== "Kestrel Portraits");
        const titles = (await settled(tab, { least: 2 })).filter(({ surface }) => surface === "title");
        assert.deepEqual(
          titles.map(({ model }) => model),
          [900_300],
        );
        return;
      }
      // One that no link of the page has named.
      await navigate(tab, "/models/902000");
      await until(tab, () => {
        const badge = document.querySelector("h1 + civitai-lock-badge");
        return /** @type {HTMLElement | null} */ (badge)?.dataset.state === "unknown";
      });
      await sees(await openPopup(extension.browser(), tab), /reload/i);
    });

    test("dimmed before an update, not dimmed after it: no card stays dim", async (t) => {
      if (browser !== "firefox") return;
      t.after(() => extension.api().gate({ version: 900_203, permanent: true }));
      await extension.api().gate({ version: 900_203, permanent: true, trialLimit: 0 });
      await extension.set({ dim: true });
      const tab = await extension.look("/models");
      const dimmed = () =>
        [...document.querySelectorAll("[data-index] civitai-lock-badge")].filter(
          (badge) => getComputedStyle(/** @type {Element} */ (badge.parentElement)).opacity < "1",
        ).length;
      assert.ok((await tab.run(dimmed)) > 0);
      await extension.browser().update();
      await extension.set({ dim: false, ...revised(1) });
      await until(tab, () =>
        [...document.querySelectorAll("[data-index] civitai-lock-badge")].every(
          (badge) => getComputedStyle(/** @type {Element} */ (badge.parentElement)).opacity === "1",
        ),
      );
    });
  });
}

/** As the popup stores a change of the viewer. @param {number} revision @returns {any} */
const revised = (revision) => ({ revision });
