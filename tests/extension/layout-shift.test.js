// Badges move nothing: no layout shift on cards, version list and rows, at most one on the title.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { settled, visit } from "./lib/badges.js";
import { until } from "./lib/browser.js";
import { useExtension } from "./lib/harness.js";

const none = {
  title: false,
  versions: false,
  cards: false,
  images: false,
  rows: false,
  blocks: false,
  text: false,
};

describe("layout shift in Chromium", { timeout: 120_000 }, () => {
  const extension = useExtension({ browser: "chromium", crowd: 60 });
  /** The shifts since the page began, once all badges are there. @param {string} path @param {object} surfaces */
  const shiftsOn = async (path, surfaces) => {
    await extension.set({ surfaces });
    const tab = await extension.newTab();
    await visit(tab, path);
    if (surfaces !== none) await settled(tab);
    await sleep(1500);
    const shifts = await tab.run(
      () =>
        /** @type {Promise<number[]>} */ (
          new Promise((resolve) => {
            const list = /** @type {number[]} */ ([]);
            new PerformanceObserver((entries) => {
              list.push(...entries.getEntries().map((entry) => /** @type {any} */ (entry).value));
            }).observe({ type: "layout-shift", buffered: true });
            setTimeout(() => resolve(list), 300);
          })
        ),
    );
    await tab.close();
    return shifts;
  };

  for (const [what, path, surfaces, most] of /** @type {[string, string, object, number][]} */ ([
    ["cards", "/models", { ...none, cards: true }, 0],
    ["the version list", "/models/900100", { ...none, versions: true }, 0],
    ["rows", "/auctions", { ...none, rows: true }, 0],
    ["an image's resources", "/images/300123", { ...none, images: true }, 0],
    ["the title", "/models/900100", { ...none, title: true }, 1],
  ])) {
    test(`${what}: ${most} at most`, async () => {
      const without = await shiftsOn(path, none);
      const shifts = await shiftsOn(path, surfaces);
      assert.ok(shifts.length <= without.length + most, `${shifts} with badges, ${without} without`);
    });
  }

  test("a title badge never makes its row higher", async () => {
    const heightWith = async (/** @type {object} */ surfaces) => {
      await extension.set({ surfaces });
      const tab = await extension.newTab();
      await tab.resize(1400, 900);
      await visit(tab, "/models/900100");
      if (surfaces !== none) await until(tab, () => document.querySelector("h1 + civitai-lock-badge"));
      await sleep(500);
      const height = await tab.run(
        () => document.querySelector(".titleWrapper")?.getBoundingClientRect().height,
      );
      await tab.close();
      return height;
    };
    assert.equal(await heightWith({ ...none, title: true }), await heightWith(none));
  });
});
