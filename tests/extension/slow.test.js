// A slow machine, played: a look at the page takes many slices, and between them the page has its turn.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { navigate, settled, visit } from "./lib/badges.js";
import { browserNames, until } from "./lib/browser.js";
import { useExtension } from "./lib/harness.js";
import { counted } from "./lib/requests.js";

/** For the content script: a clock on which any work takes longer than a slice, once the test says so; it counts the page's turns. */
const SLOW = `
  const root = document.documentElement;
  const [now, later] = [performance.now.bind(performance), setTimeout];
  let ahead = 0;
  performance.now = () => now() + (root.dataset.slow ? (ahead += 10) : ahead);
  globalThis.setTimeout = (act, ms, ...more) => {
    if (root.dataset.slow && ms === undefined) root.dataset.turns = Number(root.dataset.turns ?? 0) + 1;
    return later(act, ms, ...more);
  };`;

for (const browser of browserNames) {
  describe(`a slow machine, in ${browser}`, { timeout: 200_000 }, () => {
    const extension = useExtension({
      browser,
      unpacked: {
        change: ({ content_scripts: [script] }) => script.js.unshift("slow.js"),
        add: { "slow.js": SLOW },
      },
    });

    /** @param {string} path @param {object} surfaces @param {number} least */
    const open = async (path, surfaces, least) => {
      await extension.set({ surfaces });
      const tab = await extension.newTab();
      await visit(tab, path);
      await settled(tab, { least });
      await tab.run(() => {
        document.documentElement.dataset.slow = "yes";
      });
      return tab;
    };

    test("a look at sixty links: the page has its turn between them", async () => {
      const tab = await open("/models/900600", {}, 2);
      await tab.run(() => {
        const links = `<a href="/models/900200?modelVersionId=900203">x</a> and `.repeat(60);
        document.querySelector("main")?.insertAdjacentHTML("beforeend", `<p id="written">${links}</p>`);
        document.getElementById("written")?.scrollIntoView();
      });
      await until(tab, () => Number(document.documentElement.dataset.turns) >= 60);
      await until(tab, () => document.querySelector("#written civitai-lock-badge"));
    });

    test("a page that is left during a look: none of its links is asked about", async () => {
      const surfaces = { cards: false, images: false, rows: false, blocks: false, text: false };
      const tab = await open("/models/900100", surfaces, 9);
      await extension.api().clearLog();
      for (let visits = 0; visits < 4; visits++) {
        await navigate(tab, "/user/nobody");
        await until(tab, () => document.querySelector("h1")?.textContent !== "Kestrel Watercolours");
        await navigate(tab, "/models/900100");
        await until(tab, () => document.querySelector("h1 + civitai-lock-badge"));
      }
      await settled(tab, { least: 9, quiet: 2000 });
      assert.equal(counted(await extension.api().log()), "none");
    });
  });
}
