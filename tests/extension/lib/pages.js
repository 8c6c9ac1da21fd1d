// The extension's own pages, opened as tabs.

import { inExtension, until } from "./browser.js";

/** @typedef {import("./browser.js").Browser} Browser */
/** @typedef {import("./browser.js").Tab} Tab */

/**
 * The popup, with what that tab reports.
 * @param {Browser} browser
 * @param {Tab} tab
 * @returns {Promise<Tab>}
 */
export async function openPopup(browser, tab) {
  const popup = await openPage(browser, `src/extension/pages/popup.html?tab=${await tabIdOf(browser, tab)}`);
  await until(popup, () => document.querySelector('main[aria-busy="false"]'));
  return popup;
}

/**
 * The browser's number of a tab, by the address that it shows: the newest, where several show the same.
 * @param {Browser} browser
 * @param {Tab} tab
 */
export async function tabIdOf(browser, tab) {
  const url = await tab.run(() => location.href);
  const id = await inExtension(
    browser,
    async (wanted) => (await chrome.tabs.query({})).findLast((one) => one.url === wanted)?.id,
    url,
  );
  if (id === undefined)
    throw new Error(`no tab of the browser shows ${url}, or the extension may not see it`);
  return id;
}

/** @param {Browser} browser */
export const openOptions = (browser) => openPage(browser, "src/extension/pages/options.html");

/**
 * Waits until a person sees such words on the page.
 * @param {Tab} tab
 * @param {RegExp} words
 */
export const sees = (tab, words) =>
  until(
    tab,
    // biome-ignore lint/performance/useDomNodeTextContent: textContent would hold hidden parts too
    ([source = "", flags]) => new RegExp(source, flags).test(document.body.innerText),
    [words.source, words.flags],
  );

/**
 * @param {Browser} browser
 * @param {string} path
 * @returns {Promise<Tab>}
 */
async function openPage(browser, path) {
  const page = await browser.newTab();
  await page.open(`${browser.origin}/${path}`);
  await until(page, () => document.readyState === "complete" && document.querySelector("main, body > *"));
  return page;
}
