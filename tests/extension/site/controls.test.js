import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { someOf } from "../../helpers/mode.js";
import { scroll, useSite } from "./harness.js";
import { isSettled, troublesOn } from "./health.js";

/** @typedef {import("playwright-core").Page} Page */

const { newPage } = useSite({ crowd: 120 });

for (const build of someOf(["production", "development"])) {
  describe(`bad content scripts are found out (${build})`, () => {
    test("one that inserts before hydration", async (t) => {
      const page = await open(
        t,
        "bad/before-hydration.js",
        `/models/827184?__bundleDelay=300&__build=${build}`,
      );
      const found = await troublesOn(page, "title");
      assert.ok(
        found.some((line) => /recoverable: .*(#418|#423|[Hh]ydrat)/.test(line)),
        found.join("\n"),
      );
      assert.ok(found.includes("no badge: title"), found.join("\n"));
    });

    test("one that wraps the site's links", async (t) => {
      const page = await open(t, "bad/wraps.js", `/models?__build=${build}`);
      assert.deepEqual(await troublesOn(page, "cards"), []);
      await scroll(page, 2000);
      const found = await troublesOn(page);
      assert.ok(
        found.some((line) => /not a child of this node/.test(line)),
        found.join("\n"),
      );
    });

    test("one that sets the text of a label", async (t) => {
      const page = await open(t, "bad/sets-text.js", `/models/827184?__build=${build}`);
      assert.deepEqual(await troublesOn(page), []);
      await page.evaluate(() => window.__site.rearrange());
      await page.waitForFunction(() => window.__siteErrors.length > 0);
      const found = await troublesOn(page);
      assert.ok(
        found.some((line) => /not a child of this node/.test(line)),
        found.join("\n"),
      );
    });

    test("one that puts its badge into the card's link", async (t) => {
      const page = await open(t, "bad/inside-card-link.js", `/models?__build=${build}`);
      assert.deepEqual(await troublesOn(page, "cards"), []);
      // Not so far that the rows themselves go: their roots stay, emptied.
      await scroll(page, 2000);
      await scroll(page, 0);
      const found = await troublesOn(page, "cards");
      assert.ok(
        found.some((line) => line.startsWith("no badge: card")),
        found.join("\n"),
      );
    });

    test("one that inserts into a boundary that is not hydrated yet", async (t) => {
      const page = await open(
        t,
        "bad/late-boundary.js",
        `/models/827184?__lateSuspense=800&__build=${build}`,
      );
      assert.deepEqual(await troublesOn(page, "blocks"), []);
      await page.waitForFunction(isSettled);
      const found = await troublesOn(page, "blocks");
      assert.ok(
        found.some((line) => /recoverable: .*(#418|#422|[Hh]ydrat)/.test(line)),
        found.join("\n"),
      );
      assert.ok(
        found.some((line) => line.startsWith("no badge: block")),
        found.join("\n"),
      );
    });

    test("and one that does it right is not", async (t) => {
      const page = await open(t, "good.js", `/models/827184?__build=${build}`);
      const all = /** @type {import("./health.js").Surface[]} */ (["title", "versions", "blocks"]);
      await healthy(page, all);
      for (const name of ["v15.0", "v14.0", "v16.0"])
        await page.getByRole("button", { name: new RegExp(`${name}$`) }).click();
      for (const act of /** @type {const} */ (["rearrange", "rerender", "rearrange"])) {
        await page.evaluate((what) => window.__site[what](), act);
        await healthy(page, all);
      }
      await page.getByLabel("Toggle theme").click();
      await page.evaluate(() => window.__site.navigate("/models/900100/kestrel-watercolours"));
      await page.getByRole("button", { name: "Sketchbook" }).waitFor();
      await healthy(page, all);
      await page.locator("#gallery a").first().click();
      await page.goBack();
      await page.evaluate(() => window.__site.navigate("/models"));
      for (const top of [2000, 9000, 0]) await scroll(page, top);
      await healthy(page, ["cards"]);
    });
  });
}

/**
 * @param {import("node:test").TestContext} t
 * @param {string} script
 * @param {string} path
 */
async function open(t, script, path) {
  const page = await newPage(t);
  await page.addInitScript({ path: fileURLToPath(new URL(script, import.meta.url)) });
  await page.goto(`https://civitai.com${path}`);
  await page.locator("next-route-announcer").waitFor({ state: "attached" });
  if (path.startsWith("/models?")) await page.locator("[data-index] a").first().waitFor();
  return page;
}

/**
 * In the end, as the script waits for idle moments, which are rare on a busy machine.
 * @param {Page} page
 * @param {import("./health.js").Surface[]} surfaces
 */
async function healthy(page, surfaces) {
  const end = Date.now() + 5000;
  let found;
  do {
    await page.waitForTimeout(150);
    found = await troublesOn(page, ...surfaces);
  } while (found.length > 0 && Date.now() < end);
  assert.deepEqual(found, []);
}
