// What was looked at in a private window is not known after it.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { settled, visit } from "./lib/badges.js";
import { browserNames, inExtension } from "./lib/browser.js";
import { useExtension } from "./lib/harness.js";
import { requests } from "./lib/requests.js";

for (const browser of browserNames) {
  describe(`private windows in ${browser}`, { timeout: 120_000 }, () => {
    const extension = useExtension({ browser });
    const asked = async () => requests(await extension.api().log()).flatMap(({ ids }) => ids);
    /** @param {() => Promise<boolean>} isDone */
    const patiently = async (isDone) => {
      for (const end = Date.now() + 20_000; !(await isDone()); await sleep(100)) {
        assert.ok(Date.now() < end, "20 s in vain");
      }
    };

    test("leave nothing in the memory of the normal ones, nor use it", async () => {
      await extension.browser().allowPrivate();
      const id = await inExtension(extension.browser(), async () => {
        const url = "https://civitai.com/models/900200";
        return (await chrome.windows.create({ incognito: true, url }))?.id ?? -1;
      });
      await patiently(async () => (await asked()).includes(900_203));
      await sleep(3000); // the memory is written at most every two seconds
      const kept = () =>
        inExtension(extension.browser(), async () => JSON.stringify(await chrome.storage.session.get()));
      assert.doesNotMatch(await kept(), /90020\d/);
      await inExtension(extension.browser(), (window) => chrome.windows.remove(window), id);

      await extension.api().clearLog();
      const tab = await extension.newTab();
      await visit(tab, "/models/900200");
      await settled(tab, { least: 4 });
      assert.ok((await asked()).includes(900_203), "the normal window asks for itself");
      await sleep(3000);
      assert.match(await kept(), /90020\d/);
    });
  });
}
