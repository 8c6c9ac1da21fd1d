// The extension comes, goes and is replaced while pages are open; and the person may withhold the sites from it.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { badgesOn, navigate, settled, statesOf, visit } from "./lib/badges.js";
import { browserNames, until } from "./lib/browser.js";
import { useExtension } from "./lib/harness.js";
import { openPopup, sees } from "./lib/pages.js";
import { isDenied, models, stateFor, statesFor } from "./lib/truth.js";

for (const browser of browserNames) {
  describe(`an update under an open page in ${browser}`, { timeout: 120_000 }, () => {
    const extension = useExtension({ browser });

    test("the page keeps what it knew, without an error; loaded again it is as new", async () => {
      const tab = await extension.newTab();
      await visit(tab, "/models/900200");
      const known = statesFor(models[900_200], "known");
      assert.deepEqual(statesOf(await settled(tab, { least: 4 }), "version"), known);
      await extension.browser().update();
      await extension.api().clearLog();
      await tab.run(() => window.__site.rearrange());
      await sleep(1000);
      assert.deepEqual(statesOf(await badgesOn(tab), "version"), known);
      assert.equal(
        (await badgesOn(tab)).filter(({ surface }) => surface === "title").length,
        1,
        "no second title badge",
      );
      await navigate(tab, "/models/900300");
      await sleep(1500);
      // Chromium leaves the page with the old script, which had learned from a link here that versions of this model are
      // denied and can no longer ask what is free; Firefox gives it the new one, which asks.
      for (const { surface, version, state } of await badgesOn(tab)) {
        if (surface !== "title" && surface !== "version") continue;
        const known = stateFor(version, "known");
        const right = ["unknown", stateFor(version, "listed"), known, ...(isDenied(known) ? ["gated"] : [])];
        assert.ok(right.includes(state), `${surface} ${version}: ${state}`);
      }
      assert.deepEqual(extension.site().errors, []);
      if (browser === "chromium") {
        const popup = await openPopup(extension.browser(), tab);
        await sees(popup, /reload/i);
        await popup.close();
      }
      await tab.open("https://civitai.com/models/900200");
      assert.deepEqual(statesOf(await settled(tab, { least: 4 }), "version"), known);
    });
  });

  describe(`sites withheld and granted in ${browser}`, { timeout: 120_000 }, () => {
    const extension = useExtension({ browser });

    test("withheld: nothing is asked or drawn, the popup offers to grant; granted: as ever", async () => {
      await extension.browser().withholdSites();
      const tab = await extension.newTab();
      await visit(tab, "/models/900200");
      await sleep(1500);
      assert.deepEqual(await badgesOn(tab), []);
      assert.deepEqual(await extension.api().log(), []);
      const popup = await extension.newTab();
      await popup.open(`${extension.browser().origin}/src/extension/pages/popup.html`);
      await until(popup, () =>
        [...document.querySelectorAll("button")].some(
          (button) => /allow|grant|access/i.test(button.textContent) && button.checkVisibility(),
        ),
      );
      await popup.close();
      await extension.browser().grantSites();
      await tab.reload();
      const badges = await settled(tab, { least: 4 });
      assert.deepEqual(statesOf(badges, "version"), statesFor(models[900_200], "known"));
    });
  });
}

for (const browser of browserNames) {
  describe(`one of two sites withheld, in ${browser}`, { timeout: 120_000 }, () => {
    const extension = useExtension({ browser });

    test("the other one's pages have their badges, and the popup its report", async () => {
      await extension.browser().withholdSites(["https://civitai.red/*"]);
      const tab = await extension.newTab();
      await visit(tab, "/models/900200", "civitai.red");
      await sleep(1500);
      assert.deepEqual(await badgesOn(tab), [], "withheld");
      await visit(tab, "/models/900200");
      await settled(tab, { least: 4 });
      const popup = await openPopup(extension.browser(), tab);
      await until(popup, () => document.querySelectorAll("#model li").length === 3);
      assert.equal(await popup.run(() => document.querySelector("#notice")?.checkVisibility()), false);
    });
  });
}
