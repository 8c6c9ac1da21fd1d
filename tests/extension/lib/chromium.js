// Chromium with the extension in it, by Playwright; what only it can do (stop the worker, read the
// accessibility tree) goes through its debugging protocol.

import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { launchChromium } from "../../helpers/browsers.js";
import { chromiumArgs } from "../site/addresses.js";
import { blankPage } from "./unpacked.js";

/** @typedef {import("./browser.js").Browser} Browser */
/** @typedef {import("./browser.js").Tab} Tab */

/**
 * @param {{ site: import("../site/server.js").Site, unpacked: import("./unpacked.js").Unpacked, locale?: string | undefined }} from
 * @returns {Promise<Browser & { context: import("playwright-core").BrowserContext }>}
 */
export async function openChromium({ site, unpacked, locale }) {
  const context = await launchChromium({
    extension: unpacked.folder,
    args: [...chromiumArgs(site), ...(locale ? [`--lang=${locale}`] : [])],
    viewport: { width: 1400, height: 900 },
  });
  const id = idOf(unpacked.folder);
  const origin = `chrome-extension://${id}`;
  return {
    name: "chromium",
    origin,
    context,
    newTab: async () => tabOf(await context.newPage()),
    async stopWorker() {
      const page = context.pages()[0] ?? (await context.newPage());
      const session = await context.newCDPSession(page);
      await session.send("ServiceWorker.enable");
      // Returns when the worker has ended. A worker that a page's message starts meanwhile lives on.
      await session.send("ServiceWorker.stopAllWorkers");
      await session.detach();
    },
    update: () => atExtensions(context, reload, id),
    withholdSites: (only) => atExtensions(context, withholding, { extensionId: id, only }),
    grantSites: () => atExtensions(context, hostAccess, { extensionId: id, hostAccess: "ON_ALL_SITES" }),
    // Chromium knows no such consent.
    consent: async () => {},
    allowPrivate: () => atExtensions(context, privateAccess, id),
    emulateScheme: (tab, colorScheme) => /** @type {any} */ (tab).page.emulateMedia({ colorScheme }),
    async clearCookies() {
      await context.clearCookies();
    },
    close: () => context.close(),
    blank: `${origin}/${blankPage}`,
  };
}

/**
 * @param {import("playwright-core").Page} page
 * @returns {Tab & { page: import("playwright-core").Page }}
 */
export function tabOf(page) {
  return {
    page,
    async open(url) {
      await page.goto(url, { waitUntil: "commit" });
    },
    run: (inPage, argument) => page.evaluate(/** @type {any} */ (inPage), argument),
    runSource: async (source) => {
      await page.evaluate(source);
    },
    click: (selector) => page.locator(selector).first().click(),
    pointAt: (x, y) => page.mouse.move(x, y, { steps: 3 }),
    press: (key) => page.keyboard.press(key),
    back: async () => {
      await page.goBack({ waitUntil: "commit" });
    },
    reload: async () => {
      await page.reload({ waitUntil: "commit" });
    },
    resize: (width, height) => page.setViewportSize({ width, height }),
    capture: () => page.screenshot({ timeout: 20_000 }),
    close: () => page.close(),
  };
}

/**
 * Runs a function on Chromium's own page of extensions, as a person's clicks there do.
 * @template A
 * @param {import("playwright-core").BrowserContext} context
 * @param {(argument: A) => unknown} inPage
 * @param {A} argument
 */
async function atExtensions(context, inPage, argument) {
  const page = await context.newPage();
  await page.goto("chrome://extensions");
  await page.evaluate(/** @type {any} */ (inPage), argument);
  await page.close();
}

/** Outside of its developers' mode Chromium would leave an unpacked extension switched off. @param {string} id */
async function reload(id) {
  await chrome.developerPrivate.updateProfileConfiguration({ inDeveloperMode: true });
  await chrome.developerPrivate.reload(id);
}

/** @param {{ extensionId: string, hostAccess: string }} to */
const hostAccess = (to) => chrome.developerPrivate.updateExtensionConfiguration(to);

/** All sites, until a click on the icon; or these, and the others stay granted. @param {{ extensionId: string, only?: string[] | undefined }} from */
async function withholding({ extensionId, only }) {
  const hostAccess = only ? "ON_SPECIFIC_SITES" : "ON_CLICK";
  await chrome.developerPrivate.updateExtensionConfiguration({ extensionId, hostAccess });
  const all = only ? ["https://civitai.com/*", "https://civitai.red/*"] : [];
  for (const site of all.filter((one) => !only?.includes(one)))
    await chrome.developerPrivate.addHostPermission(extensionId, site);
}

/** @param {string} extensionId */
async function privateAccess(extensionId) {
  await chrome.developerPrivate.updateProfileConfiguration({ inDeveloperMode: true });
  await chrome.developerPrivate.updateExtensionConfiguration({ extensionId, incognitoAccess: true });
}

/**
 * The id that Chromium gives to an unpacked extension: its path, hashed, in letters from a to p.
 * @param {string} folder
 */
function idOf(folder) {
  const hash = createHash("sha256").update(folder).digest("hex").slice(0, 32);
  return hash.replace(/./g, (digit) => String.fromCharCode(97 + Number.parseInt(digit, 16)));
}

/**
 * Tries until it does not throw: for what takes a moment to be there.
 * @template T
 * @param {() => Promise<T>} work
 */
export async function patiently(work) {
  for (let left = 100; ; left--) {
    try {
      return await work();
    } catch (error) {
      if (left === 0) throw error;
      await sleep(100);
    }
  }
}
