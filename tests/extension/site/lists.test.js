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
    assert.deepEqual(
      await root?.evaluate((node) => [
        node.isConnected,
        node.querySelectorAll('[class*="content"] > a').length,
      ]),
      [true, 0],
    );
    await scroll(page, 0);
    assert.deepEqual(
      await root?.evaluate((node) => [
        node.isConnected,
        node.querySelectorAll('[class*="content"] > a').length,
      ]),
      [true, 1],
    );
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
      const link = page.locator('[data-index="0"] [class*="content"] > a').first();
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
    await roots.first().locator("a").first().waitFor();
    const count = await roots.count();
    await scroll(page, 3000);
    assert.deepEqual([await roots.count(), await roots.first().locator("a").count()], [count, 0]);
  });

  test("rearranging moves the very same nodes", async (t) => {
    const page = await newPage(t);
    await visit(page, "/");
    const slide = page.locator(".embla__slide").first();
    await slide.locator("a").first().waitFor();
    const first = await slide.elementHandle();
    await page.evaluate(() => window.__site.rearrange());
    await page.waitForFunction((node) => node?.nextElementSibling === null, first);
    assert.deepEqual(await troublesOn(page), []);
  });

  test("a gated model's chip is a second link to the same page, and says so during a sale", async (t) => {
    const page = await newPage(t);
    const chips = () =>
      page.locator('[data-index] [data-status-badge="access"]').evaluateAll((found) =>
        found.map((chip) => {
          const card = chip.closest('[class*="AspectRatioCard"][class*="content"]');
          const own = card?.querySelector(":scope > a")?.getAttribute("href");
          return [chip.localName, chip.getAttribute("href") === own, chip.getAttribute("aria-label")];
        }),
      );
    await visit(page, "/user/kestrel_studio/models");
    await page.locator('[data-status-badge="access"]').first().waitFor();
    const [first, ...rest] = await chips();
    assert.deepEqual(first, ["a", true, "Early Access"]);
    assert.ok(rest.some(([, , name]) => name === "Paid"));
    await visit(page, "/user/kestrel_studio/models?__sale=1");
    await page.locator('[data-status-badge="access"]').first().waitFor();
    assert.deepEqual((await chips())[0], ["a", true, "Early Access, 20% off"]);
    await visit(page, "/user/kestrel_studio/models?__era=august");
    await page.locator("[data-index] a").first().waitFor();
    assert.deepEqual(await chips(), []);
  });

  test("mature covers are a canvas or nothing until they are shown, and some cards have words", async (t) => {
    const page = await newPage(t);
    const inside = (/** @type {number} */ model) =>
      page
        .locator(`[class*="content"] > a[href^="/models/${model}"]`)
        .evaluate((link) =>
          link.firstElementChild?.querySelector("img") ? "img" : link.firstElementChild?.localName,
        );
    await visit(page, "/search/models?query=Kestrel");
    await page.locator('a[href^="/models/902700"]').first().waitFor();
    assert.equal(await inside(902_400), "canvas");
    assert.equal(await inside(902_700), undefined);
    assert.equal(await page.locator('a[href^="/models/902500"]').first().textContent(), "No Image");
    const card = page.locator('[class*="content"]', { has: page.locator('> a[href^="/models/902400"]') });
    await card.getByRole("button", { name: "Show" }).click();
    assert.equal(await inside(902_400), "img");
    assert.equal(await inside(902_700), undefined);
  });
});
