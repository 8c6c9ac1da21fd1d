// Firefox's own consent: without it no user number leaves, whatever the settings say.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { becomes } from "./lib/badges.js";
import { inExtension, until } from "./lib/browser.js";
import { useExtension } from "./lib/harness.js";
import { openOptions, openPopup, sees } from "./lib/pages.js";

describe("consent in firefox", { timeout: 120_000 }, () => {
  const extension = useExtension({ browser: "firefox" });
  /** @param {string} [session] */
  const look = (session = "12345") => extension.look("/models/900200", 4, session);

  test("nothing is kept or sent while Firefox's question waits for an answer", async () => {
    await extension.browser().consent(false);
    const tab = await look();
    for (const page of [await openPopup(extension.browser(), tab), await openOptions(extension.browser())]) {
      await until(page, () => document.querySelector('[value="public"]:checked'));
      await page.click('[value="account"]');
      await page.click("#confirm");
      await new Promise((done) => setTimeout(done, 1000));
      assert.equal((await extension.stored())?.viewer ?? "public", "public");
      await page.close();
    }
    assert.deepEqual(await extension.numbers(), []);
  });

  test("a number that was typed is kept and sent only with consent, whatever a page of ours asks for", async () => {
    await extension.browser().consent(false);
    const reply = await inExtension(extension.browser(), () =>
      chrome.runtime.sendMessage({ kind: "choose", change: { viewer: "fixed", fixedId: 12_345 } }),
    );
    assert.deepEqual([reply.kept, reply.consent], [false, false]);
    assert.equal((await extension.stored())?.viewer ?? "public", "public");
    await look("none");
    assert.deepEqual(await extension.numbers(), []);
  });

  test("without Firefox's consent no number leaves, whatever is stored; and it is said why", async () => {
    await extension.browser().consent(false);
    // No event is fired for a consent that was never given.
    await inExtension(extension.browser(), (settings) => chrome.storage.local.set({ settings }), {
      viewer: "fixed",
      fixedId: 12_345,
      revision: Date.now(),
    });
    const tab = await look("none");
    await becomes(tab, { surface: "version", id: 900_201, state: "trial" });
    assert.deepEqual(await extension.numbers(), []);
    assert.equal((await extension.stored()).viewer, "public");
    await sees(await openPopup(extension.browser(), tab), /withdrew your consent/i);
    await sees(await openOptions(extension.browser()), /withdrew your consent/i);
  });

  test("consent that is withdrawn takes effect at once, on the page that is open", async () => {
    await extension.set({ viewer: "account" });
    const tab = await look();
    await becomes(tab, { surface: "version", id: 900_201, state: "yours" });
    await extension.api().clearLog();
    await extension.browser().consent(false);
    await becomes(tab, { surface: "version", id: 900_201, state: "trial" });
    assert.equal((await extension.stored()).viewer, "public");
    assert.deepEqual(await extension.numbers(), []);
  });
});
