// One way to drive the demo page in both browsers, so that each test is written once.

import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { By, Key } from "selenium-webdriver";
import { launchChromium, launchFirefox } from "../helpers/browsers.js";
import { browserNames } from "../helpers/mode.js";

/** The folder to serve: the page takes the built module from beside its own. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

const axe = readFileSync(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const screenshots = new URL("../screenshots/", import.meta.url);

/** @typedef {"light" | "dark"} Scheme */
/** @typedef {Awaited<ReturnType<typeof openChromium>> | Awaited<ReturnType<typeof openFirefox>>} Driver */

export const openers = { chromium: openChromium, firefox: openFirefox };
/** The browsers that this run opens, each with its name. */
export const chosen = browserNames.map((name) => /** @type {const} */ ([name, openers[name]]));

async function openChromium() {
  const context = await launchChromium({ permissions: ["clipboard-read", "clipboard-write"] });
  const page = context.pages()[0] ?? (await context.newPage());
  return {
    /** @param {string} url @param {{ width?: number }} [options] */
    async open(url, { width = 1280 } = {}) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto("about:blank"); // else an address that differs behind "#" only would not load anew
      await page.goto(url);
    },
    /** @param {string} script @param {unknown[]} args */
    execute: (script, args) =>
      page.evaluate(`(function () { ${script} }).apply(null, ${JSON.stringify(args)})`),
    /** @param {string} selector */
    click: (selector) => page.click(selector),
    /** @param {string} selector @param {string} text */
    fill: (selector, text) => page.fill(selector, text),
    /** @param {string} key */
    press: (key) => page.keyboard.press(key),
    /** @param {string} text */
    type: (text) => page.keyboard.type(text),
    capture: () => page.screenshot({ fullPage: true }),
    close: () => context.close(),
    page,
  };
}

async function openFirefox() {
  const driver = /** @type {import("selenium-webdriver/firefox.js").Driver} */ (await launchFirefox());
  const find = (/** @type {string} */ selector) => driver.findElement(By.css(selector));
  return {
    /** @param {string} url @param {{ width?: number }} [options] */
    async open(url, { width = 1280 } = {}) {
      await driver.switchTo().defaultContent();
      await driver.manage().window().setRect({ width: 1280, height: 900 });
      await driver.get("about:blank");
      if (width === 1280) return driver.get(url);
      // Its window does not get as narrow as a phone; a frame does, and media queries go by the frame.
      await driver.get(new URL("api.js", url).href);
      await driver.executeScript(
        `const frame = document.createElement("iframe");
         Object.assign(frame.style, { width: arguments[1] + "px", height: "800px", border: 0 });
         frame.src = arguments[0];
         document.body.replaceChildren(frame);
         return new Promise((resolve) => { frame.onload = resolve; }).then(() => null);`,
        url,
        width,
      );
      await driver.switchTo().frame(0);
    },
    /** @param {string} script @param {unknown[]} args */
    execute: (script, args) => driver.executeScript(script, ...args),
    /** @param {string} selector */
    click: (selector) => find(selector).click(),
    /** @param {string} selector @param {string} text */
    async fill(selector, text) {
      await find(selector).clear();
      await find(selector).sendKeys(text);
    },
    /** @param {string} key */
    async press(key) {
      const actions = driver.actions();
      const [last = "", ...modifiers] = key.split("+").map(seleniumKey).reverse();
      for (const modifier of modifiers) actions.keyDown(modifier);
      actions.sendKeys(last);
      for (const modifier of modifiers) actions.keyUp(modifier);
      await actions.perform();
    },
    /** @param {string} text */
    type: (text) => driver.actions().sendKeys(text).perform(),
    capture: async () => Buffer.from(await driver.takeFullPageScreenshot(), "base64"),
    close: () => driver.quit(),
    page: null,
  };
}

/** @param {string} name */
function seleniumKey(name) {
  /** @type {Record<string, string>} */
  const keys = {
    Tab: Key.TAB,
    Enter: Key.ENTER,
    Control: Key.CONTROL,
    ArrowRight: Key.ARROW_RIGHT,
    Space: Key.SPACE,
  };
  return keys[name] ?? name;
}

/**
 * Runs a function in the page; what it returns must be plain data.
 * @template {unknown[]} A
 * @template R
 * @param {Driver} driver
 * @param {(...args: A) => R} inPage
 * @param {A} args
 * @returns {Promise<Awaited<R>>}
 */
export async function run(driver, inPage, ...args) {
  return /** @type {Awaited<R>} */ (await driver.execute(`return (${inPage}).apply(null, arguments);`, args));
}

/**
 * Waits until a function in the page gives something true, and gives that.
 * @template R
 * @param {Driver} driver
 * @param {() => R} inPage
 * @param {number} [ms]
 */
export async function until(driver, inPage, ms = 30_000) {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(40)) {
    const result = await run(driver, inPage);
    if (result) return result;
  }
  throw new Error(`Waited ${ms} ms in vain for ${inPage}. The page says: ${await visibleText(driver)}`);
}

/**
 * What a person sees, hidden parts left out.
 * @param {Driver} driver
 */
export function visibleText(driver) {
  // biome-ignore lint/performance/useDomNodeTextContent: textContent would tell hidden parts too
  return run(driver, () => document.body.innerText);
}

/**
 * What axe finds wrong, one line each.
 * @param {Driver} driver
 * @returns {Promise<string[]>}
 */
export async function audit(driver) {
  await driver.execute(axe, []);
  return run(driver, async () => {
    const { axe } = /** @type {any} */ (globalThis);
    const { violations, passes } = await axe.run(document);
    if (passes.length < 10) return ["axe looked at almost nothing"];
    return violations.flatMap((/** @type {any} */ rule) =>
      rule.nodes.map((/** @type {any} */ node) => `${rule.id}: ${node.html}: ${node.failureSummary}`),
    );
  });
}

/**
 * Keeps a picture for a person to look at.
 * @param {Driver} driver
 * @param {string} name
 */
export async function screenshot(driver, name) {
  await mkdir(screenshots, { recursive: true });
  await writeFile(new URL(`demo-${name}.png`, screenshots), await driver.capture());
}
