// Pages of any size under Civitai's name, made of one card of the test site; and what Chromium knows of their cost.

import { setTimeout as sleep } from "node:timers/promises";
import { launchChromium } from "../../helpers/browsers.js";
import { startStandIn } from "../../helpers/stand-in.js";
import { settled, visit } from "../lib/badges.js";
import { openChromium, tabOf } from "../lib/chromium.js";
import { unpack } from "../lib/unpacked.js";
import { chromiumArgs } from "../site/addresses.js";
import { startSite } from "../site/server.js";

/** @typedef {Awaited<ReturnType<typeof openLoad>>} Load */
/** @typedef {{ name: string, html: string }} StaticPage */

/** The models of the stand-in's crowd. */
export const FIRST_MODEL = 300_000;

/**
 * A stand-in, the test site, and Chromium with the extension and without.
 * @param {{ passOn?: (standIn: string) => Promise<string> }} [options] `passOn`: an address that stands before the stand-in
 */
export async function openLoad({ passOn } = {}) {
  /** What ends with it, the latest first. @type {(() => unknown)[]} */
  const closers = [];
  const close = async () => {
    for (const end of closers.splice(0).reverse()) await end();
  };
  try {
    return { ...(await opened(passOn, closers)), close };
  } catch (error) {
    // Else what is open already would keep the test's process alive, and the error would never be reported.
    await close();
    throw error;
  }
}

/**
 * @param {((standIn: string) => Promise<string>) | undefined} passOn
 * @param {(() => unknown)[]} closers
 */
async function opened(passOn, closers) {
  const standIn = await startStandIn();
  closers.push(standIn.close);
  const api = standIn.session("load");
  const site = await startSite({ standIn: passOn ? await passOn(api.baseUrl) : api.baseUrl, crowd: 60 });
  closers.push(site.close);
  const unpacked = await unpack();
  closers.push(unpacked.remove);
  const browser = await openChromium({ site, unpacked });
  closers.push(browser.close);
  const plain = await launchChromium({ args: chromiumArgs(site), viewport: { width: 1400, height: 900 } });
  closers.push(() => plain.close());
  const contexts = { with: browser.context, without: plain };
  const card = await cardOf(browser);

  return {
    api,
    browser,
    contexts,
    card,
    /**
     * Opens a page that holds nothing but this.
     * @param {keyof typeof contexts} where @param {StaticPage} page
     */
    async open(where, { name, html }) {
      const address = `https://civitai.com/${name}`;
      await contexts[where].route(address, (route) =>
        route.fulfill({ contentType: "text/html; charset=utf-8", body: html }),
      );
      const page = await contexts[where].newPage();
      const cdp = await contexts[where].newCDPSession(page);
      // CPU time of the thread, not wall time: other processes do not add to it.
      await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
      await page.addInitScript(() => {
        const tasks = /** @type {number[]} */ ([]);
        Object.assign(window, { __tasks: tasks });
        new PerformanceObserver((list) => {
          tasks.push(...list.getEntries().map(({ duration }) => duration));
        }).observe({ type: "longtask", buffered: true });
      });
      await page.goto(address, { waitUntil: "load" });
      return {
        page,
        tab: tabOf(page),
        /** Milliseconds that the page's main thread has worked so far. */
        async busy() {
          const { metrics } = await cdp.send("Performance.getMetrics");
          return 1000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN);
        },
        /** Kilobytes of JavaScript's memory, after a collection. */
        async heap() {
          await cdp.send("HeapProfiler.collectGarbage");
          const { metrics } = await cdp.send("Performance.getMetrics");
          return Math.round(
            (metrics.find(({ name }) => name === "JSHeapUsedSize")?.value ?? Number.NaN) / 1024,
          );
        },
        /** The tasks of over 50 ms, in milliseconds. @returns {Promise<number[]>} */
        longTasks: () => page.evaluate(() => /** @type {any} */ (window).__tasks),
        close: () => page.close(),
      };
    },
  };
}

/**
 * A card of the site's list, from the root that the extension has put a badge into, without that badge; its model's
 * number can be replaced.
 * @param {import("../lib/browser.js").Browser} browser
 * @returns {Promise<{ html: string, model: number, styles: string }>}
 */
async function cardOf(browser) {
  const tab = await browser.newTab();
  await visit(tab, "/models");
  await settled(tab, { least: 1 });
  const card = await tab.run(() => {
    const root = document.querySelector("main civitai-lock-badge[data-surface=cards]")?.parentElement;
    const cover = root?.querySelector('a[href^="/models/"]');
    if (!cover || !root) return null;
    const copy = /** @type {Element} */ (root.cloneNode(true));
    for (const badge of copy.querySelectorAll("civitai-lock-badge")) badge.remove();
    const links = [...document.querySelectorAll('link[rel="stylesheet"]')].map(({ outerHTML }) => outerHTML);
    return {
      html: copy.outerHTML,
      model: Number(/\/models\/(\d+)/.exec(cover.getAttribute("href") ?? "")?.[1]),
      styles: links.join(""),
    };
  });
  await tab.close();
  if (!card) throw new Error("the test site shows no card with a badge on /models");
  return card;
}

/** The card of another model. @param {Load["card"]} card @param {number} other */
export const cardFor = ({ html, model }, other = model) =>
  html.replaceAll(`/models/${model}`, `/models/${other}`);

/** @param {Load["card"]} card @param {number} count @returns {StaticPage} */
export function pageOfCards(card, count) {
  const cells = Array.from(
    { length: count },
    (_, index) =>
      `<div style="width:320px;height:450px">${cardFor(card, FIRST_MODEL + (index % 2000))}</div>`,
  );
  return { name: `load/cards-${count}`, html: page(cells.join(""), card.styles) };
}

/** By the announcer the extension knows that the page is hydrated. @param {string} body @param {string} [head] */
export const page = (body, head = "") =>
  `<!doctype html><html lang="en"><head><title>load</title>${head}</head><body><main style="display:flex;flex-wrap:wrap;gap:16px">${body}</main><next-route-announcer></next-route-announcer></body></html>`;

/** Waits until the main thread has been idle for a second. @param {{ busy: () => Promise<number> }} page @param {number} [ms] at most */
export async function idle(page, ms = 30_000) {
  for (const end = Date.now() + ms; Date.now() < end; ) {
    const before = await page.busy();
    await sleep(1000);
    if ((await page.busy()) - before < 20) return;
  }
}
