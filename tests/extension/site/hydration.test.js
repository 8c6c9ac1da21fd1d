import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { someOf } from "../../helpers/mode.js";
import { useSite, visit } from "./harness.js";
import { isSettled, troublesOn } from "./health.js";
import { everyKind } from "./sample.js";

const { site, newPage } = useSite({ crowd: 300 });

const list = '[class*="ModelVersionList"][class*="scrollContainer"]';

const pages = [
  ...["/", "/models", "/models?sort=Oldest", "/tag/style", "/user/kestrel_studio/models", "/search/models"],
  ...[
    "/models/827184",
    "/models/900100?__session=20002",
    "/models/901200?__session=20002",
    "/models/902100",
    "/models/404404",
  ],
  ...["/images/300123", "/posts/3", "/auctions", "/user/downloads", "/user/downloads?__downloads=cards"],
  ...["/challenges/7", "/ecosystems/illustrious", "/comics/3", "/posts/3/edit", "/auctions?__every=1"],
  ...["/images/300123?__imageDetail=cards", "/models/900100?__era=august", "/models/902200?__sale=1"],
  ...[
    "/user/kestrel_studio/shop",
    "/models/create",
    "/models/827184?__gated=1",
    "/models/827184?__hostile=1",
  ],
];

// In development React says more, and takes longer.
for (const build of someOf(["production", "development"])) {
  test(`every page hydrates without a word from React (${build})`, async (t) => {
    const page = await newPage(t);
    for (const [at, path] of pages.entries()) {
      const host = at % 2 ? "civitai.red" : "civitai.com";
      await visit(
        page,
        with_(
          path,
          `__build=${build}&__csp=${at % 3 ? "none" : "strict"}&__scheme=${at % 4 ? "dark" : "light"}`,
        ),
        host,
      );
      assert.deepEqual(await troublesOn(page), [], path);
    }
    assert.deepEqual(site().errors, []);
  });
}

describe("before hydration", () => {
  test("the page is there, the announcer is not, until the bundle comes", async (t) => {
    const page = await newPage(t);
    await page.goto("https://civitai.com/models/827184?__bundleDelay=700", { waitUntil: "commit" });
    await page.locator("h1").waitFor();
    assert.equal(await page.locator("next-route-announcer").count(), 0);
    await page.waitForFunction(isSettled);
    assert.deepEqual(await troublesOn(page), []);
  });

  test("the bundle may come after `load`", async (t) => {
    const page = await newPage(t);
    await page.goto("https://civitai.com/models/827184?__bundle=afterLoad&__bundleDelay=300");
    assert.equal(await page.locator("next-route-announcer").count(), 0);
    await page.waitForFunction(isSettled);
  });

  // On a busy machine half a second is over before the page was asked.
  for (const late of someOf([5000, 1500])) {
    test(`a boundary hydrates ${late} ms after the rest`, async (t) => {
      const page = await newPage(t);
      await page.goto(`https://civitai.com/models/827184?__lateSuspense=${late}`);
      await page.locator("next-route-announcer").waitFor({ state: "attached" });
      assert.ok(await page.locator('[data-activity="follow-recommendation:details"]').count());
      assert.equal(await page.evaluate(isSettled), false);
      await page.waitForFunction(isSettled);
      assert.deepEqual(await troublesOn(page), []);
    });
  }

  test("the announcer may never come", async (t) => {
    const page = await newPage(t);
    await page.goto("https://civitai.com/models?__announcer=never");
    await page.locator("[data-index] a").first().waitFor();
    assert.equal(await page.locator("next-route-announcer").count(), 0);
  });
});

test("the hooks that the contract ranks are there", async (t) => {
  const page = await newPage(t);
  for (const [path, selectors] of Object.entries(hooks)) {
    await visit(page, path);
    for (const selector of selectors) {
      await page
        .locator(selector)
        .first()
        .waitFor({ state: "attached", timeout: 3000 })
        .catch(() => assert.fail(`${path}: ${selector}`));
    }
  }
});

test("rows can name one version of every kind, and a drawer holds the list of a picture", async (t) => {
  const page = await newPage(t);
  await visit(page, "/comics/3?__every=1");
  await page.getByRole("button", { name: "Panel details" }).click();
  await page.getByText(/^Show \d+ more$/).click();
  const hrefs = await page
    .locator("[role=dialog] li a")
    .evaluateAll((links) =>
      links.map((link) => new URL(/** @type {HTMLAnchorElement} */ (link).href).search),
    );
  assert.equal(new Set(hrefs).size, everyKind.length);
  assert.equal(await page.locator("#__next [role=dialog]").count(), 0);
});

/** The selectors of the contract's §2.1 to §2.3, by the page where they must be found. */
const hooks = {
  "/models/827184?__session=12345&modelVersionId=2514310": [
    "#__next #main .scroll-area main",
    'div.mantine-Container-root[data-tour="model:start"] h1.mantine-Title-root[data-order="1"]',
    'div.mantine-Badge-root[data-size="lg"][data-activity="create:model-stat"] svg.tabler-icon-brush',
    'div.mantine-Badge-root[data-size="lg"] svg.tabler-icon-clock',
    '.mantine-ScrollArea-root [aria-label="Scroll versions left"]',
    '.mantine-ScrollArea-root [aria-label="Scroll versions right"]',
    '[data-tour="model:start"] .mantine-ScrollArea-root:has(button[data-size="compact-sm"])',
    `${list} .mantine-Group-root > button.mantine-Button-root[data-size="compact-sm"] .mantine-Button-label`,
    `${list} button[style*="--button-bg:var(--mantine-color-blue-filled)"]`,
    `${list} button[style*="--button-bg:var(--mantine-color-gray-filled)"]`,
    `${list} div.mantine-ThemeIcon-root svg.tabler-icon-bolt`,
    'button[data-tour="model:create"][data-activity="create:model"] svg.tabler-icon-brush',
    'a[href^="/models/827184/reviews?modelVersionId=2514310"]',
    'a[href^="/api/download/models/2514310"]',
    "code.mantine-Code-root:nth-of-type(4)",
    '[data-activity="follow-recommendation:details"][href*="modelVersionId="]',
    "a.flex.items-center.gap-4[href^='/models/']",
    "#gallery",
    'head link[rel="alternate"][href$="/models/827184"]',
    'head link[rel="canonical"][href$="/models/827184/wai-illustrious-sdxl"]',
    "body > next-route-announcer #__next-route-announcer__",
  ],
  "/models": [
    '[style*="position: relative"] > [data-index="0"][style*="translateY"]',
    '[data-index] div[style*="aspect-ratio"].relative.flex.overflow-hidden.rounded-md > [class*="AspectRatioCard"][class*="content"]',
    '[class*="content"] > a[class*="linkOrClick"][aria-label][href^="/models/"]',
    '[class*="AspectRatioCard"][class*="header"] [class*="infoChip"]',
    '[class*="AspectRatioCard"][class*="footer"] .mantine-Text-root',
    'button[data-activity="create:model-card"]',
    '[class*="CosmeticWrapper"] > div.relative.flex.overflow-hidden',
    '[class*="content"] > .absolute.z-20',
    '[class*="header"] a[data-status-badge="access"][aria-label][href^="/models/"] svg.tabler-icon-clock-dollar',
    '[class*="header"] [data-status-badge="recency"]',
  ],
  "/search/models": [
    'div[class*="MasonryGrid"][class*="grid"][style*="grid-template-columns"] a[href^="/models/"]',
  ],
  "/challenges/7": [
    '.mantine-Accordion-root a[href*="modelVersionId="] + button[aria-label^="Generate with "]',
  ],
  "/ecosystems/illustrious": [
    '.mantine-Card-root > a[href^="/models/"] + a[href^="/models/"][href*="?modelVersionId="]',
    'a[href^="/generate?modelVersionId="]',
  ],
  "/posts/3/edit": [
    'div.flex.justify-between.items-center > a[href*="modelVersionId="] + .mantine-Badge-root',
  ],
  "/images/300123?__imageDetail=cards": ['a[href*="modelVersionId="] > .mantine-Card-root'],
  "/images/300123": [
    "p.text-lg.font-semibold",
    'li.flex.flex-col > div.flex.items-center.justify-between > a[href*="modelVersionId="] > p.underline',
    'li.flex.flex-col > a[href*="modelVersionId="] > p.text-xs',
    "li.flex.flex-col > div > div.flex.gap-1 .mantine-Badge-root",
  ],
};

/**
 * @param {string} path
 * @param {string} query
 */
function with_(path, query) {
  return `${path}${path.includes("?") ? "&" : "?"}${query}`;
}
