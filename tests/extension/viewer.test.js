// A user's number leaves only by a deliberate act, to Civitai, with the numbers of gated versions; and after a switch
// nothing of the viewer before stays.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startServer } from "../helpers/repository.js";
import { becomes, visit } from "./lib/badges.js";
import { browserNames, until } from "./lib/browser.js";
import { useExtension } from "./lib/harness.js";
import { openOptions, openPopup, sees } from "./lib/pages.js";
import { requests } from "./lib/requests.js";
import { stateFor } from "./lib/truth.js";

/** @typedef {import("./lib/browser.js").Tab} Tab */

for (const browser of browserNames) {
  describe(`who is asked about, in ${browser}`, { timeout: 300_000 }, () => {
    const extension = useExtension({
      browser,
      // Firefox's question for consent is answered with yes, which a test cannot do by itself.
      preferences: { "extensions.webextOptionalPermissionPrompts": false },
    });
    /** @param {string} path @param {string} [session] */
    const look = (path, session = "12345") => extension.look(path, 4, session);

    test("popup: the arrow keys pass by every choice, and nothing is kept or sent", async () => {
      await extension.set({ viewer: "public", fixedId: 777 });
      await extension.browser().consent(false);
      const popup = await openPopup(extension.browser(), await look("/models/900200"));
      await popup.run(() => /** @type {HTMLElement} */ (document.querySelector('[value="public"]')).focus());
      for (const choice of ["account", "fixed", "public", "account"]) {
        await popup.press("ArrowDown");
        await until(popup, (value) => document.querySelector(`[value="${value}"]:checked`), choice);
        await sleep(300);
        assert.equal((await extension.stored()).viewer, "public");
      }
      await sees(popup, /goes to Civitai together with the numbers of gated versions/i);
      await popup.press("Escape");
      await until(popup, () => document.querySelector('[value="public"]:checked'));
      assert.deepEqual(await extension.numbers(), []);
    });

    test("options: the arrow keys neither, and a number that was typed stays here until its button", async () => {
      const tab = await look("/models/900200");
      const options = await openOptions(extension.browser());
      await options.run(() =>
        /** @type {HTMLElement} */ (document.querySelector('[value="public"]')).focus(),
      );
      await options.press("ArrowDown");
      await options.press("ArrowDown");
      await until(options, () => document.querySelector('[name="fixedId"]')?.checkVisibility());
      await options.click('[name="fixedId"]');
      for (const digit of "12345") await options.press(digit);
      await sees(options, /The number 12345 goes to Civitai/);
      await sleep(500);
      assert.equal((await extension.stored())?.viewer ?? "public", "public");
      assert.deepEqual(await extension.numbers(), []);
      await options.click("#confirm");
      await becomes(tab, { surface: "version", id: 900_201, state: "yours" });
      const { viewer, fixedId } = await extension.stored();
      assert.deepEqual([viewer, fixedId], ["fixed", 12_345]);
      for (const { user, ids } of requests(await extension.api().log())) {
        if (user === null) continue;
        assert.equal(user, "12345");
        assert.deepEqual(
          ids.filter((id) => stateFor(id, "known") === "open"),
          [],
        );
      }
      const shown = await tab.run(() =>
        [...document.querySelectorAll("civitai-lock-badge")]
          .map((badge) => `${badge.outerHTML} ${badge.shadowRoot?.innerHTML}`)
          .join("\n"),
      );
      assert.match(shown, /unlocked for that user/i);
      assert.doesNotMatch(shown, /12345/, "the page can read what badges say");
      await sees(await openPopup(extension.browser(), tab), /as user 12345/);
    });

    test("popup: my account by its button, and back", async () => {
      const tab = await look("/models/900200");
      const popup = await openPopup(extension.browser(), tab);
      await popup.click('[value="account"]');
      await popup.click("#confirm");
      await becomes(tab, { surface: "version", id: 900_201, state: "yours" });
      assert.equal((await extension.stored()).viewer, "account");
      assert.ok((await extension.numbers()).every((number) => number === "12345"));
      await popup.click('[value="public"]');
      await popup.click("#confirm");
      await becomes(tab, { surface: "version", id: 900_201, state: "trial" });
      await extension.api().clearLog();
      await (await look("/models/900100")).reload();
      await sleep(1500);
      assert.deepEqual(await extension.numbers(), []);
    });

    for (const [before, after, state] of /** @type {const} */ ([
      ["public", "account", "yours"],
      ["account", "public", "trial"],
    ])) {
      test(`${before} to ${after} while a look is under way: the old answers never stay`, async () => {
        await extension.set({ viewer: before });
        // Long enough for the switch to come before the answer, on a busy machine too.
        await extension.api().faults({ match: "/api/v1/", latencyMs: 3000 });
        extension.site().set({ session: "12345" });
        const tab = await extension.newTab();
        await visit(tab, "/models/900200");
        for (const end = Date.now() + 8000; Date.now() < end; await sleep(20)) {
          if ((await extension.api().log()).length > 0) break;
        }
        await extension.set({ viewer: after });
        const { length } = await extension.api().log();
        await extension.api().clearFaults();
        await becomes(tab, { surface: "version", id: 900_201, state }, 20_000);
        await sleep(3500);
        await becomes(tab, { surface: "version", id: 900_201, state }, 1000);
        const log = await extension.api().log();
        assert.ok(
          log.slice(0, length).some(({ aborted }) => aborted),
          "what was under way is aborted",
        );
        const numbered = requests(log.slice(length)).filter(({ user }) => user !== null);
        if (after === "public") assert.deepEqual(numbered, []);
      });
    }

    test("options that were open follow, and write nothing old back", async () => {
      await extension.set({ viewer: "account" });
      const options = await openOptions(extension.browser());
      await until(options, () => document.querySelector('[value="account"]:checked'));
      await extension.set({ viewer: "public" });
      await until(options, () => document.querySelector('[value="public"]:checked'));
      await options.click('[name="dim"]');
      await sees(options, /\bkept\b|saved/i);
      const { viewer, dim } = await extension.stored();
      assert.deepEqual([viewer, dim], ["public", true]);
    });

    test("a redirect is not followed by a request with a number", async () => {
      /** @type {string[]} */
      const seen = [];
      const stranger = await startServer((request, response) => {
        seen.push(`${request.url}`);
        response.end("{}");
      });
      const Location = `${stranger.url}/elsewhere?userId=12345`;
      const headers = { Location, "Access-Control-Allow-Origin": "*" };
      await extension.api().faults({ match: "userId=", status: 302, headers });
      await extension.set({ viewer: "account" });
      const tab = await look("/models/900200");
      await becomes(tab, { surface: "version", id: 900_201, state: "unknown" });
      stranger.close();
      assert.ok((await extension.numbers()).length > 0);
      assert.deepEqual(seen, []);
    });
  });
}
