// No letter of the site's is ever covered: the box of each badge meets no box of the site's words.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { settled, visit } from "./lib/badges.js";
import { browserNames, someOf } from "./lib/browser.js";
import { useExtension } from "./lib/harness.js";

for (const browser of browserNames) {
  describe(`covering in ${browser}`, { timeout: 200_000 }, () => {
    const extension = useExtension({ browser, crowd: 30, september: true });

    // One page of each surface: title and versions, cards, rows, images, blocks.
    for (const [path, least, width] of someOf(
      /** @type {[string, number, number][]} */ ([
        ["/models/900100", 9, 500],
        ["/models?__sale=1", 3, 1000],
        ["/auctions", 8, 1400],
        ["/images/300123", 2, 1400],
        ["/user/downloads?__downloads=cards", 2, 1400],
        ["/models/900100", 9, 1400],
        ["/models", 3, 1400],
        ["/models?__era=august", 3, 1400],
        ["/challenges/1", 4, 1400],
        ["/ecosystems/sdxl", 4, 1400],
      ]),
      5,
    )) {
      test(`${path}, ${width} px wide`, async () => {
        await extension.set({ showOpen: true });
        const tab = await extension.newTab();
        await tab.resize(width, 900);
        await visit(tab, path);
        await settled(tab, { least });
        assert.deepEqual(await tab.run(covered), []);
      });
    }

    for (const model of someOf([900_700, 901_200, 902_500])) {
      test(`the mark of the last version is whole: ${model}`, async () => {
        const tab = await extension.newTab();
        await tab.resize(1400, 900);
        await visit(tab, `/models/${model}`);
        await settled(tab, { least: 2 });
        assert.deepEqual(await tab.run(cutOff), []);
        await tab.resize(1000, 900);
        await settled(tab, { least: 2, quiet: 600 });
        assert.deepEqual(await tab.run(cutOff), [], "and after the window has changed");
      });
    }
  });
}

/** Marks of versions that reach out of the box in which the list scrolls. Runs in the page. */
function cutOff() {
  return [...document.querySelectorAll('civitai-lock-badge[data-surface="versions"]')].flatMap((element) => {
    const badge = /** @type {HTMLElement} */ (element);
    const face = badge.shadowRoot?.querySelector(".face")?.getBoundingClientRect();
    let box = badge.parentElement;
    while (box && getComputedStyle(box).overflowX === "visible") box = box.parentElement;
    const edge = box?.getBoundingClientRect().right ?? 0;
    return face && face.right > edge + 0.5
      ? [`${badge.dataset.versionId} by ${(face.right - edge).toFixed(1)} px`]
      : [];
  });
}

/** Words of the site's that lie under a badge. Runs in the page. */
function covered() {
  const faces = [...document.querySelectorAll("civitai-lock-badge[data-drawn]")].flatMap((badge) => {
    const face = badge.shadowRoot?.querySelector(".face");
    return face?.checkVisibility({ visibilityProperty: true }) ? [[badge, face.getBoundingClientRect()]] : [];
  });
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  /** @type {Set<string>} */
  const found = new Set();
  while (words.nextNode()) {
    const node = words.currentNode;
    const around = node.parentElement;
    if (
      !node.nodeValue?.trim() ||
      !around?.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    )
      continue;
    range.selectNodeContents(node);
    for (const word of range.getClientRects()) {
      for (const [badge, face] of /** @type {[HTMLElement, DOMRect][]} */ (faces)) {
        const [across, down] = [
          Math.min(word.right, face.right) - Math.max(word.left, face.left),
          Math.min(word.bottom, face.bottom) - Math.max(word.top, face.top),
        ];
        if (across > 0.5 && down > 0.5)
          found.add(
            `${badge.dataset.surface} ${badge.dataset.versionId} on “${node.nodeValue.trim()}” by ${Math.round(across)} × ${Math.round(down)}`,
          );
      }
    }
  }
  return [...found];
}
