// Who sees what: a creator, a buyer, a stranger and nobody, in each viewer mode; and no trouble ever shows as a lock.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { badgesOn, becomes, navigate, settled, statesOf, visit } from "./lib/badges.js";
import { browserNames, someOf, until } from "./lib/browser.js";
import { useExtension } from "./lib/harness.js";
import { openPopup } from "./lib/pages.js";
import { models, statesFor } from "./lib/truth.js";

/** @typedef {import("./lib/harness.js").Settings} Settings */

const portraits = models[900_200];
const watercolours = models[900_100];

for (const browser of browserNames) {
  describe(`no wrong lock in ${browser}`, { timeout: 300_000 }, () => {
    const extension = useExtension({ browser });
    /** @param {number} model @param {Settings} [settings] @param {string} [session] */
    const look = async (model, settings = {}, session = "none") => {
      await extension.set({ viewer: "public", ...settings });
      return extension.look(`/models/${model}`, 1, session);
    };
    /** @param {import("./lib/browser.js").Tab} tab @param {number} least */
    const versions = async (tab, least) => statesOf(await settled(tab, { least }), "version");
    const all = (/** @type {readonly number[]} */ ids, /** @type {string} */ state) =>
      Object.fromEntries(ids.map((id) => [id, state]));

    /** Each viewer mode, by the session of the page. @type {[string, Settings, string][]} */
    const strangers = [
      ["hidden session, account", { viewer: "account" }, "hidden"],
      ["the buyer, public", {}, "12345"],
      ["a stranger, account", { viewer: "account" }, "777"],
      ["a stranger by a fixed id", { viewer: "fixed", fixedId: 777 }, "none"],
      ["nobody, public", {}, "none"],
      ["nobody, account", { viewer: "account" }, "none"],
      ["a stranger, public", {}, "777"],
    ];
    // Strangers, in account mode and by a fixed id, are below too; nobody is in every other file.
    for (const [who, settings, session] of someOf(strangers, 2)) {
      test(`${who}: what anybody sees`, async () => {
        const tab = await look(900_200, settings, session);
        assert.deepEqual(await versions(tab, 4), statesFor(portraits, "known"));
        await navigate(tab, "/models/900100");
        await until(
          tab,
          () => document.querySelectorAll('button[data-size="compact-sm"] + civitai-lock-badge').length === 8,
        );
        const found = await versions(tab, 9);
        for (const [id, state] of Object.entries(found)) {
          assert.ok(
            Number(id) === 900_108 ? state === "open" : /locked|trial|free/.test(state),
            `${id}: ${state}`,
          );
        }
      });
    }

    test("free generation, ten tries, no tries, download only: each its own", async () => {
      const tab = await look(900_100);
      assert.deepEqual(await versions(tab, 9), statesFor(watercolours, "known"));
    });

    test("gated and not to be generated with: off, not locked", async () => {
      const tab = await look(900_700);
      assert.deepEqual(await versions(tab, 4), statesFor(models[900_700], "known"));
      const { text } = (await badgesOn(tab)).find(({ surface }) => surface === "title") ?? {};
      assert.match(`${text}`, /Can’t generate/);
    });

    test("an expired gate in the page's data is no gate", async () => {
      const tab = await look(827_184);
      assert.equal((await versions(tab, 4))[2_167_369], "open");
    });

    test("a gate in the page's data that Civitai no longer has", async (t) => {
      t.after(() => extension.api().gate({ version: 900_203, permanent: true }));
      await extension.api().gate({ version: 900_203 });
      const tab = await look(900_200);
      assert.equal((await versions(tab, 4))[900_203], "open");
    });

    test("a gate that the page's data does not know yet", async (t) => {
      t.after(() => extension.api().gate({ version: 900_303 }));
      await extension.api().gate({ version: 900_303, permanent: true, trialLimit: 0 });
      const tab = await look(900_300);
      assert.equal((await versions(tab, 4))[900_303], "locked");
    });

    test("the creator: yours, public and account, not with another's id", async () => {
      const gated = watercolours.filter((id) => id !== 900_108);
      for (const viewer of /** @type {const} */ (["public", "account"])) {
        const tab = await look(900_100, { viewer }, "20002");
        assert.deepEqual(await versions(tab, 9), { ...all(gated, "yours"), 900108: "open" }, viewer);
        await tab.close();
      }
      const owner = await look(900_100, { viewer: "fixed", fixedId: 20_002 });
      assert.deepEqual(await versions(owner, 9), { ...all(gated, "yours"), 900108: "open" });
      const other = await look(900_200, { viewer: "fixed", fixedId: 777 }, "20002");
      assert.deepEqual(await versions(other, 4), statesFor(portraits, "known"), "asked about 777");
    });

    test("the buyer: what was bought is unlocked, what was bought for download is not", async () => {
      const account = await look(900_200, { viewer: "account" }, "12345");
      assert.deepEqual(await versions(account, 4), statesFor(portraits, "buyer"));
      const fixed = await look(900_200, { viewer: "fixed", fixedId: 12_345 });
      assert.deepEqual(await versions(fixed, 4), statesFor(portraits, "buyer"));
      const named = (await badgesOn(fixed)).filter(({ version }) => version === 900_202);
      assert.ok(
        named.some(({ name }) => /that user/.test(name)),
        JSON.stringify(named),
      );
    });

    test("cards know the owner as well", async () => {
      await extension.set({ viewer: "public" });
      extension.site().set({ session: "20002" });
      const tab = await extension.newTab();
      await visit(tab, "/user/kestrel_studio/models");
      await until(tab, () => document.querySelectorAll("[data-index] civitai-lock-badge").length > 0);
      const cards = statesOf(await settled(tab), "card");
      assert.equal(cards[900_200] ?? cards[900_203], "yours");
      assert.ok(!Object.values(cards).includes("locked"), JSON.stringify(cards));
    });

    /** @type {[string, object][]} */
    const troubles = [
      ["500", { status: 500 }],
      ["words for verdicts", { set: { 900203: "false", 900202: null, 900201: 0 } }],
      ["a body cut short", { truncate: 20 }],
      ["429", { status: 429, headers: { "Retry-After": "60" } }],
      ["403 with a challenge", { status: 403, html: true }],
      ["an empty list", { body: [] }],
      ["an answer that leaves all out", { body: {} }],
    ];
    // What the module makes of each is in tests/module, tests/security and tests/drift.
    for (const [name, fault] of someOf(troubles, 3)) {
      test(`an outage is unknown, never a lock: ${name}`, async () => {
        await extension.api().faults({ match: "permissions/check", ...fault });
        const tab = await look(900_200);
        assert.deepEqual(await versions(tab, 4), all(portraits, "unknown"));
        const title = (await badgesOn(tab)).find(({ surface }) => surface === "title");
        assert.equal(title?.state, "unknown");
        assert.doesNotMatch(`${title?.name} ${title?.text}`, /locked|paid access|early access/i);
      });
    }

    test("an outage in the middle: what is known stays, what is not is unknown", async () => {
      const surfaces = { cards: false, blocks: false, text: false };
      const tab = await look(900_200, { surfaces });
      assert.deepEqual(await versions(tab, 4), statesFor(portraits, "known"));
      await extension.api().faults({ match: "/api/v1/", status: 502 });
      await navigate(tab, "/models/900300");
      await until(tab, () => document.querySelector("h1")?.textContent === "Buyer's First Style");
      await becomes(tab, { surface: "title", id: 900_303, state: "unknown" });
      for (const { surface, version, state } of await settled(tab)) {
        assert.equal(state, "unknown", `${surface} ${version}`);
      }
      await navigate(tab, "/models/900200");
      await until(tab, () => document.querySelector("h1")?.textContent === "Kestrel Portraits");
      const badges = (await settled(tab, { least: 4 })).filter(({ version }) => portraits.includes(version));
      assert.ok(
        badges.length > 0 && badges.every(({ state }) => /trial|locked/.test(state)),
        JSON.stringify(badges),
      );
    });

    test("a denial that is stale at the edge, after a purchase: check again", async (t) => {
      t.after(() => extension.api().settings({ edge: false }));
      await extension.api().settings({ edge: true });
      const tab = await look(900_200, { viewer: "account" }, "778");
      assert.deepEqual(await versions(tab, 4), statesFor(portraits, "known"));
      await extension.api().buy(778, 900_203);
      const popup = await openPopup(extension.browser(), tab);
      await popup.run(() => {
        const buttons = [...document.querySelectorAll("button")];
        buttons.find((button) => /check again/i.test(button.textContent))?.click();
      });
      await becomes(tab, { surface: "version", id: 900_203, state: "yours" });
      assert.equal((await versions(tab, 4))[900_202], "trial", "not bought by 778");
    });

    test("a session in data that is planted, of another model or broken names nobody and no terms", async () => {
      // Data of another model, and broken ones, are in unit/page-facts.test.js.
      for (const nextData of someOf(/** @type {const} */ (["planted", "other", "broken"]))) {
        extension.site().set({ nextData });
        const tab = await look(900_100);
        const found = await versions(tab, 9);
        assert.deepEqual(Object.keys(found).length, 8, nextData);
        for (const [id, state] of Object.entries(found)) {
          const right = [statesFor([Number(id)], "known"), statesFor([Number(id)], "listed")].map(
            (one) => one[Number(id)],
          );
          assert.ok(right.includes(state), `${nextData} ${id}: ${state}`);
        }
        await tab.close();
      }
    });
  });
}
