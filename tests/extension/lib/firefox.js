// Firefox with the extension in it, by geckodriver.

import { Builder, By, Key } from "selenium-webdriver";
import firefoxDriver from "selenium-webdriver/firefox.js";
import { firefox, geckodriver } from "../../helpers/repository.js";
import { firefoxPreferences } from "../site/addresses.js";
import { blankPage } from "./unpacked.js";

/** @typedef {import("./browser.js").Browser} Browser */
/** @typedef {import("./browser.js").Tab} Tab */
/** @typedef {import("selenium-webdriver/firefox.js").Driver} Driver */

/** The name under which Firefox keeps the extension's pages; chosen here, so that a test knows it. */
const uuid = "6f1c2a52-6f0f-4c59-9d37-2f8f6f6c3a10";

/**
 * @param {{ site: import("../site/server.js").Site, unpacked: import("./unpacked.js").Unpacked,
 *   preferences?: Record<string, string | number | boolean> | undefined }} from
 * @returns {Promise<Browser & { driver: Driver }>}
 */
export async function openFirefox({ site, unpacked, preferences = {} }) {
  const id = unpacked.manifest.browser_specific_settings.gecko.id;
  const driver = await launch({
    ...firefoxPreferences(site),
    "extensions.webextensions.uuids": JSON.stringify({ [id]: uuid }),
    ...preferences,
  });
  await driver.installAddon(unpacked.folder, true);
  await driver.manage().window().setRect({ width: 1400, height: 985, x: 0, y: 0 });
  const origins = unpacked.manifest.host_permissions;
  const origin = `moz-extension://${uuid}`;
  return {
    name: "firefox",
    origin,
    driver,
    newTab: () =>
      inTurn(driver, async () => {
        // An update closes the extension's own tab, the latest one perhaps: a new one comes beside one that is there.
        await driver.getWindowHandle().catch(() => toFirstTab(driver));
        await driver.switchTo().newWindow("tab");
        const handle = await driver.getWindowHandle();
        chosen.set(driver, handle);
        return tabOf(driver, handle);
      }),
    stopWorker: () =>
      inFirefox(
        driver,
        (id) =>
          WebExtensionPolicy.getByID(id).extension.terminateBackground({ ignoreDevToolsAttached: true }),
        id,
      ),
    async update() {
      await driver.installAddon(unpacked.folder, true);
    },
    withholdSites: (only = origins) => inFirefox(driver, permissions, { id, how: "remove", origins: only }),
    grantSites: () => inFirefox(driver, permissions, { id, how: "add", origins }),
    consent: (given) =>
      inFirefox(driver, permissions, {
        id,
        how: given ? "add" : "remove",
        data_collection: ["personallyIdentifyingInfo"],
      }),
    allowPrivate: () =>
      inFirefox(
        driver,
        async (id) => {
          const { extension } = WebExtensionPolicy.getByID(id);
          const { ExtensionPermissions } = ChromeUtils.importESModule(
            "resource://gre/modules/ExtensionPermissions.sys.mjs",
          );
          const allowed = { permissions: ["internal:privateBrowsingAllowed"], origins: [] };
          await ExtensionPermissions.add(id, allowed, extension);
          const { AddonManager } = ChromeUtils.importESModule("resource://gre/modules/AddonManager.sys.mjs");
          await (await AddonManager.getAddonByID(id)).reload();
        },
        id,
      ),
    emulateScheme: (_, scheme) =>
      inFirefox(
        driver,
        (value) => Services.prefs.setIntPref("layout.css.prefers-color-scheme.content-override", value),
        scheme === "dark" ? 0 : 1,
      ),
    async clearCookies() {
      await driver.manage().deleteAllCookies();
    },
    close: () => driver.quit(),
    blank: `${origin}/${blankPage}`,
  };
}

/** The latest work of each driver. @type {WeakMap<Driver, Promise<unknown>>} */
const latest = new WeakMap();

/**
 * A driver has one window at a time: who uses another one meanwhile would close or read the wrong one.
 *
 * @template T
 * @param {Driver} driver
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
function inTurn(driver, work) {
  const next = (latest.get(driver) ?? Promise.resolve()).then(work);
  latest.set(
    driver,
    next.catch(() => {}),
  );
  return next;
}

/** The window that each driver has: to ask it every time doubles the work of a test that waits. @type {WeakMap<Driver, string>} */
const chosen = new WeakMap();

/** @param {Driver} driver @param {string} handle */
async function choose(driver, handle) {
  await driver.switchTo().window(handle);
  chosen.set(driver, handle);
}

/**
 * @param {Driver} driver
 * @param {string} handle
 * @returns {Tab}
 */
function tabOf(driver, handle) {
  /** Firefox does one tab after another. @template T @param {() => Promise<T>} work */
  const here = (work) =>
    inTurn(driver, async () => {
      if (chosen.get(driver) !== handle) await choose(driver, handle);
      return work();
    });
  const find = (/** @type {string} */ selector) => driver.findElement(By.css(selector));
  return {
    open: (url) => here(() => (url.startsWith("moz-extension:") ? openOwn(driver, url) : driver.get(url))),
    run: (inPage, argument) =>
      here(
        async () =>
          /** @type {any} */ (driver.executeScript(`return (${inPage})(arguments[0]);`, argument ?? null)),
      ),
    runSource: (source) => here(() => driver.executeScript(source)),
    click: (selector) => here(() => find(selector).click()),
    pointAt: (x, y) =>
      here(() =>
        driver
          .actions()
          .move({ x: Math.round(x), y: Math.round(y) })
          .perform(),
      ),
    press: (key) =>
      here(() =>
        driver
          .actions()
          .sendKeys(keys[key] ?? key)
          .perform(),
      ),
    back: () => here(() => driver.navigate().back()),
    reload: () => here(() => driver.navigate().refresh()),
    resize: (width, height) =>
      here(async () => {
        await driver
          .manage()
          .window()
          .setRect({ width, height: height + 85 });
      }),
    capture: () => here(async () => Buffer.from(await driver.takeScreenshot(), "base64")),
    close: () =>
      here(async () => {
        await driver.close();
        await toFirstTab(driver);
      }),
  };
}

/** @param {Driver} driver */
async function toFirstTab(driver) {
  const [first] = await driver.getAllWindowHandles();
  if (first) await choose(driver, first);
}

/**
 * Pages of extensions are not for drivers to open; Firefox itself opens them.
 * @param {Driver} driver
 * @param {string} url
 */
async function openOwn(driver, url) {
  await inFirefox(
    driver,
    (to) => {
      const triggeringPrincipal = Services.scriptSecurityManager.getSystemPrincipal();
      gBrowser.selectedBrowser.fixupAndLoadURIString(to, { triggeringPrincipal });
    },
    url,
  );
  await driver.wait(async () => {
    if ((await driver.getCurrentUrl()) !== url) return false;
    return driver.executeScript('return document.readyState === "complete"');
  }, 10_000);
}

/**
 * Runs a function in Firefox's own window, where everything is allowed.
 * @template A
 * @param {Driver} driver
 * @param {(argument: A) => unknown} inWindow
 * @param {A} argument
 */
async function inFirefox(driver, inWindow, argument) {
  await driver.setContext(firefoxDriver.Context.CHROME);
  try {
    await driver.executeScript(`return (${inWindow})(arguments[0]);`, argument);
  } finally {
    await driver.setContext(firefoxDriver.Context.CONTENT);
  }
}

/** @param {{ id: string, how: "add" | "remove", origins?: string[], data_collection?: string[] }} change */
async function permissions({ id, how, origins = [], data_collection = [] }) {
  const { ExtensionPermissions } = ChromeUtils.importESModule(
    "resource://gre/modules/ExtensionPermissions.sys.mjs",
  );
  const { extension } = WebExtensionPolicy.getByID(id);
  await ExtensionPermissions[how](id, { permissions: [], origins, data_collection }, extension);
}

/** @param {Record<string, string | number | boolean>} preferences */
async function launch(preferences) {
  const options = new firefoxDriver.Options().setBinary(firefox() ?? "firefox").addArguments("-headless");
  for (const [name, value] of Object.entries(preferences)) options.setPreference(name, value);
  options.setAcceptInsecureCerts(true);
  const service = new firefoxDriver.ServiceBuilder(geckodriver() ?? "geckodriver");
  service.addArguments("--allow-system-access");
  const builder = new Builder().forBrowser("firefox").setFirefoxOptions(options).setFirefoxService(service);
  return /** @type {Driver} */ (await builder.build());
}

/** @type {Record<string, string>} */
const keys = {
  Escape: Key.ESCAPE,
  Enter: Key.ENTER,
  Tab: Key.TAB,
  " ": Key.SPACE,
  ArrowDown: Key.ARROW_DOWN,
  ArrowUp: Key.ARROW_UP,
};
