// What the extension asks, counted: one request more than the table allows fails, and so does anything else than
// Civitai's public API, a cookie, a token, or a user's number where it does not belong.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { badgesOn, becomes, navigate, scrollTo, settled, visit } from "./lib/badges.js";
import { browserNames, hover, someOf, until } from "./lib/browser.js";
import { countDepartures, departures } from "./lib/departures.js";
import { useExtension } from "./lib/harness.js";
import { allAsked, counted, impolite, requests } from "./lib/requests.js";

/** @typedef {import("./lib/harness.js").Settings} Settings */

for (const browser of browserNames) {
  describe(`requests in ${browser}`, { timeout: 300_000 }, () => {
    const extension = useExtension({ browser, crowd: browser === "chromium" ? 1000 : 60 });
    const log = () => extension.api().log();
    /** Waits until nothing has been asked for a second, and returns what was. */
    const asked = async () => {
      const all = await allAsked(log);
      assert.deepEqual(impolite(all), []);
      return counted(all);
    };
    /** Only the surfaces of the model itself, so that the cards and links beside it do not count. */
    const modelOnly = {
      title: true,
      versions: true,
      cards: false,
      images: false,
      rows: false,
      blocks: false,
      text: false,
    };
    /** @param {string} path @param {Settings} [settings] @param {string} [session] */
    const look = async (path, settings = {}, session = "none") => {
      await extension.set({ viewer: "public", ...settings });
      return extension.look(path, 1, session);
    };

    test("a model page that tells its versions: one check", async () => {
      await look("/models/900100", { surfaces: modelOnly });
      assert.equal(await asked(), "1 check");
      const [check] = requests(await log());
      assert.deepEqual(check?.ids, [900_101, 900_102, 900_103, 900_104, 900_105, 900_106, 900_107, 900_108]);
    });

    test("a model page that does not: one models, one check, and what each gate leaves free", async () => {
      extension.site().set({ nextData: "absent" });
      await look("/models/900100", { surfaces: modelOnly });
      assert.equal(await asked(), "1 check, 7 mini, 1 models", "and one for each denied version in view");
      const models = requests(await log()).find(({ kind }) => kind === "models");
      assert.deepEqual(models?.ids, [900_100]);
      assert.equal(models?.query.get("nsfw"), "true");
      assert.equal(models?.query.get("primaryFileOnly"), "true");
    });

    for (const nextData of /** @type {const} */ (["superjson", "absent"])) {
      test(`all that is near on a model page leaves in the first round, what may not be touched yet too: ${nextData}`, async () => {
        extension.site().set({ nextData });
        // Cards come when the page has asked for them.
        const tab = await look("/models/900100", { surfaces: { cards: false } });
        await settled(tab, { least: 12 });
        assert.match(await asked(), /^1 check, [2-9] mini, 1 models$/);
        const [list] = requests(await log()).filter(({ kind }) => kind === "models");
        const own = nextData === "absent" ? [900_100] : [];
        assert.deepEqual(list?.ids, [827_184, ...own, 900_200, 900_300, 900_700]);
      });
    }

    test("in account mode: one more where something is gated, with the gated ids only", async () => {
      await look("/models/900100", { viewer: "account", surfaces: modelOnly }, "12345");
      assert.equal(await asked(), "1 check, 1 check for 12345");
      const personal = requests(await log()).find(({ user }) => user !== null);
      assert.deepEqual(personal?.ids, [900_101, 900_102, 900_103, 900_104, 900_105, 900_106, 900_107]);
      const again = await extension.newTab();
      await visit(again, "/models/900100");
      await settled(again, { least: 9 });
      assert.equal(
        await asked(),
        "1 check, 1 check for 12345",
        "nothing more for the same page in another tab",
      );
    });

    test("in account mode: none more where nothing is gated, or all is one's own", async () => {
      const open = await look("/models/901100", { viewer: "account", surfaces: modelOnly }, "12345");
      assert.equal(await asked(), "1 check");
      await open.close();
      await extension.api().clearLog();
      await look("/models/900300", { viewer: "account", surfaces: modelOnly }, "12345");
      assert.equal(await asked(), "1 check");
    });

    test("with a fixed id: the number goes only with gated ids", async () => {
      await look("/models/900200", { viewer: "fixed", fixedId: 12_345, surfaces: modelOnly });
      assert.equal(await asked(), "1 check, 1 check for 12345");
      for (const { user, ids } of requests(await log())) {
        if (user !== null) assert.ok(ids.every((id) => [900_201, 900_202, 900_203].includes(id)));
      }
    });

    test("public mode sends nobody's number, signed in or not", async () => {
      const tab = await look("/models/900300", {}, "12345");
      await navigate(tab, "/models");
      await until(tab, () => document.querySelector("[data-index] civitai-lock-badge"));
      await asked();
      const all = await log();
      assert.ok(all.length > 1);
      assert.ok(
        all.every(({ target }) => !/userId|12345/.test(target)),
        all.map(({ target }) => target).join("\n"),
      );
    });

    test("version switch, going back, theme, the same page in another tab: none", async () => {
      const tab = await look("/models/900100", { surfaces: modelOnly });
      assert.equal(await asked(), "1 check");
      for (const id of [900_103, 900_108]) {
        // The badge says which button it is; it may be put anew after the switch before.
        await until(
          tab,
          (wanted) => {
            const badge = document.querySelector(
              `button[data-size="compact-sm"] + civitai-lock-badge[data-version-id="${wanted}"]`,
            );
            /** @type {HTMLElement | undefined} */ (badge?.previousElementSibling)?.click();
            return badge;
          },
          id,
        );
        await until(tab, (wanted) => location.search.includes(`${wanted}`), id);
      }
      await tab.click('[aria-label="Toggle theme"]');
      await navigate(tab, "/user/nobody");
      await tab.back();
      await until(tab, () => document.querySelector("h1")?.textContent === "Kestrel Watercolours");
      await settled(tab, { least: 9 });
      const other = await extension.newTab();
      await visit(other, "/models/900100");
      await settled(other, { least: 9 });
      await tab.reload();
      await settled(tab, { least: 9 });
      assert.equal(await asked(), "1 check");
    });

    test("a screenful of cards: one models, one check", async () => {
      const tab = await look("/models");
      await until(tab, () => document.querySelector("[data-index] civitai-lock-badge"));
      assert.match(await asked(), /^1 check, [1-4] mini, 1 models$/);
      const [models] = requests(await log()).filter(({ kind }) => kind === "models");
      assert.equal(models?.query.get("nsfw"), "true");
      assert.equal(models?.query.get("primaryFileOnly"), "true");
      assert.ok((models?.ids.length ?? 0) > 3);
    });

    test("a screenful of cards in account mode: at most one more", async () => {
      const tab = await look("/models", { viewer: "account" }, "12345");
      await until(tab, () => document.querySelector("[data-index] civitai-lock-badge"));
      assert.match(await asked(), /^1 check, 1 check for 12345,( [1-4] mini,)?( 1 model,)? 1 models$/);
    });

    test("links to versions: one models, at most one check", async () => {
      const tab = await look("/auctions");
      await settled(tab, { least: 8 });
      assert.equal(await asked(), "1 check, 6 mini, 1 models");
      const [models] = requests(await log()).filter(({ kind }) => kind === "models");
      assert.ok((models?.ids.length ?? 0) > 2, "in one list");
    });

    test("what a gate leaves free: one mini for each denied version in view, and none within the hour", async () => {
      extension.site().set({ nextData: "absent" });
      const tab = await look("/models/900200", { surfaces: modelOnly });
      await becomes(tab, { surface: "title", id: 900_203, state: "trial" });
      assert.equal(await asked(), "1 check, 3 mini, 1 models");
      await extension.api().clearLog();
      await hover(tab, "h1 + civitai-lock-badge");
      await tab.reload();
      await settled(tab, { least: 4 });
      const other = await extension.newTab();
      await visit(other, "/models/900200");
      await settled(other, { least: 4 });
      assert.equal(await asked(), "none");
    });

    for (const [how, fault] of someOf(
      /** @type {[string, object][]} */ ([
        ["404", { status: 404 }],
        ["503", { status: 503 }],
        ["a page of HTML", { html: true }],
        ["429", { status: 429 }],
      ]),
      3,
    )) {
      test(`mini answers with ${how}: early or paid access, never locked`, async () => {
        extension.site().set({ nextData: "absent" });
        await extension.api().faults({ match: "/model-versions/mini/", ...fault });
        const tab = await look("/models/900200", { surfaces: modelOnly });
        await becomes(tab, { surface: "title", id: 900_203, state: "gated" });
        await sleep(1500);
        const states = (await badgesOn(tab)).map(({ state }) => state);
        assert.deepEqual([...new Set(states)], ["gated"]);
      });
    }

    test("look-ups of terms that are slow hold up no round", async () => {
      await extension.api().faults({ match: "/model-versions/mini/", hang: true });
      extension.site().set({ nextData: "absent" });
      await look("/models/900100", { surfaces: modelOnly });
      const slow = requests(await log()).filter(({ kind }) => kind === "mini");
      assert.deepEqual(
        slow.map(({ logged }) => logged.doneMs),
        [null, null, null, null],
      );
      const other = await extension.newTab();
      await visit(other, "/models/900200");
      await becomes(other, { surface: "title", id: 900_203, state: "gated" }, 8000);
    });

    test("where our API answers with 451: one round, and no more", async () => {
      await extension.api().faults({ match: "/api/v1/", status: 451 });
      const tab = await look("/models/900100", { surfaces: modelOnly });
      const badges = await settled(tab, { least: 1 });
      assert.deepEqual([...new Set(badges.map(({ state }) => state))], ["unknown"]);
      await navigate(tab, "/models/900200");
      await sleep(1500);
      assert.ok((await log()).length <= 2, counted(await log()));
      assert.ok((await badgesOn(tab)).every(({ state }) => state === "unknown"));
    });

    if (browser === "firefox") return;

    for (const [name, step, pause] of /** @type {[string, number, number][]} */ ([
      ["reading", 400, 300],
      ["skimming", 1200, 150],
      ["flying", 4000, 60],
      ["to the end at once", 1_000_000, 3000],
    ])) {
      test(`scrolling through 1,000 cards, ${name}: one round a second at most`, async () => {
        const tab = await look("/models", { showOpen: true });
        await countDepartures(extension.browser());
        const began = Date.now();
        for (let top = 0; top < 120_000 && Date.now() - began < 14_000; top += step) {
          await scrollTo(tab, top);
          await sleep(pause);
        }
        await sleep(1500);
        const all = requests(await log());
        assert.deepEqual(impolite(await log()), []);
        const left = await departures(extension.browser());
        const [lists, checks] = [left.models ?? [], left.check ?? []];
        assert.ok(lists.length > 0 && checks.length > 0);
        const between = lists.slice(1).map((at, nth) => at - (lists[nth] ?? 0));
        assert.ok(
          between.every((span) => span >= 950),
          `between two lists: ${between}`,
        );
        // A check follows the answer to its list, which may be late.
        assert.ok(
          checks.every((at, nth) => at >= (lists[nth] ?? Number.POSITIVE_INFINITY)),
          `one check a list at most: ${lists}; ${checks}`,
        );
        const models = all.filter(({ kind }) => kind === "models").flatMap(({ ids }) => ids);
        assert.equal(models.length, new Set(models).size, "no model is asked about twice");
        await until(tab, () =>
          [...document.querySelectorAll('[data-index] [class*="content"] > a[href^="/models/"]')].every(
            (link) => {
              // What is out of view waits for its terms, and so does what lies under the site's header.
              const view = document.querySelector(".scroll-area")?.getBoundingClientRect();
              const { top, bottom } = link.getBoundingClientRect();
              if (!view || bottom <= view.top || top >= view.bottom - 20) return true;
              const badge = link.parentElement?.parentElement?.querySelector(":scope > civitai-lock-badge");
              return badge && /** @type {HTMLElement} */ (badge).dataset.state !== "pending";
            },
          ),
        );
      });
    }
  });
}
