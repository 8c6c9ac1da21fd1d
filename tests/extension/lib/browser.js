// One way to drive both browsers with the extension loaded, so that each test is written once.

import { setTimeout as sleep } from "node:timers/promises";
import { openChromium, patiently } from "./chromium.js";
import { openFirefox } from "./firefox.js";

/**
 * @typedef {object} Tab
 * @property {(url: string) => Promise<void>} open
 * @property {<A, R>(inPage: (argument: A) => R, argument?: A) => Promise<Awaited<R>>} run in the page; it refers to nothing outside
 * @property {(source: string) => Promise<void>} runSource a whole library
 * @property {(selector: string) => Promise<void>} click
 * @property {(x: number, y: number) => Promise<void>} pointAt
 * @property {(key: string) => Promise<void>} press
 * @property {() => Promise<void>} back
 * @property {() => Promise<void>} reload
 * @property {(width: number, height: number) => Promise<void>} resize
 * @property {() => Promise<Buffer>} capture
 * @property {() => Promise<void>} close
 *
 * @typedef {object} Browser
 * @property {"chromium" | "firefox"} name
 * @property {string} origin of the extension's own pages
 * @property {string} blank the address of its empty page
 * @property {() => Promise<Tab>} newTab
 * @property {() => Promise<void>} stopWorker ends the background at once, in the middle of whatever it does
 * @property {() => Promise<void>} update loads the extension anew, as an update does, under the pages that are open
 * @property {(only?: string[]) => Promise<void>} withholdSites `only`: these
 * @property {() => Promise<void>} grantSites
 * @property {(given: boolean) => Promise<void>} consent whether a user number may leave; only Firefox asks for that
 * @property {() => Promise<void>} allowPrivate lets the extension run in private windows, and starts it anew
 * @property {(tab: Tab, scheme: "dark" | "light") => Promise<void>} emulateScheme what the person's system prefers
 * @property {() => Promise<void>} clearCookies
 * @property {() => Promise<void>} close
 */

export const openers = { chromium: openChromium, firefox: openFirefox };
export { browserNames, full, someOf } from "../../helpers/mode.js";

/**
 * Waits until a function in the page gives something true, and gives that.
 * @template A, R
 * @param {Tab} tab
 * @param {(argument: A) => R} inPage
 * @param {A} [argument]
 * @param {number} [ms]
 * @returns {Promise<Awaited<R>>}
 */
export async function until(tab, inPage, argument, ms = 15_000) {
  for (const end = Date.now() + ms; ; await sleep(80)) {
    const result = await tab.run(inPage, argument).catch(() => /** @type {any} */ (null));
    if (result) return result;
    if (Date.now() > end)
      throw new Error(`waited ${ms} ms in vain for ${inPage} of ${JSON.stringify(argument)}`);
  }
}

/**
 * Rests the pointer on an element, or on what a badge draws: its own box may be wider.
 * @param {Tab} tab
 * @param {string} selector
 */
export async function hover(tab, selector) {
  const [x = 0, y = 0] = await until(
    tab,
    (wanted) => {
      const found = document.querySelector(wanted);
      const box = (found?.shadowRoot?.querySelector(".face") ?? found)?.getBoundingClientRect();
      return box && box.width > 0 ? [box.x + box.width / 2, box.y + box.height / 2] : null;
    },
    selector,
  ).then((point) => point ?? []);
  await tab.pointAt(x, y);
}

/**
 * Runs a function where the extension's own functions are: on its empty page.
 * @template A, R
 * @param {Browser} browser
 * @param {(argument: A) => R} inPage
 * @param {A} [argument]
 * @returns {Promise<Awaited<R>>}
 */
export async function inExtension(browser, inPage, argument) {
  return (await ownTab(browser)).run(inPage, argument);
}

/** Each browser's tab with the extension's empty page. @type {WeakMap<Browser, Tab>} */
const own = new WeakMap();

/** Opened once, and again after what closes it: an update of the extension. @param {Browser} browser */
async function ownTab(browser) {
  const known = own.get(browser);
  if (known && (await known.run(() => Boolean(chrome.storage)).catch(() => false))) return known;
  const tab = await browser.newTab();
  await patiently(() => tab.open(browser.blank));
  own.set(browser, tab);
  return tab;
}

/**
 * As if just installed: nothing remembered, nothing set. The worker ends first, so that it writes nothing after; but
 * not before it has answered: Chromium never starts again one that ends while it is being installed.
 * @param {Browser} browser
 */
export async function startAfresh(browser) {
  const tab = await ownTab(browser);
  await tab.run(async () => {
    const end = Date.now() + 5000;
    /** @param {Error} error */
    const nobodyYet = (error) => {
      if (Date.now() > end) throw error;
      return null;
    };
    // A message finds nobody while Firefox ends the background; the next one starts it again.
    while ((await chrome.runtime.sendMessage({ kind: "settings" }).catch(nobodyYet)) === null)
      await new Promise((resolve) => setTimeout(resolve, 100));
  });
  await browser.stopWorker();
  await tab.run(async () => {
    await Promise.all([chrome.storage.local.clear(), chrome.storage.session.clear()]);
  });
}
