// Badges move nothing: no layout shift on cards, version list and rows, at most one on the title.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { settled, visit } from "./lib/badges.js";
import { browserNames, someOf, until } from "./lib/browser.js";
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
        /** @type {Promise<string[]>} */ (
          new Promise((resolve) => {
            const list = /** @type {string[]} */ ([]);
            /** @param {DOMRectReadOnly} box */
            const place = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(" ");
            new PerformanceObserver((entries) => {
              for (const entry of /** @type {any[]} */ (entries.getEntries())) {
                const moved = entry.sources.map(
                  (/** @type {any} */ { node, previousRect, currentRect }) =>
                    `${node?.localName ?? node?.nodeName} from ${place(previousRect)} to ${place(currentRect)}`,
                );
                list.push(`${entry.value} after ${Math.round(entry.startTime)} ms: ${moved.join(", ")}`);
              }
            }).observe({ type: "layout-shift", buffered: true });
            setTimeout(() => resolve(list), 300);
          })
        ),
    );
    await tab.close();
    return shifts;
  };

  // Each surface is met once, in this list or in the one below.
  for (const [what, path, surfaces, most] of someOf(
    /** @type {[string, string, object, number][]} */ ([
      ["cards", "/models", { ...none, cards: true }, 0],
      ["the title", "/models/900100", { ...none, title: true }, 1],
      ["the version list", "/models/900100", { ...none, versions: true }, 0],
      ["rows", "/auctions", { ...none, rows: true }, 0],
      ["an image's resources", "/images/300123", { ...none, images: true }, 0],
    ]),
    3,
  )) {
    test(`${what}: ${most} at most`, async () => {
      const without = await shiftsOn(path, none);
      const shifts = await shiftsOn(path, surfaces);
      assert.ok(
        shifts.length <= without.length + most,
        `with badges: ${shifts.join("; ")}\nwithout: ${without.join("; ")}`,
      );
    });
  }
});

for (const browser of browserNames) {
  describe(`where things are in ${browser}`, { timeout: 120_000 }, () => {
    const extension = useExtension({ browser, crowd: 60 });
    /** The boxes of the site's own elements once all badges are there. @param {string} path @param {object} surfaces */
    const boxesOn = async (path, surfaces) => {
      await extension.set({ surfaces });
      const tab = await extension.newTab();
      await tab.resize(1400, 900);
      await visit(tab, path);
      await until(tab, () => document.querySelector('main a[href^="/models/"]'));
      if (surfaces !== none) await settled(tab);
      await sleep(surfaces === none ? 1500 : 500);
      const boxes = await tab.run(() =>
        [...document.querySelectorAll("#main *")]
          .filter((element) => element.localName !== "civitai-lock-badge")
          .map((element) => {
            const { x, y, width, height } = element.getBoundingClientRect();
            return `${element.localName} ${[x, y, width, height].map(Math.round).join(" ")}`;
          }),
      );
      const height = await tab.run(
        () => document.querySelector(".titleWrapper")?.getBoundingClientRect().height,
      );
      await tab.close();
      return { boxes, height };
    };

    for (const [what, path, surfaces] of someOf(
      /** @type {[string, string, object][]} */ ([
        ["rows", "/auctions", { ...none, rows: true }],
        ["an image's resources", "/images/300123", { ...none, images: true }],
        ["cards", "/models", { ...none, cards: true }],
        ["the version list", "/models/900100", { ...none, versions: true }],
      ]),
      2,
    )) {
      test(`${what}: nothing of the site's is elsewhere, or of another size`, async () => {
        const without = await boxesOn(path, none);
        assert.ok(without.boxes.length > 20);
        assert.deepEqual((await boxesOn(path, surfaces)).boxes, without.boxes);
      });
    }

    test("a title badge never makes its row higher", async () => {
      const { height } = await boxesOn("/models/900100", none);
      assert.ok(height);
      assert.equal((await boxesOn("/models/900100", { ...none, title: true })).height, height);
    });
  });
}
