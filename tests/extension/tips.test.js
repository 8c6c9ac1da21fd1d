// Tooltips: for what is really under the pointer, with the focus wherever it scrolls to, and gone with Escape.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { browserNames, hover, until } from "./lib/browser.js";
import { useExtension } from "./lib/harness.js";

/** How many tooltips are open. Runs in the page. */
const open = () =>
  [...document.querySelectorAll("civitai-lock-badge")].filter((badge) =>
    badge.shadowRoot?.querySelector(".tip:popover-open"),
  ).length;

for (const browser of browserNames) {
  describe(`tooltips in ${browser}`, { timeout: 200_000 }, () => {
    const extension = useExtension({ browser, crowd: 30 });

    /** @param {import("./lib/browser.js").Tab} tab @param {string} selector @returns {Promise<number[]>} */
    const middleOf = (tab, selector) =>
      tab.run((wanted) => {
        const found = document.querySelector(wanted);
        const box = (found?.shadowRoot?.querySelector(".face") ?? found)?.getBoundingClientRect();
        return box ? [box.x + box.width / 2, box.y + box.height / 2] : [];
      }, selector);

    test("it opens where the pointer rests, stays while the pointer moves into it, and goes when it leaves", async () => {
      const tab = await extension.look("/models/900200", 4);
      await hover(tab, "h1 + civitai-lock-badge");
      await until(tab, open);
      const [x = 0, y = 0] = await tab.run(() => {
        const tip = document.querySelector("h1 + civitai-lock-badge")?.shadowRoot?.querySelector(".tip");
        const box = tip?.getBoundingClientRect();
        return box ? [box.x + box.width / 2, box.y + box.height / 2] : [];
      });
      const [fromX = 0, fromY = 0] = await middleOf(tab, "h1 + civitai-lock-badge");
      for (const part of [0.2, 0.4, 0.6, 0.8, 1]) {
        await tab.pointAt(fromX + (x - fromX) * part, fromY + (y - fromY) * part);
      }
      await sleep(700);
      assert.equal(await tab.run(open), 1);
      await tab.pointAt(700, 700);
      await until(tab, () =>
        [...document.querySelectorAll("civitai-lock-badge")].every(
          (badge) => !badge.shadowRoot?.querySelector(".tip:popover-open"),
        ),
      );
    });

    test("the title's opens with the control that follows it, by keyboard", async () => {
      const tab = await extension.look("/models/900200", 4);
      await tab.run(() => {
        const before = document.createElement("button");
        document.querySelector("h1")?.before(before);
        before.focus();
      });
      await tab.press("Tab");
      await until(tab, () =>
        document.querySelector("h1 + civitai-lock-badge")?.shadowRoot?.querySelector(".tip:popover-open"),
      );
      assert.equal(await tab.run(open), 1);
      await tab.press("Tab");
      await sleep(300);
      const isStill = await tab.run(
        () =>
          document
            .querySelector("h1 + civitai-lock-badge")
            ?.shadowRoot?.querySelector(".tip:popover-open") !== null,
      );
      assert.equal(isStill, false);
    });

    test("Escape closes it", async () => {
      const tab = await extension.look("/models/900200", 4);
      await hover(tab, "h1 + civitai-lock-badge");
      await until(tab, open);
      await tab.press("Escape");
      assert.equal(await tab.run(open), 0);
    });

    test("what lies under a dialog opens none, and asks nothing", async () => {
      await extension.set({ surfaces: { cards: false, blocks: false, text: false } });
      const tab = await extension.look("/models/900200", 4);
      await extension.api().clearLog();
      const [x = 0, y = 0] = await middleOf(tab, "h1 + civitai-lock-badge");
      await tab.run(() => {
        const dialog = document.createElement("div");
        dialog.style.cssText = "position:fixed;inset:0;z-index:300;background:#000";
        dialog.setAttribute("role", "dialog");
        document.getElementById("main")?.append(dialog);
      });
      await tab.pointAt(x + 40, y + 200);
      await tab.pointAt(x, y);
      await sleep(700);
      assert.equal(await tab.run(open), 0);
      assert.deepEqual(await extension.api().log(), []);
    });

    test("what lies under the site's header opens none", async () => {
      const tab = await extension.look("/models", 2);
      const card = "[data-index] civitai-lock-badge[data-drawn]";
      const [x = 0, y = 0] = await middleOf(tab, card);
      await tab.pointAt(x, y);
      await until(tab, open);
      const under = await tab.run((wanted) => {
        const face = document.querySelector(wanted)?.shadowRoot?.querySelector(".face");
        const header = document.querySelector("header")?.getBoundingClientRect();
        const box = face?.getBoundingClientRect();
        if (!header || !box) return null;
        document.querySelector(".scroll-area")?.scrollBy(0, box.y + box.height / 2 - header.bottom + 12);
        return header.bottom - 12;
      }, card);
      assert.ok(under);
      await tab.pointAt(x + 300, under + 300);
      await tab.pointAt(x, under);
      await sleep(700);
      const [, now] = await middleOf(tab, card);
      assert.ok(Math.abs((now ?? 0) - under) < 3, `the badge is under the header: ${now}`);
      assert.equal(await tab.run(open), 0);
    });

    test("the focus opens it also where it scrolls the page to get there, and a pointer elsewhere leaves it", async () => {
      const tab = await extension.look("/models/900200", 4);
      await tab.run(() => {
        const text = document.createElement("p");
        text.style.marginTop = "1500px";
        text.innerHTML =
          '<a id="before" href="#x">before</a> <a href="/models/900100?modelVersionId=900105">far</a> end';
        document.querySelector("main")?.append(text);
        document.getElementById("before")?.scrollIntoView();
      });
      await until(tab, () => document.querySelector("#before ~ civitai-lock-badge[data-drawn]"));
      await tab.run(() => {
        document.querySelector(".scroll-area")?.scrollTo(0, 0);
        document.getElementById("before")?.focus({ preventScroll: true });
      });
      await tab.press("Tab");
      await until(tab, open);
      await sleep(600);
      assert.equal(await tab.run(open), 1);
      await tab.pointAt(300, 300);
      await sleep(600);
      assert.equal(await tab.run(open), 1);
    });
  });
}
