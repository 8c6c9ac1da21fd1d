// What the terms of gates cost in requests, and that a badge whose terms are not to be had is never a lock.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { badgesOn } from "./lib/badges.js";
import { browserNames, someOf, until } from "./lib/browser.js";
import { useEverySurface } from "./lib/every-surface.js";
import { openPopup } from "./lib/pages.js";
import { counted, impolite, requests } from "./lib/requests.js";
import { cardState, stateFor } from "./lib/truth.js";
import { everyKind } from "./site/sample.js";

/** The denied ones of the screenful. */
const denied = Array.from({ length: 12 }, (_, at) => 3_100_005 + 5 * at);

for (const browser of browserNames) {
  describe(`look-ups of terms in ${browser}`, { timeout: 400_000 }, () => {
    const { extension, open, states } = useEverySurface(browser);

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

    // In the default run each kind of failure is met once, here or in requests.test.js.
    for (const [name, fault] of someOf(
      /** @type {[string, object][]} */ ([
        ["429", { status: 429, headers: { "Retry-After": "1" } }],
        ["late", { latencyMs: 5000 }],
        ["404", { status: 404 }],
        ["503", { status: 503 }],
        ["HTML", { html: true }],
      ]),
      2,
    )) {
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
