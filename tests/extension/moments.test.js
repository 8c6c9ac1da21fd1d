// What changes while a page is open: a gate that ends, an address that is ahead of its page, a page that comes back.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { badgesOn, becomes, navigate, settled, visit } from "./lib/badges.js";
import { browserNames, full, inExtension, until } from "./lib/browser.js";
import { useExtension } from "./lib/harness.js";
import { allAsked, requests } from "./lib/requests.js";

/** For the content script: a clock that a test sets ahead, and on which a minute is over at once. */
const CLOCK = `
  const [now, later] = [Date.now, setTimeout];
  Date.now = () => now() + Number(document.documentElement.dataset.ahead ?? 0);
  globalThis.setTimeout = (act, ms, ...more) => later(act, ms === 60_000 ? 500 : ms, ...more);`;

const modelOnly = { cards: false, images: false, rows: false, blocks: false, text: false };

for (const browser of browserNames) {
  describe(`moments in ${browser}`, { timeout: 200_000 }, () => {
    const extension = useExtension({
      browser,
      unpacked: {
        change: ({ content_scripts: [script] }) => script.js.unshift("clock.js"),
        add: { "clock.js": CLOCK },
      },
    });

    test("a gate that ends, by a server whose clock is behind: open without a reload, after three checks at most", async (t) => {
      t.after(async () => {
        await extension.api().gate({ version: 900_203, permanent: true });
        await extension.api().advance(4000);
      });
      await extension.api().gate({ version: 900_203, endsInMs: 9000 });
      await extension.api().advance(-4000);
      await extension.set({ surfaces: modelOnly });
      const tab = await extension.newTab();
      await visit(tab, "/models/900600");
      await settled(tab);
      await navigate(tab, "/models/900200");
      await until(tab, () => document.querySelector("h1")?.textContent === "Kestrel Portraits");
      await settled(tab, { least: 4 });
      await extension.api().clearLog();
      await becomes(tab, { surface: "title", id: 900_203, state: "open" }, 60_000);
      const checks = requests(await extension.api().log()).filter(({ kind }) => kind === "check");
      assert.ok(checks.length <= 3, `${checks.length} checks`);
    });

    test("another title over the same version buttons: nothing is said of them, before anything is painted", async () => {
      await extension.set({ surfaces: modelOnly });
      const tab = await extension.newTab();
      await visit(tab, "/models/900200");
      await settled(tab, { least: 4 });
      const hidden = await tab.run(async () => {
        const words = document.querySelector("h1")?.firstChild;
        if (words) words.nodeValue = "Another model";
        // Mutation observers run before the code that follows an `await`.
        await null;
        await null;
        const marks = document.querySelectorAll('civitai-lock-badge[data-surface="versions"]');
        return [...marks].map((mark) => /** @type {HTMLElement} */ (mark).hidden);
      });
      assert.deepEqual(hidden, [true, true, true]);
    });

    // Half a minute of waiting; unit/attach.test.js has the rule.
    if (full) {
      test("cards that could not be asked about are asked about again in their time, on a page where nothing else happens", async () => {
        await extension.api().faults({ match: "/api/v1/", status: 503 });
        const tab = await extension.newTab();
        await visit(tab, "/models");
        const asked = await allAsked(() => extension.api().log(), 5000);
        assert.ok(asked.length > 0);
        assert.deepEqual(await badgesOn(tab), []);
        await extension.api().clearFaults();
        await settled(tab, { least: 1, ms: 60_000 });
      });
    }

    test("words that tell a time follow it, on a page where nothing else happens", async (t) => {
      t.after(() => extension.api().gate({ version: 900_203, permanent: true }));
      await extension.api().gate({ version: 900_203, endsInMs: 2.5 * 3_600_000 });
      extension.site().set({ nextData: "absent" });
      await extension.set({ surfaces: modelOnly });
      const tab = await extension.newTab();
      await visit(tab, "/models/900200");
      const { name } = await becomes(tab, { surface: "title", id: 900_203, state: "trial" });
      assert.match(name, /in 3 hours/);
      // What is still on its way is drawn, and would draw the words too.
      await sleep(3000);
      await tab.run(() => {
        document.documentElement.dataset.ahead = `${2 * 3_600_000}`;
      });
      await until(tab, () =>
        /in 30 minutes/.test(
          document.querySelector("h1 + civitai-lock-badge")?.getAttribute("aria-label") ?? "",
        ),
      );
    });

    test("an address that is ahead, and a title of the same name: no badge until the page itself names the model", async () => {
      await extension.set({ surfaces: modelOnly });
      const tab = await extension.newTab();
      await visit(tab, "/models/900200");
      await settled(tab, { least: 4 });
      const titles = async () => (await badgesOn(tab)).filter(({ surface }) => surface === "title");
      await tab.run(() => {
        const heading = document.querySelector("h1");
        if (heading?.firstChild) heading.firstChild.nodeValue = "Kestrel Watercolours";
      });
      await sleep(1000);
      await tab.run(() => history.replaceState(history.state, "", "/models/900100"));
      await sleep(3000);
      assert.deepEqual(
        (await titles()).filter(({ model }) => model === 900_100),
        [],
      );
      await tab.run(() => {
        for (const rel of ["canonical", "alternate"]) {
          document
            .querySelector(`link[rel="${rel}"]`)
            ?.setAttribute("href", "https://civitai.com/models/900100");
        }
      });
      await until(tab, () => document.querySelector('h1 + civitai-lock-badge[data-model-id="900100"]'));
    });

    test("from the back/forward cache: it is asked as whom the settings of now say", async () => {
      if (browser !== "firefox") return;
      extension.site().set({ session: "12345" });
      await extension.set({ viewer: "account", surfaces: modelOnly });
      const tab = await extension.newTab();
      await visit(tab, "/models/900200");
      await becomes(tab, { surface: "version", id: 900_201, state: "yours" });
      await tab.run(() => {
        addEventListener("pageshow", ({ persisted }) => {
          document.documentElement.dataset.persisted = `${persisted}`;
        });
      });
      await tab.open("https://civitai.com/user/nobody");
      await extension.set({ viewer: "public", surfaces: modelOnly });
      await extension.api().clearLog();
      await tab.back();
      await becomes(tab, { surface: "version", id: 900_201, state: "trial" }, 4000);
      assert.equal(await tab.run(() => document.documentElement.dataset.persisted), "true");
      const numbers = requests(await extension.api().log()).filter(({ user }) => user !== null);
      assert.deepEqual(numbers, []);
    });

    test("from the back/forward cache, with nothing changed: the toolbar's number is there again", async (t) => {
      if (browser !== "firefox") return;
      t.after(() => extension.api().gate({ version: 900_203, permanent: true }));
      await extension.api().gate({ version: 900_203, permanent: true, trialLimit: 0 });
      const tab = await extension.newTab();
      const shows = async (/** @type {string} */ number) => {
        const url = await tab.run(() => location.href);
        for (const end = Date.now() + 10_000; ; await sleep(100)) {
          const seen = await inExtension(
            extension.browser(),
            async (wanted) => {
              const one = (await chrome.tabs.query({})).findLast(({ url }) => url === wanted);
              return chrome.action.getBadgeText({ tabId: one?.id ?? -1 });
            },
            url,
          );
          if (seen === number) return;
          assert.ok(Date.now() < end, `"${seen}" after 10 s, not "${number}"`);
        }
      };
      await visit(tab, "/models");
      await until(tab, () => document.querySelector('civitai-lock-badge[data-state="locked"]'));
      await shows("1");
      await tab.open("https://civitai.com/user/nobody");
      await shows("");
      await tab.back();
      await until(tab, () => document.querySelector('civitai-lock-badge[data-state="locked"]'));
      await shows("1");
    });

    test("from the back/forward cache: settings and the toolbar's number are those of now", async (t) => {
      if (browser !== "firefox") return;
      t.after(() => extension.api().gate({ version: 900_203, permanent: true }));
      await extension.api().gate({ version: 900_203, permanent: true, trialLimit: 0 });
      const tab = await extension.newTab();
      await visit(tab, "/models");
      await until(tab, () => document.querySelector('civitai-lock-badge[data-state="locked"]'));
      await tab.open("https://civitai.com/user/nobody");
      await extension.set({ dim: true });
      await tab.back();
      await until(tab, () => {
        const badge = document.querySelector('civitai-lock-badge[data-state="locked"]');
        return badge && getComputedStyle(/** @type {Element} */ (badge.parentElement)).opacity === "0.4";
      });
      const url = await tab.run(() => location.href);
      const number = await inExtension(
        extension.browser(),
        async (wanted) => {
          const one = (await chrome.tabs.query({})).findLast(({ url }) => url === wanted);
          return chrome.action.getBadgeText({ tabId: one?.id ?? -1 });
        },
        url,
      );
      assert.equal(number, "1");
    });
  });
}
