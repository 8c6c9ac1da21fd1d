// The popup, the options and the toolbar icon, by clicks as a person makes them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { becomes, settled, statesOf, visit } from "./lib/badges.js";
import { browserNames, inExtension, until } from "./lib/browser.js";
import { useExtension } from "./lib/harness.js";
import { openOptions, openPopup, sees, tabIdOf } from "./lib/pages.js";
import { counted, requests } from "./lib/requests.js";
import { models, statesFor } from "./lib/truth.js";

/** @typedef {import("./lib/browser.js").Tab} Tab */

for (const browser of browserNames) {
  describe(`popup and options in ${browser}`, { timeout: 300_000 }, () => {
    const extension = useExtension({ browser, crowd: 30 });

    test("the popup tells the page's versions with states and reasons, as whom and as of when", async () => {
      const popup = await openPopup(extension.browser(), await extension.look("/models/900200", 4));
      const versions = await popup.run(() =>
        [...document.querySelectorAll("#model li")].map((element) => {
          const item = /** @type {HTMLElement} */ (element);
          return [item.dataset.versionId, item.dataset.state, item.textContent];
        }),
      );
      assert.deepEqual(
        Object.fromEntries(versions.map(([id, state]) => [id, state])),
        statesFor(models[900_200], "known"),
      );
      for (const [, , words] of versions) assert.match(`${words}`, /early access|paid/i);
      await sees(popup, /Checked at \d.* as anyone/);
      await sees(popup, /Kestrel Portraits/);
    });

    test("links that are checked are counted, with a badge or without; a page of images says what can be used", async () => {
      const cards = await openPopup(extension.browser(), await extension.look("/models", 2));
      const [, checked, links] = /(\d+) of (\d+)/.exec(await words(cards, "#linksChecked")) ?? [];
      assert.ok(Number(links) >= 6);
      assert.equal(checked, links);
      assert.match(await words(cards, "#linksChecked"), /^Model links checked/);
      await cards.close();
      const image = await extension.look("/images/300123", 2);
      const states = (await settled(image))
        .filter(({ surface }) => surface === "image")
        .map(({ state }) => state);
      const usable = states.filter((state) => ["open", "free", "trial", "yours"].includes(state)).length;
      assert.ok(states.length > 1 && usable > 0, `${states}`);
      const popup = await openPopup(extension.browser(), image);
      await sees(popup, /Usable resources/);
      assert.match(await words(popup, "#usable"), new RegExp(`${usable} of ${states.length}`));
    });

    test("cards are switched off: the popup says so, and not that the site has changed", async () => {
      await extension.set({ surfaces: { cards: false } });
      const tab = await extension.newTab();
      await visit(tab, "/models");
      await until(tab, () => document.querySelector("[data-index] a[href^='/models/']"));
      const popup = await openPopup(extension.browser(), tab);
      await until(popup, () => {
        // The popup may have been opened before the page was looked at.
        document.getElementById("again")?.click();
        return /Switched off in the options: [1-9]/.test(document.body.textContent ?? "");
      });
      assert.equal(await popup.run(() => document.getElementById("none")?.hidden), true);
    });

    test("check again: what was bought meanwhile is seen", async () => {
      await extension.set({ viewer: "fixed", fixedId: 4242 });
      const tab = await extension.look("/models/900200", 4);
      await becomes(tab, { surface: "version", id: 900_203, state: "trial" });
      const popup = await openPopup(extension.browser(), tab);
      await extension.api().buy(4242, 900_203);
      await popup.click("#again");
      await becomes(tab, { surface: "version", id: 900_203, state: "yours" });
      await until(popup, () =>
        document.querySelector('#model li[data-version-id="900203"][data-state="yours"]'),
      );
    });

    test("check again, twelve times in a second: one question past all caches", async () => {
      const popup = await openPopup(extension.browser(), await extension.look("/models", 2));
      await extension.api().clearLog();
      await popup.run(async () => {
        for (let click = 0; click < 12; click++) {
          document.getElementById("again")?.click();
          await new Promise((resolve) => setTimeout(resolve, 60));
        }
      });
      await until(popup, () => document.querySelector('main[aria-busy="false"]'));
      await sleep(3000);
      const asked = requests(await extension.api().log());
      const lists = asked.filter(({ kind }) => kind === "check" || kind === "models");
      assert.equal(counted(lists.map(({ logged }) => logged)), "1 check, 1 models");
      assert.ok(lists.every(({ query }) => query.has("t")));
    });

    test("check again after each reload: past all caches once in ten seconds", async () => {
      const tab = await extension.look("/models", 2);
      const popup = await openPopup(extension.browser(), tab);
      await extension.api().clearLog();
      for (let load = 0; load < 4; load++) {
        if (load > 0) {
          await tab.reload();
          await settled(tab, { least: 2 });
        }
        await popup.click("#again");
        await until(popup, () => document.querySelector('main[aria-busy="false"]'));
      }
      const lists = requests(await extension.api().log()).filter(({ kind }) => kind === "models");
      const times = lists.filter(({ query }) => query.has("t")).map(({ logged }) => logged.atMs);
      assert.ok(times.length > 0);
      const between = times.slice(1).map((at, nth) => at - (times[nth] ?? 0));
      // A second less, since a request may arrive later than another did.
      assert.deepEqual(
        between.filter((span) => span < 9000),
        [],
      );
    });

    test("names that would turn or bury the words around them: cut, and isolated", async () => {
      const name = `\u202e${"A name that does not end ".repeat(20)}`;
      const versions = [{ id: 900_203, name, availability: "Public", paidAccess: null }];
      const body = {
        items: [{ id: 900_200, name, availability: "Public", modelVersions: versions }],
        metadata: {},
      };
      await extension.api().faults({ match: "/api/v1/models", body });
      extension.site().set({ nextData: "absent" });
      const tab = await extension.newTab();
      await visit(tab, "/models/900200");
      await sleep(1500);
      const popup = await openPopup(extension.browser(), tab);
      await until(popup, () => document.querySelector("#model li b"));
      for (const selector of ["#model h2", "#model li b"]) {
        const shown = await words(popup, selector);
        assert.match(shown, /^\u2068A name that does not end [^\u202a-\u202e]*…\u2069$/);
        assert.equal([...shown].length, 82, "eighty characters in two marks");
      }
    });

    test("a creator sees the own page as the public does, and back", async () => {
      const tab = await extension.look("/models/900300", 4, "12345");
      await becomes(tab, { surface: "version", id: 900_302, state: "yours" });
      const popup = await openPopup(extension.browser(), tab);
      await popup.click("#aspublic");
      await becomes(tab, { surface: "version", id: 900_302, state: "trial" });
      await popup.click('#aspublic[aria-pressed="true"]');
      await becomes(tab, { surface: "version", id: 900_302, state: "yours" });
      assert.ok(requests(await extension.api().log()).every(({ user }) => user === null));
    });

    /** The first card of the feed is locked: nothing is free. @param {import("node:test").TestContext} t */
    const nothingFree = async (t) => {
      t.after(() => extension.api().gate({ version: 900_203, permanent: true }));
      await extension.api().gate({ version: 900_203, permanent: true, trialLimit: 0 });
    };

    test("the toolbar icon and the popup count the locked links of the page", async (t) => {
      await nothingFree(t);
      const tab = await extension.look("/models", 2);
      const locked = (await settled(tab)).filter(
        ({ surface, state }) => surface === "card" && state === "locked",
      );
      assert.ok(locked.length > 0);
      const text = await inExtension(
        extension.browser(),
        (tabId) => chrome.action.getBadgeText({ tabId }),
        await tabIdOf(extension.browser(), tab),
      );
      assert.equal(text, `${locked.length}`);
      const popup = await openPopup(extension.browser(), tab);
      assert.equal(await words(popup, "#linksLocked"), `Locked${locked.length}`);
    });

    test("options: a surface off and on, by its switch, on the page that is open", async () => {
      const tab = await extension.look("/models/900200", 4);
      const options = await openOptions(extension.browser());
      await options.click('input[name="versions"]');
      await sees(options, /\bkept\b|saved/i);
      await until(tab, () => !document.querySelector("button + civitai-lock-badge"));
      assert.deepEqual(Object.keys(statesOf(await settled(tab), "title")).length, 1);
      await options.click('input[name="versions"]');
      await until(tab, () => document.querySelectorAll("button + civitai-lock-badge").length === 3);
    });

    test("options: no lock on cards too, and the locked ones dimmed but for the pointer and the focus", async (t) => {
      await nothingFree(t);
      const tab = await extension.look("/models", 2);
      const drawn = async () =>
        (await settled(tab)).filter((badge) => badge.surface === "card" && badge.drawn);
      assert.ok((await drawn()).every(({ state }) => state !== "open"));
      const options = await openOptions(extension.browser());
      await options.click('input[name="showOpen"]');
      await sees(options, /\bkept\b|saved/i);
      await becomes(tab, { surface: "card", id: 901_101, state: "open" });
      await until(tab, () =>
        [...document.querySelectorAll('civitai-lock-badge[data-surface="cards"][data-state="open"]')].some(
          (badge) => badge.hasAttribute("data-drawn"),
        ),
      );
      await options.click('input[name="dim"]');
      const dimmed = await until(tab, () => {
        const roots = [...document.querySelectorAll('civitai-lock-badge[data-surface="cards"]')].map(
          (badge) => [
            /** @type {HTMLElement} */ (badge).dataset.state,
            Number(getComputedStyle(/** @type {Element} */ (badge.parentElement)).opacity),
          ],
        );
        return roots.some(([, opacity]) => Number(opacity) < 1) ? roots : null;
      });
      for (const [state, opacity] of dimmed ?? []) {
        assert.equal(Number(opacity) < 1, state === "locked", `${state} at ${opacity}`);
        assert.ok(Number(opacity) > 0.2, "dimmed, never hidden");
      }
      await tab.run(() => {
        const badge = document.querySelector('civitai-lock-badge[data-surface="cards"][data-state="locked"]');
        badge?.parentElement?.querySelector("a")?.focus();
      });
      await until(tab, () => {
        const badge = document.querySelector('civitai-lock-badge[data-surface="cards"][data-state="locked"]');
        return getComputedStyle(/** @type {Element} */ (badge?.parentElement)).opacity === "1";
      });
    });

    test("options: a number that is none is refused in words, and nothing is kept", async () => {
      const options = await openOptions(extension.browser());
      await options.click('input[value="fixed"]');
      await options.click("#confirm");
      await sees(options, /Type a user number/i);
      assert.equal((await extension.stored())?.viewer ?? "public", "public");
      const field = await options.run(() => document.activeElement?.getAttribute("name"));
      assert.equal(field, "fixedId", "where the number is to be typed");
    });

    test("something missing: what is found on the page in words, and a report without anybody's data", async () => {
      await extension.set({ viewer: "fixed", fixedId: 4242 });
      await extension.look("/models/900200", 4, "12345");
      const options = await openOptions(extension.browser());
      await options.click("#diagnose");
      await sees(options, /All model links are checked: \d+\./);
      const report = await options.run(
        () => /** @type {HTMLTextAreaElement} */ (document.querySelector("#text")).value,
      );
      assert.match(report, /^Page: civitai\.com\/models\/…$/m);
      assert.match(report, /^Model: 3 versions \(/m);
      assert.match(report, /^Check as: fixed$/m);
      assert.doesNotMatch(report, /4242|12345|90020|Kestrel/);
    });

    test("something missing: a card that is not known as one any more is a link without a badge", async () => {
      const tab = await extension.look("/models/900200", 4);
      await tab.run(() => {
        document
          .querySelector("main")
          ?.insertAdjacentHTML(
            "beforeend",
            '<a href="/models/900100/kestrel-watercolours"><img alt="" width="300" height="300"></a>',
          );
      });
      const options = await openOptions(extension.browser());
      await until(options, () => {
        /** @type {HTMLElement | null} */ (document.querySelector("#diagnose"))?.click();
        return /Model links not checked: 1 of \d+\./.test(document.body.textContent ?? "");
      });
      const report = await options.run(
        () => /** @type {HTMLTextAreaElement} */ (document.querySelector("#text")).value,
      );
      assert.match(report, /^Links without a place: 1$/m);
      // Links that are switched off are no part of the count.
      await extension.set({ surfaces: { cards: false } });
      await until(options, () => {
        /** @type {HTMLElement | null} */ (document.querySelector("#diagnose"))?.click();
        return /Switched off in the options: \d/.test(document.body.textContent ?? "");
      });
      await sees(options, /Model links not checked: 1 of \d+\./);
      await extension.set({ surfaces: { cards: false, rows: false, blocks: false, text: false } });
      await until(options, () => {
        /** @type {HTMLElement | null} */ (document.querySelector("#diagnose"))?.click();
        return /None of the model links is checked/.test(document.body.textContent ?? "");
      });
    });

    test("a model page whose title and version buttons are not found says so, in the popup and in the diagnosis", async () => {
      const tab = await extension.look("/models/900200", 4);
      const all = await openPopup(extension.browser(), tab);
      await sees(all, /Model links checked/);
      for (const id of ["#titlelost", "#versionslost"])
        assert.equal(await all.run((wanted) => document.querySelector(wanted)?.checkVisibility(), id), false);
      await all.close();
      await tab.run(() => document.querySelector("button:has(+ civitai-lock-badge)")?.remove());
      await until(tab, () => document.querySelectorAll("button + civitai-lock-badge").length === 2);
      const some = await openPopup(extension.browser(), tab);
      await sees(some, /Version buttons not found on this page: 1 of 3\./);
      await some.close();
      await tab.run(() => document.querySelector("h1")?.remove());
      await until(tab, () => document.querySelectorAll("button + civitai-lock-badge").length === 0);
      const none = await openPopup(extension.browser(), tab);
      await sees(none, /The model's title was not found on this page\./);
      await sees(none, /Version buttons not found on this page: 3 of 3\./);
      await none.close();
      const options = await openOptions(extension.browser());
      await options.click("#diagnose");
      await sees(options, /The model's title was not found on this page\./);
      await sees(options, /Version buttons not found on this page: 3 of 3\./);
      const report = await options.run(
        () => /** @type {HTMLTextAreaElement} */ (document.querySelector("#text")).value,
      );
      assert.match(report, /^Title: not found$/m);
      assert.match(report, /^Version buttons: 0 of 3$/m);
    });

    test("forget everything: settings and memory are gone, and the next page asks again", async () => {
      await extension.set({ showOpen: true, dim: true });
      await (await extension.look("/models/900200", 4)).close();
      const options = await openOptions(extension.browser());
      await options.click("#forget");
      await sees(options, /were deleted/);
      const left = await inExtension(extension.browser(), async () => [
        Object.keys(await chrome.storage.local.get()),
        JSON.stringify(await chrome.storage.session.get()).match(/90020\d/)?.[0] ?? "nothing",
      ]);
      assert.deepEqual(left, [[], "nothing"]);
      assert.equal(
        await options.run(() => document.querySelector('input[name="dim"]')?.matches(":checked")),
        false,
      );
      await extension.api().clearLog();
      await extension.look("/models/900200", 4);
      assert.match(counted(await extension.api().log()), /check/);
    });
  });
}

for (const browser of browserNames) {
  describe(`options that lay in the back/forward cache, in ${browser}`, { timeout: 60_000 }, () => {
    const path = "src/extension/pages/options.html";
    const extension = useExtension({
      browser,
      // Drivers keep no page of an extension there: one that hears of no change stands in for it.
      unpacked: {
        add: {
          "deaf.js": "chrome.storage.onChanged.addListener = () => {};",
          [path]: readFileSync(new URL(`../../${path}`, import.meta.url), "utf8").replace(
            "<head>",
            '<head><script src="/deaf.js"></script>',
          ),
        },
      },
    });

    test("they show what was chosen meanwhile", async () => {
      const options = await openOptions(extension.browser());
      await until(options, () => document.querySelector('[value="public"]:checked'));
      await extension.set({ viewer: "fixed", fixedId: 777, dim: true });
      await sleep(500);
      assert.equal(await options.run(() => document.querySelector('[name="dim"]:checked')), null);
      // What it still shows is old, and is not written back.
      await options.click('[name="showOpen"]');
      await sees(options, /\bkept\b|saved/i);
      const { viewer, fixedId, dim, showOpen } = await extension.stored();
      assert.deepEqual([viewer, fixedId, dim, showOpen], ["fixed", 777, true, true]);
      await options.run(() => {
        dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
      });
      await until(
        options,
        () =>
          document.querySelector('[value="fixed"]:checked') && document.querySelector('[name="dim"]:checked'),
      );
    });
  });
}

/** @param {Tab} tab @param {string} selector */
function words(tab, selector) {
  return tab.run(
    (wanted) => /** @type {HTMLElement} */ (document.querySelector(wanted)).textContent,
    selector,
  );
}
