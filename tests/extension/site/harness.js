import { after, before } from "node:test";
import { launchChromium } from "../../helpers/browsers.js";
import { chromiumArgs } from "./addresses.js";
import { isSettled } from "./health.js";
import { startSite } from "./server.js";

/** @typedef {import("playwright-core").Page} Page */

/**
 * A site and a Chromium for the tests of one file; both end with them.
 *
 * @param {Parameters<typeof startSite>[0]} from
 */
export function useSite(from) {
  /** @type {import("./server.js").Site | undefined} */
  let site;
  /** @type {import("playwright-core").BrowserContext | undefined} */
  let browser;

  before(async () => {
    site = await startSite(from);
    browser = await launchChromium({ args: chromiumArgs(site), viewport: { width: 1400, height: 900 } });
  });

  after(async () => {
    await browser?.close();
    await site?.close();
  });

  return {
    site: () => /** @type {import("./server.js").Site} */ (site),
    /** @param {import("node:test").TestContext} t */
    newPage: async (t) => {
      const context = /** @type {import("playwright-core").BrowserContext} */ (browser);
      await context.clearCookies();
      const page = await context.newPage();
      t.after(() => page.close());
      return page;
    },
  };
}

/**
 * Goes there and waits until all is hydrated.
 *
 * @param {Page} page
 * @param {string} path
 * @param {string} [host]
 */
export async function visit(page, path, host = "civitai.com") {
  await page.goto(`https://${host}${path}`);
  await page.waitForFunction(isSettled);
}

/**
 * Scrolls the page's scroller and waits until the cards have followed.
 *
 * @param {Page} page
 * @param {number} top
 */
export async function scroll(page, top) {
  await page.locator(".scroll-area").evaluate((area, to) => area.scrollTo(0, to), top);
  await page.waitForTimeout(400);
}
