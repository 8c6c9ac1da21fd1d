// A creator's text, and links that a test writes into it.

import { settled, visit } from "./badges.js";
import { useExtension } from "./harness.js";

/** @typedef {import("./browser.js").Tab} Tab */

/** Call it in a `describe`. @param {"chromium" | "firefox"} browser */
export function useCreatorsText(browser) {
  const extension = useExtension({ browser });
  return {
    extension,
    /** @param {string} path @param {number} [least] */
    open: async (path, least = 2) => {
      await extension.set({ showOpen: true });
      const tab = await extension.newTab();
      await visit(tab, path);
      await settled(tab, { least });
      return tab;
    },
  };
}

/**
 * Puts links into the creator's text; `*` in the markup stands for all of them.
 * @param {Tab} tab @param {string} markup @param {string[]} hrefs
 */
export async function write(tab, markup, hrefs) {
  await tab.run(
    ({ around, links }) => {
      const text = document.createElement("div");
      text.id = "written";
      const [before = "", after = ""] = around.split("*");
      const between = after.replace(/<.*/, "");
      text.innerHTML = before + links.map((href) => `<a href="${href}">x</a>`).join(between) + after;
      document.querySelector("main")?.append(text);
      text.scrollIntoView();
    },
    { around: markup, links: hrefs },
  );
}
