import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { scroll, useSite, visit } from "./harness.js";
import { troublesOn } from "./health.js";

const { newPage } = useSite({ crowd: 300 });

describe("lists", () => {
  test("rows go, content is emptied, ids are random", async (t) => {
    const page = await newPage(t);
    await visit(page, "/models");
    await page.locator("[data-index] a").first().waitFor();
    const root = await page.locator('[data-index="0"] > div').first().elementHandle();
    const id = (await root?.getAttribute("id")) ?? "";
    assert.match(id, /^[a-z0-9]{6,8}$/);
    await scroll(page, 2000);
    assert.deepEqual(await root?.evaluate((node) => [node.isConnected, node.querySelectorAll("a").length]), [
      true,
      0,
    ]);
    await scroll(page, 0);
    assert.deepEqual(await root?.evaluate((node) => [node.isConnected, node.querySelectorAll("a").length]), [
      true,
      1,
    ]);
    await scroll(page, 12_000);
    assert.equal(await root?.evaluate((node) => node.isConnected), false);
    assert.ok((await page.locator("[data-index]").count()) < 16);
  });

  for (const [rows, stays] of /** @type {const} */ ([
    ["index", true],
    ["first", false],
  ])) {
    test(`a root serves another model where rows are keyed by ${rows}: ${stays}`, async (t) => {
      const page = await newPage(t);
      await visit(page, `/models?__rows=${rows}`);
      const link = page.locator('[data-index="0"] a').first();
      const before = await link.getAttribute("href");
      const root = await page.locator('[data-index="0"] > div').first().elementHandle();
      await page.getByRole("link", { name: "Oldest" }).click();
      await page.waitForFunction((was) => {
        const now = document.querySelector('[data-index="0"] a')?.getAttribute("href");
        return now && now !== was;
      }, before);
      assert.equal(await root?.evaluate((node) => node.isConnected), stays);
    });
  }

  test("a base-model filter puts versions into the links", async (t) => {
    const page = await newPage(t);
    await visit(page, "/models?baseModel=Illustrious");
    const href = await page.locator("[data-index] a").first().getAttribute("href");
    assert.match(href ?? "", /\?modelVersionId=\d+$/);
  });

  test("the search keeps its roots and toggles their content", async (t) => {
    const page = await newPage(t);
    await visit(page, "/search/models");
    const roots = page.locator(
      '[class*="MasonryGrid"][class*="grid"] [class*="overflow-hidden"][class*="rounded-md"]',
    );
    await roots.first().locator("a").waitFor();
    const count = await roots.count();
    await scroll(page, 3000);
    assert.deepEqual([await roots.count(), await roots.first().locator("a").count()], [count, 0]);
  });

  test("rearranging moves the very same nodes", async (t) => {
    const page = await newPage(t);
    await visit(page, "/");
    const slide = page.locator(".embla__slide").first();
    await slide.locator("a").waitFor();
    const first = await slide.elementHandle();
    await page.evaluate(() => window.__site.rearrange());
    await page.waitForFunction((node) => node?.nextElementSibling === null, first);
    assert.deepEqual(await troublesOn(page), []);
  });
});
