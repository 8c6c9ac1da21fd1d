// The mutations themselves, without an extension: each changes the page, the same seed does the same, and what badges
// belong to is still there.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launchChromium } from "../../helpers/browsers.js";
import { chromiumArgs } from "../site/addresses.js";
import { startSite } from "../site/server.js";
import { mutations } from "./mutations.js";
import { address, showGround } from "./page.js";

/** @type {import("../site/server.js").Site} */
let site;
/** @type {import("playwright-core").BrowserContext} */
let browser;
/** @type {import("playwright-core").Page} */
let page;

before(async () => {
  site = await startSite();
  await showGround(site);
  browser = await launchChromium({ args: chromiumArgs(site), viewport: { width: 1400, height: 900 } });
  page = await browser.newPage();
});

after(async () => {
  await browser?.close();
  await site?.close();
});

/**
 * @param {number} seed
 * @param {string[]} names
 */
async function mutated(seed, names) {
  const order = names.length > 0 ? `?__mutant=${encodeURIComponent([seed, ...names].join("|"))}` : "";
  await page.goto(`https://civitai.com${address}${order}`, { waitUntil: "domcontentloaded" });
  // Delayed parts come back.
  await page.waitForTimeout(names.includes("delays parts") ? 500 : 0);
  return page.evaluate(() => ({
    html: document.documentElement.outerHTML.replace(/<script[\s\S]*?<\/script>/g, ""),
    groups: Object.keys(/** @type {any} */ (window).__mutant.look().groups).length,
    attached: /** @type {any} */ (window).__mutant.attached(),
    links: document.querySelectorAll("main a").length,
    texts: document.evaluate("count(//main//text())", document).numberValue,
    data: Boolean(document.getElementById("__NEXT_DATA__")),
    linksAtFirst: /** @type {any} */ (window).__mutant.linksAtFirst,
    address: location.search,
  }));
}

test("each mutation changes the page and leaves what badges belong to", async () => {
  const plain = await mutated(0, []);
  assert.ok(plain.groups > 40, `${plain.groups} groups`);
  assert.equal(plain.attached, plain.groups);
  for (const name of Object.keys(mutations)) {
    const one = await mutated(7, [name]);
    assert.notDeepEqual({ ...one, address: "" }, { ...plain, address: "" }, name);
    assert.equal(one.attached, plain.groups, `${name}: groups with an anchor in the page`);
    assert.ok(one.links >= plain.links, name);
    assert.equal(one.address, "", "the order is gone from the address");
  }
});

test("the same seed does the same, another one something else", async () => {
  const pair = ["wraps elements", "renames all classes"];
  const [first, again, other] = [await mutated(11, pair), await mutated(11, pair), await mutated(12, pair)];
  assert.equal(again.html, first.html);
  assert.notEqual(other.html, first.html);
});

test("renamed classes look the same", async () => {
  const boxes = async (/** @type {string} */ order) => {
    await page.goto(`https://civitai.com${address}${order}`);
    return page.evaluate(() =>
      [...document.querySelectorAll("main a")].map((link) => {
        const { x, y, width, height } = link.getBoundingClientRect();
        return [x, y, width, height].map(Math.round).join();
      }),
    );
  };
  const plain = await boxes("");
  assert.deepEqual(await boxes(`?__mutant=${encodeURIComponent("3|renames all classes")}`), plain);
});
