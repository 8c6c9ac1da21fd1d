// One version says the same on every surface: the right word for each kind of terms, each version once.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { badgesOn, settled, visit } from "./lib/badges.js";
import { browserNames, until } from "./lib/browser.js";
import { useExtension } from "./lib/harness.js";
import { openPopup } from "./lib/pages.js";
import { counted, impolite, requests } from "./lib/requests.js";
import { cardState, models, stateFor } from "./lib/truth.js";
import { everyKind } from "./site/sample.js";

/** The denied ones of the screenful. */
const denied = Array.from({ length: 12 }, (_, at) => 3_100_005 + 5 * at);

for (const browser of browserNames) {
  describe(`the truth in ${browser}`, { timeout: 600_000 }, () => {
    const extension = useExtension({ browser, september: true });
    const all = {
      title: true,
      versions: true,
      cards: true,
      images: true,
      rows: true,
      blocks: true,
      text: true,
    };

    /** @param {string} path @param {Partial<import("./site/options.js").SiteOptions>} [options] */
    const open = async (path, options = {}) => {
      await extension.set({ viewer: "public", showOpen: true, surfaces: all });
      extension.site().set({ every: true, ...options });
      const tab = await extension.newTab();
      // So high that all of a list is in view, and asked about.
      await tab.resize(1400, 9000);
      await visit(tab, path);
      return tab;
    };
    /** @param {import("./lib/browser.js").Tab} tab @param {number} least */
    const states = async (tab, least) => {
      const badges = (await settled(tab, { least, quiet: 2200, ms: 60_000 })).filter(({ drawn }) => drawn);
      const named = badges.filter(({ version, surface }) => version > 0 && surface !== "title");
      return { badges, named };
    };

    for (const [path, action] of /** @type {[string, string?][]} */ ([
      ["/images/300123", "more"],
      ["/images/300123?__imageDetail=cards"],
      ["/auctions"],
      ["/posts/3"],
      ["/user/downloads"],
      ["/challenges/7"],
      ["/ecosystems/illustrious"],
      ["/posts/3/edit"],
      ["/comics/3", "panel"],
      ["/models/902200"],
    ])) {
      test(`every kind of terms: ${path}`, async () => {
        const tab = await open(path);
        if (action === "panel") {
          await until(tab, () => document.querySelector(".comics button"));
          await tab.click(".comics button");
        }
        if (action) {
          await until(tab, () => {
            const more = [...document.querySelectorAll("p")].find((one) =>
              one.textContent.startsWith("Show "),
            );
            more?.click();
            return Boolean(more);
          });
        }
        const { named } = await states(tab, everyKind.length);
        const rows = named.filter(({ surface }) => path !== "/models/902200" || surface === "text");
        const wrong = rows.filter(({ version, state }) => state !== stateFor(version, "final"));
        assert.deepEqual(
          wrong.map(({ version, state }) => `${version} is ${state}`),
          [],
        );
        // The panel "Required Components" names a model, and so its first version.
        const beside = path === "/models/902200" ? [2_514_310] : [];
        const seen = rows.map(({ version }) => version).sort((a, b) => a - b);
        assert.deepEqual(
          seen,
          [...everyKind, ...beside].sort((a, b) => a - b),
          "each version once",
        );
      });
    }

    for (const nextData of /** @type {const} */ (["superjson", "absent"])) {
      test(`every kind of terms: version lists, page data ${nextData}`, async () => {
        for (const model of /** @type {const} */ ([900_100, 902_200, 902_300])) {
          const tab = await open(`/models/${model}`, { nextData });
          const { badges } = await states(tab, models[model].length + 1);
          const list = badges.filter(({ surface }) => surface === "version");
          assert.deepEqual(
            list.map(({ version, state }) => [version, state]),
            models[model].map((version) => [version, stateFor(version, "final")]),
          );
          await tab.close();
        }
      });
    }

    test("cards: pictures, canvases, nothing and words; a sale changes nothing", async () => {
      for (const sale of [false, true]) {
        const tab = await open("/search/models?query=Kestrel", { sale });
        const { badges } = await states(tab, 10);
        const cards = badges.filter(({ surface }) => surface === "card");
        const shown = cards.map(({ model, state }) => `${model} ${state}`).sort();
        const right = [
          900_100, 900_200, 900_600, 900_700, 901_100, 901_200, 902_200, 902_300, 902_400, 902_500, 902_700,
        ];
        assert.deepEqual(shown, right.map((model) => `${model} ${cardState(model, "final")}`).sort());
        await tab.close();
      }
    });

    test("a mature cover that is revealed: the same badge, and no request", async () => {
      const tab = await open("/search/models?query=Kestrel");
      const before = (await states(tab, 10)).badges.filter(({ surface }) => surface === "card");
      await extension.api().clearLog();
      const hidden = await tab.run(() => {
        const cards = [...document.querySelectorAll(".matureOverlay")].map((one) =>
          one.parentElement?.parentElement?.querySelector(":scope > civitai-lock-badge"),
        );
        for (const badge of cards) /** @type {any} */ (badge).marked = true;
        const covers = document.querySelectorAll(".matureOverlay ~ *, :has(> .matureOverlay) canvas").length;
        for (const overlay of document.querySelectorAll(".matureOverlay"))
          overlay.querySelector("button")?.click();
        return { cards: cards.length, covers };
      });
      assert.ok(hidden.cards > 2 && hidden.covers > 0, JSON.stringify(hidden));
      await until(tab, () => document.querySelectorAll(".matureOverlay, canvas").length === 0);
      const after = (await states(tab, 10)).badges.filter(({ surface }) => surface === "card");
      assert.deepEqual(after, before);
      const kept = await tab.run(
        () =>
          [...document.querySelectorAll("civitai-lock-badge")].filter(
            (badge) => /** @type {any} */ (badge).marked,
          ).length,
      );
      assert.equal(kept, hidden.cards);
      assert.deepEqual(await extension.api().log(), []);
    });

    test("sixty cards, twelve denied: one list, one check, twelve look-ups of terms; within the hour none", async () => {
      const tab = await open("/collections/60");
      await until(
        tab,
        () => document.querySelectorAll("[data-index] civitai-lock-badge").length >= 60,
        undefined,
        30_000,
      );
      const { badges } = await states(tab, 60);
      for (const { model, state } of badges) assert.equal(state, cardState(model, "final"), `${model}`);
      const log = await extension.api().log();
      assert.deepEqual(impolite(log), []);
      assert.equal(counted(log), "1 check, 12 mini, 1 models");
      const asked = requests(log)
        .filter(({ kind }) => kind === "mini")
        .flatMap(({ ids }) => ids);
      assert.deepEqual(
        asked.sort((a, b) => a - b),
        denied,
      );
      await extension.api().clearLog();
      await tab.close();
      const again = await open("/collections/60");
      await until(
        again,
        () => document.querySelectorAll("[data-index] civitai-lock-badge").length >= 60,
        undefined,
        30_000,
      );
      await states(again, 60);
      assert.equal(requests(await extension.api().log()).filter(({ kind }) => kind === "mini").length, 0);
    });

    test("two tabs at once: twelve look-ups, not twenty-four", async () => {
      await Promise.all([open("/collections/60"), open("/collections/60")]).then((tabs) =>
        Promise.all(tabs.map((tab) => states(tab, 60))),
      );
      const minis = requests(await extension.api().log()).filter(({ kind }) => kind === "mini");
      assert.equal(minis.length, 12);
    });

    for (const [name, fault] of /** @type {[string, object][]} */ ([
      ["404", { status: 404 }],
      ["429", { status: 429, headers: { "Retry-After": "1" } }],
      ["503", { status: 503 }],
      ["HTML", { html: true }],
      ["late", { latencyMs: 5000 }],
    ])) {
      test(`look-ups of terms that fail (${name}): gated, never locked`, async () => {
        await extension.api().faults({ match: "/mini/", ...fault });
        const tab = await open("/auctions");
        const seen = new Set();
        // Four seconds from the first gated badge on; on a busy machine that one takes a while.
        let end = Date.now() + 30_000;
        for (let isGated = false; Date.now() < end; await sleep(150)) {
          for (const { version, state, drawn } of await badgesOn(tab).catch(() => []))
            if (drawn && stateFor(version, "final") !== "open") seen.add(state);
          if (!isGated && seen.has("gated")) end = Date.now() + 4000;
          isGated = seen.has("gated");
        }
        assert.ok(!seen.has("locked") && seen.has("gated"), [...seen].join());
        await extension.api().clearFaults();
        if (name !== "late") {
          const popup = await openPopup(extension.browser(), tab);
          await popup.run(() => {
            const buttons = [...document.querySelectorAll("button")];
            buttons.find((button) => /check again/i.test(button.textContent))?.click();
          });
        }
        await until(
          tab,
          () => document.querySelectorAll('civitai-lock-badge[data-state="locked"]').length >= 6,
          undefined,
          40_000,
        );
        const { named } = await states(tab, everyKind.length);
        for (const { version, state } of named) assert.equal(state, stateFor(version, "final"), `${version}`);
      });
    }
  });
}
