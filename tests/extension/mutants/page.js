// One static document with many surfaces, made of what the test site renders: a mutant of it loads in the time of one
// page. React is left out, so that a mutation may do to the markup what React would not survive.

import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { launchChromium } from "../../helpers/browsers.js";
import { models } from "../lib/truth.js";
import { chromiumArgs } from "../site/addresses.js";
import { isSettled } from "../site/health.js";

/** The model that the document is about. */
const model = 902_200;

/** The address of the document; a mutant is ordered by `?__mutant=seed|name|name`. */
export const address = `/models/${model}/kestrel-terms`;

/** Whose `main` goes below the model's own. */
const parts = [
  "/search/models?query=Kestrel",
  "/images/300123?__every=1",
  "/images/300124?__imageDetail=cards",
  "/auctions",
  "/posts/4",
  "/user/downloads",
  "/challenges/7",
  "/ecosystems/illustrious",
  "/posts/3/edit",
];

/**
 * Takes the pages from the site, by a browser without the extension, and shows the whole at `address`.
 *
 * @param {import("../site/server.js").Site} site
 */
export async function showGround(site) {
  const browser = await launchChromium({ args: chromiumArgs(site), viewport: { width: 1400, height: 4000 } });
  try {
    const page = await browser.newPage();
    const own = await taken(page, `${address}?modelVersionId=902205`);
    const others = [];
    for (const path of parts) others.push(await taken(page, path));
    site.show(
      address,
      await documentOf(own, others, '<link rel="stylesheet" href="/_next/static/css/app-production.css">'),
    );
    await page.goto(`https://civitai.com${address}`);
    const style = await page.evaluate(usedStyles);
    site.show(address, await documentOf(own, others, `<style>${style}</style>`));
  } finally {
    await browser.close();
  }
}

/**
 * @param {import("playwright-core").Page} page
 * @param {string} path
 */
async function taken(page, path) {
  await page.goto(`https://civitai.com${path}`);
  await page.waitForFunction(isSettled);
  await page.waitForFunction(
    () => document.querySelectorAll('main a[href*="modelVersionId="], main a[href^="/models/"]').length > 0,
  );
  const more = page.getByText(/^Show \d+ more$/);
  if (await more.count()) await more.click();
  await page.waitForLoadState("networkidle");
  return page.evaluate(taking);
}

/** Runs in the page. */
function taking() {
  const main = /** @type {Element} */ (document.querySelector("main"));
  const copy = /** @type {Element} */ (main.cloneNode(true));
  for (const one of copy.querySelectorAll("script, #gallery, .suggested")) one.remove();
  // A few of each kind are enough, and the page is loaded thousands of times.
  const few = /** @type {const} */ ([
    [".RenderHtml p", 10],
    [".imageDetail li", 8],
    [".resourceCards > *", 4],
    [".downloads > *", 6],
  ]);
  for (const [selector, most] of few)
    for (const one of [...copy.querySelectorAll(selector)].slice(most)) one.remove();
  // Covers are of no interest here, and each would be a request.
  for (const image of copy.querySelectorAll("img"))
    image.setAttribute("src", "data:image/gif;base64,R0lGODlhAQABAAAAACw=");
  // Only React writes and reads these.
  const walker = document.createTreeWalker(copy, NodeFilter.SHOW_COMMENT);
  const comments = [];
  while (walker.nextNode()) comments.push(walker.currentNode);
  for (const comment of comments) /** @type {Comment} */ (comment).remove();
  const data = document.getElementById("__NEXT_DATA__")?.textContent ?? "{}";
  return { html: copy.innerHTML, data, title: document.title };
}

/** The style rules that something on the page is concerned by. Runs in the page. */
function usedStyles() {
  /** @param {CSSRule} rule @returns {string} */
  const used = (rule) => {
    if (rule instanceof CSSStyleRule) {
      const plain = rule.selectorText.replace(/::?[a-z-]+(\([^()]*\))?/g, "").trim();
      try {
        return !plain || /^[,>+~&]|[,>+~]$/.test(plain) || document.querySelector(plain) ? rule.cssText : "";
      } catch {
        return rule.cssText;
      }
    }
    if (!(rule instanceof CSSGroupingRule)) return rule instanceof CSSKeyframesRule ? "" : rule.cssText;
    const inner = [...rule.cssRules].map(used).join("\n");
    return inner ? `${rule.cssText.slice(0, rule.cssText.indexOf("{"))}{${inner}}` : "";
  };
  return [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules].map(used)).join("\n");
}

/** @typedef {ReturnType<typeof taking>} Part */

/**
 * @param {Part} own
 * @param {Part[]} others
 * @param {string} style
 */
async function documentOf(own, others, style) {
  const versions = models[model];
  return `<!doctype html><html lang="en" data-mantine-color-scheme="dark"><head><meta charset="utf-8"><title>${own.title}</title>
${style}<style>.scroll-area { overflow: visible !important; }</style>
<link rel="canonical" href="https://civitai.com${address}"></head>
<body class="dark"><div id="__next"><div id="main"><div class="scroll-area flex-1"><main class="min-w-0 flex-1">
${[own, ...others].map(({ html }) => `<div>${html}</div>`).join("\n")}
</main></div></div></div>
<script id="__NEXT_DATA__" type="application/json">${own.data.replaceAll("<", "\\u003c")}</script>
<script id="mutant" type="application/json">${JSON.stringify({ versions })}</script>
<script>${await inPage()}</script></body></html>`;
}

/** What mutates and reports, as one classic script. */
async function inPage() {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("in-page.js", import.meta.url))],
    bundle: true,
    write: false,
    format: "iife",
    logLevel: "error",
  });
  return (outputFiles[0]?.text ?? "").replaceAll("</script", "<\\/script");
}
