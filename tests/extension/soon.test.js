// "Opens soon": what was starred stays over sessions, counts down, goes into a calendar, and says once it has opened.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { navigate, settled } from "./lib/badges.js";
import { browserNames, inExtension, until } from "./lib/browser.js";
import { useExtension } from "./lib/harness.js";
import { openPopup, sees } from "./lib/pages.js";
import { requests } from "./lib/requests.js";

/** @typedef {import("./lib/browser.js").Tab} Tab */

for (const browser of browserNames) {
  describe(`opens soon, in ${browser}`, { timeout: 200_000 }, () => {
    const extension = useExtension({ browser, crowd: 30 });
    const stars = () =>
      inExtension(
        extension.browser(),
        async () => /** @type {any[]} */ ((await chrome.storage.local.get("stars")).stars ?? []),
      );
    const iconText = () => inExtension(extension.browser(), () => chrome.action.getBadgeText({}));

    test("a star is kept with name and end, counts down, and goes into a calendar; taken back, it is gone", async () => {
      const tab = await extension.look("/models/900100", 9);
      const popup = await openPopup(extension.browser(), tab);
      await sees(popup, /Star a locked version/);
      await popup.click('#model [data-version-id="900101"] .star');
      await until(popup, () => document.querySelector('#soon li[data-version-id="900101"]'));
      const [star] = await stars();
      assert.equal(star.versionName, "Brush");
      assert.equal(star.modelName, "Kestrel Watercolours");
      assert.equal(star.site, "civitai.com");
      await sees(popup, /Opens in \d+ \w+, /);
      const file = await popup.run(async () => {
        const link = /** @type {HTMLAnchorElement} */ (document.querySelector("#soon a[download]"));
        return (await fetch(link.href)).text();
      });
      const stamp = new Date(star.endsAt).toISOString().replace(/[-:]|\.\d+/g, "");
      assert.match(file, new RegExp(`^BEGIN:VCALENDAR\r\n[^]*\r\nDTSTART:${stamp}\r\n`));
      assert.match(file, /SUMMARY:Kestrel Watercolours Brush opens on Civitai\r\n/);
      await popup.close();
      const again = await openPopup(extension.browser(), tab);
      await until(again, () => document.querySelector('#soon li[data-version-id="900101"]'));
      await again.click('#soon [data-version-id="900101"] .star');
      await until(again, () => !document.querySelector("#soon > ul li"));
      assert.deepEqual(await stars(), []);
    });

    test("once it has opened: a mark on the icon until the popup was opened, and then no further look", async () => {
      // Cards beside a model may name the starred one too, and on a slow machine they are asked about at the same time.
      await extension.set({
        surfaces: { cards: false, images: false, rows: false, blocks: false, text: false },
      });
      await extension.api().gate({ version: 900_203, endsInMs: 9000 });
      extension.site().set({ nextData: "absent" });
      const tab = await extension.look("/models/900200", 4);
      const popup = await openPopup(extension.browser(), tab);
      await popup.click('#model [data-version-id="900203"] .star');
      await until(popup, () => document.querySelector('#soon li[data-version-id="900203"]'));
      await popup.close();
      assert.equal(await iconText(), "");
      await navigate(tab, "/user/nobody");
      await sleep(9000);
      await extension.api().clearLog();
      await navigate(tab, "/models/901100");
      for (const end = Date.now() + 10_000; (await iconText()) !== "★"; await sleep(200)) {
        assert.ok(Date.now() < end, "no mark on the icon after 10 s");
      }
      const looks = requests(await extension.api().log()).filter(({ ids }) => ids.includes(900_203));
      assert.ok(
        looks.length <= 2,
        `one list, one check, and no more: ${looks.map(({ logged }) => logged.target).join(" ")}`,
      );
      assert.ok(looks.every(({ user }) => user === null));
      const next = await openPopup(extension.browser(), tab);
      await until(next, () => document.querySelector('#opened li[data-version-id="900203"][data-opened]'));
      await sees(next, /Now open/);
      for (const end = Date.now() + 5000; (await iconText()) !== ""; await sleep(200)) {
        assert.ok(Date.now() < end, "the mark stays");
      }
      await extension.api().clearLog();
      await navigate(tab, "/models/900300");
      await settled(tab, { least: 3 });
      await sleep(1000);
      const later = requests(await extension.api().log()).filter(({ ids }) => ids.includes(900_203));
      assert.deepEqual(later, []);
    });
  });
}
