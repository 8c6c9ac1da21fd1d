// Real browsers without a window: Chromium through Playwright, Firefox through geckodriver.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium as playwright } from "playwright-core";
import { Builder } from "selenium-webdriver";
import firefoxDriver from "selenium-webdriver/firefox.js";
import { chromium, chromiumFlags, firefox, geckodriver } from "./browsers.mjs";

/**
 * A Chromium with a profile of its own, which `close()` removes.
 * @param {Parameters<typeof playwright.launchPersistentContext>[1] & { extension?: string }} [options]
 *   Playwright's, and the folder of an extension to load
 * @returns {Promise<import("playwright-core").BrowserContext>}
 */
export async function launchChromium({ extension, args = [], ...options } = {}) {
  const profile = await mkdtemp(join(tmpdir(), "chromium-"));
  // Both are needed: Playwright switches extensions off, all but these.
  const loading = extension
    ? [`--disable-extensions-except=${extension}`, `--load-extension=${extension}`]
    : [];
  const context = await playwright.launchPersistentContext(profile, {
    executablePath: found("Chromium", "CHROME_BIN", chromium()),
    headless: true,
    args: [...chromiumFlags, ...loading, ...args],
    ...options,
  });
  context.on("close", () => rm(profile, { recursive: true, force: true, maxRetries: 5 }));
  return context;
}

/**
 * A Firefox with a profile of its own, which `quit()` removes.
 * @param {{ extension?: string, preferences?: Record<string, string | number | boolean>, args?: string[] }} [options]
 *   `extension`: the folder or archive of an extension to load
 * @returns {Promise<import("selenium-webdriver").WebDriver>}
 */
export async function launchFirefox({ extension, preferences = {}, args = [] } = {}) {
  const options = new firefoxDriver.Options();
  options.setBinary(found("Firefox", "FIREFOX_BIN", firefox()));
  options.addArguments("-headless", ...args);
  for (const [name, value] of Object.entries({ ...QUIET, ...preferences }))
    options.setPreference(name, value);
  const service = new firefoxDriver.ServiceBuilder(found("geckodriver", "GECKODRIVER", geckodriver()));
  const driver = await new Builder()
    .forBrowser("firefox")
    .setFirefoxOptions(options)
    .setFirefoxService(service)
    .build();
  if (extension) await /** @type {firefoxDriver.Driver} */ (driver).installAddon(extension, true);
  return driver;
}

/** No calls home. */
const QUIET = {
  "app.normandy.enabled": false,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "data:,",
};

/** @param {string} name @param {string} variable @param {string | null} path */
function found(name, variable, path) {
  if (path) return path;
  throw new Error(`${name} is not on PATH: \`npm test\` installs it; or set ${variable} to where it is`);
}
