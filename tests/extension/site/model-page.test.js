import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { useSite, visit } from "./harness.js";
import { troublesOn } from "./health.js";

const { newPage } = useSite({});

const list = '[class*="ModelVersionList"][class*="scrollContainer"]';

describe("the version list", () => {
  test("switching is a replaceState and a change of style, nothing else", async (t) => {
    const page = await newPage(t);
    await visit(page, "/models/827184");
    assert.match(page.url(), /\/models\/827184\/wai-illustrious-sdxl\?modelVersionId=2514310$/);
    const entries = await page.evaluate(() => history.length);
    // Covers of other models are lazy, and may come late.
    await page.waitForLoadState("networkidle");
    /** @type {string[]} */
    const requests = [];
    page.on("request", (request) => requests.push(request.url()));
    await page.evaluate(() => {
      const list = document
        .querySelector('[aria-label="Scroll versions left"]')
        ?.closest(".mantine-ScrollArea-root");
      new MutationObserver((records) => {
        const seen = records.map(({ type, attributeName }) => attributeName ?? type);
        document.body.setAttribute("data-seen", [...new Set(seen)].sort().join());
      }).observe(list ?? document, { subtree: true, childList: true, attributes: true, characterData: true });
    });
    await page.getByRole("button", { name: "v15.0" }).click();
    await page.waitForURL(/modelVersionId=2402203/);
    await page.locator('[role="alert"]', { hasText: "Early Access" }).waitFor();
    assert.equal(await page.locator("body").getAttribute("data-seen"), "style");
    assert.equal(await page.evaluate(() => history.length), entries);
    assert.deepEqual(requests, []);
  });

  test("owners see a draft and a menu in each wrapper, others neither", async (t) => {
    const page = await newPage(t);
    const names = () => page.locator(`${list} .mantine-Button-label`).allInnerTexts();
    await visit(page, "/models/901200");
    assert.deepEqual(await names(), ["v0.3", "v0.2"]);
    await visit(page, "/models/901200?__session=20002");
    assert.deepEqual((await names()).filter(Boolean), ["v0.3", "v0.2", "v0.1"]);
    assert.equal(await page.locator(`${list} [role="group"] > button:first-child`).count(), 3);
  });

  test("brushes or marks of what is loaded, bolts and doubles", async (t) => {
    const page = await newPage(t);
    const brushes = page.locator('[title="This version is available for image generation"]');
    const loaded = page.locator(`${list} span[role="img"][aria-label="Loaded"]`);
    await visit(page, "/models/900700?__era=august");
    assert.equal(await brushes.count(), 0);
    assert.equal(await page.locator('[data-tour="model:create"]').count(), 0);
    await visit(page, "/models/902100");
    assert.deepEqual(await page.locator(`${list} .mantine-Button-label`).allInnerTexts(), ["v1.0", "v1.0"]);
    await visit(page, "/models/827184");
    assert.equal(await page.locator(`${list} svg.tabler-icon-bolt`).count(), 1);
    assert.deepEqual([await brushes.count(), await loaded.count()], [0, 1]);
    await visit(page, "/models/827184?__era=august");
    assert.deepEqual([await brushes.count(), await loaded.count()], [3, 0]);
  });
});

test("another model shows in the same h1", async (t) => {
  const page = await newPage(t);
  await visit(page, "/models/827184");
  const title = await page.locator("h1").elementHandle();
  await page.evaluate(() => window.__site.navigate("/models/900100/kestrel-watercolours"));
  await page.waitForURL(/900100.*modelVersionId=900108/);
  assert.deepEqual(
    await title?.evaluate((node) => [node.isConnected, node.childNodes.length, node.textContent]),
    [true, 1, "Kestrel Watercolours"],
  );
  assert.match(await page.title(), /Kestrel Watercolours - Sketchbook/);
  assert.match(
    (await page.locator("#__NEXT_DATA__").textContent()) ?? "",
    /"id":827184/,
    "the page's data is stale",
  );
});

test("a picture opens over the page, in #main, under an address of its own", async (t) => {
  const page = await newPage(t);
  await visit(page, "/models/900100");
  const [url, title] = [page.url(), await page.title()];
  await page.evaluate(() =>
    addEventListener("locationchange", () => document.body.setAttribute("data-changes", "1")),
  );
  await page.locator("#gallery a").first().click();
  await page.locator("#main [role=dialog] li a").first().waitFor();
  assert.equal((await page.locator("#main [role=dialog]").boundingBox())?.x, 0);
  assert.match(page.url(), /\/images\/\d+$/);
  assert.match(await page.title(), /^Picture/);
  assert.equal(await page.locator("body").getAttribute("data-changes"), "1");
  assert.equal(await page.locator("h1").textContent(), "Kestrel Watercolours");
  const links = await page
    .locator("#main [role=dialog] li")
    .first()
    .locator('a[href*="modelVersionId="]')
    .count();
  assert.equal(links, 2);
  await page.goBack();
  await page.locator("[role=dialog]").waitFor({ state: "detached" });
  assert.deepEqual([page.url(), await page.title()], [url, title]);
});

describe("places that keep badges out", () => {
  for (const [where, path, selector] of /** @type {const} */ ([
    ["the editor", "/models/827184", ".ProseMirror a"],
    ["the chat", "/models/827184", "[role=log] a"],
    ["the hostile box", "/models/827184?__hostile=1", "#hostile a"],
  ])) {
    test(where, async (t) => {
      const page = await newPage(t);
      await visit(page, path);
      await page.getByLabel("Chat", { exact: true }).first().click();
      const link = page.locator(selector).first();
      await link.waitFor();
      await link.evaluate((node) => node.after(document.createElement("civitai-lock-badge")));
      await page.waitForFunction(() => !document.querySelector("civitai-lock-badge"));
    });
  }

  test("the creator's text is set anew", async (t) => {
    const page = await newPage(t);
    await visit(page, "/models/827184");
    await page
      .locator(".RenderHtml a")
      .first()
      .evaluate((node) => node.after(document.createElement("civitai-lock-badge")));
    await page.evaluate(() => window.__site.rerender());
    await page.waitForFunction(() => !document.querySelector("civitai-lock-badge"));
    assert.deepEqual(await troublesOn(page), []);
  });
});

test("steps back end where the document began", async (t) => {
  const page = await newPage(t);
  await visit(page, "/auctions");
  await visit(page, "/models/827184");
  await page.evaluate(() => window.__site.navigate("/models/900200"));
  await page.locator("#gallery a").first().click();
  await page.locator(".imageDetail").waitFor();
  const paths = await page.evaluate(async () => {
    const seen = [];
    for (let step = 0; step < 4; step++) {
      await Promise.all([window.__site.back(), step === 3 ? window.__site.back() : null]);
      seen.push(location.pathname.split("/").slice(0, 3).join("/"));
    }
    return seen;
  });
  assert.deepEqual(paths, ["/models/900200", "/models/827184", "/models/827184", "/models/827184"]);
});

test("the switch changes the html element, not the body", async (t) => {
  const page = await newPage(t);
  await visit(page, "/models/827184");
  await page.getByLabel("Toggle theme").click();
  const html = page.locator('html[data-mantine-color-scheme="light"]');
  await html.waitFor();
  assert.equal(await page.locator("body.dark").count(), 1);
  await visit(page, "/models/827184");
  assert.equal(await html.locator("body.light").count(), 1);
});
