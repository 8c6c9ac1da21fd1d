// The extension with badges on every surface, in a window that shows all of a list.

import { settled, visit } from "./badges.js";
import { useExtension } from "./harness.js";

/** @typedef {import("./browser.js").Tab} Tab */

const all = {
  title: true,
  versions: true,
  cards: true,
  images: true,
  rows: true,
  blocks: true,
  text: true,
};

/** Call it in a `describe`. @param {"chromium" | "firefox"} browser */
export function useEverySurface(browser) {
  const extension = useExtension({ browser, september: true });
  return {
    extension,
    /** @param {string} path @param {Partial<import("../site/options.js").SiteOptions>} [options] */
    open: async (path, options = {}) => {
      await extension.set({ viewer: "public", showOpen: true, surfaces: all });
      extension.site().set({ every: true, ...options });
      const tab = await extension.newTab();
      // So high that all of a list is in view, and asked about.
      await tab.resize(1400, 9000);
      await visit(tab, path);
      return tab;
    },
    /** The badges that are drawn, once none changes any more. @param {Tab} tab @param {number} least */
    states: async (tab, least) => {
      const badges = (await settled(tab, { least, quiet: 2200, ms: 60_000 })).filter(({ drawn }) => drawn);
      const named = badges.filter(({ version, surface }) => version > 0 && surface !== "title");
      return { badges, named };
    },
  };
}
