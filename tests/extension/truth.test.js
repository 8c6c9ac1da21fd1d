// One version says the same on every surface: the right word for each kind of terms, each version once.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { browserNames, someOf, until } from "./lib/browser.js";
import { useEverySurface } from "./lib/every-surface.js";
import { cardState, models, stateFor } from "./lib/truth.js";
import { everyKind } from "./site/sample.js";

for (const browser of browserNames) {
  describe(`the truth in ${browser}`, { timeout: 600_000 }, () => {
    const { extension, open, states } = useEverySurface(browser);

    // The last three, with fewer kinds on each, are in surfaces.test.js too.
    for (const [path, action] of someOf(
      /** @type {[string, string?][]} */ ([
        ["/images/300123", "more"],
        ["/images/300123?__imageDetail=cards"],
        ["/challenges/7"],
        ["/ecosystems/illustrious"],
        ["/posts/3/edit"],
        ["/comics/3", "panel"],
        ["/models/902200"],
        ["/auctions"],
        ["/posts/3"],
        ["/user/downloads"],
      ]),
      7,
    )) {
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
        // The last is in surfaces.test.js too.
        for (const model of someOf(/** @type {const} */ ([902_200, 902_300, 900_100]), 2)) {
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
  });
}
