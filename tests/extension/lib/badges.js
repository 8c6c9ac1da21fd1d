// What the badges on a page are and say.

import { setTimeout as sleep } from "node:timers/promises";
import { until } from "./browser.js";

/** @typedef {import("./browser.js").Tab} Tab */

/**
 * @typedef {object} Badge
 * @property {string} surface where it is: title, version, card, image, block, text, row, or the path of a place that should have none
 * @property {number} model
 * @property {number} version 0 where it speaks of a model
 * @property {string} state
 * @property {string} name what a screen reader says
 * @property {string} text what is drawn, in words
 * @property {boolean} drawn whether there is anything to see
 * @property {boolean} away out of the viewport: what its gate leaves free is not asked for yet
 * @property {boolean} vacant on a card's root that holds no link now: it waits for one
 */

/**
 * Every badge of the page, in its order. Runs in the page.
 * @returns {Badge[]}
 */
function readBadges() {
  /** @param {Element} badge */
  const surfaceOf = (badge) => {
    const parent = /** @type {Element} */ (badge.parentElement);
    const before = badge.previousElementSibling;
    if (before?.localName === "h1") return "title";
    if (before?.matches('button[data-size="compact-sm"]')) return "version";
    if (parent.querySelector(':scope > [class*="AspectRatioCard"][class*="content"]')) return "card";
    if (badge.closest(".imageDetail li")) return "image";
    if (parent.localName === "a") return "block";
    if (before?.localName === "a" && badge.closest(".RenderHtml, p, .mantine-Accordion-root")) {
      return badge.closest(".post") ? "row" : "text";
    }
    if (badge.closest(".post, .auctions, .downloadRow")) return "row";
    return `${parent.localName}.${parent.className}`;
  };
  /** @param {Element} badge */
  const isAway = (badge) => {
    const box = badge.parentElement?.getBoundingClientRect();
    return !box || box.bottom > innerHeight || box.top < 0 || box.right > innerWidth || box.left < 0;
  };
  return [...document.querySelectorAll("civitai-lock-badge")].map((element) => {
    const badge = /** @type {HTMLElement} */ (element);
    const inside = [...(badge.shadowRoot?.children ?? [])].filter(
      (child) => child.localName !== "style" && !child.hasAttribute("popover"),
    );
    const drawn = inside.filter(
      (child) =>
        child.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
        child.getBoundingClientRect().width > 0,
    );
    const surface = surfaceOf(badge);
    return {
      surface,
      model: Number(badge.dataset.modelId ?? 0),
      version: Number(badge.dataset.versionId ?? 0),
      state: badge.dataset.state ?? "",
      name: badge.getAttribute("aria-label") ?? "",
      text: drawn
        .map((child) => child.textContent)
        .join(" ")
        .trim(),
      drawn: drawn.length > 0,
      away: isAway(badge),
      vacant: surface === "card" && !badge.parentElement?.querySelector('a[href^="/models/"]'),
    };
  });
}

/** @param {Tab} tab @returns {Promise<Badge[]>} */
export const badgesOn = (tab) => tab.run(readBadges);

/**
 * The states of one surface: of versions by version, of cards by model.
 * @param {Badge[]} badges
 * @param {string} surface
 * @returns {Record<number, string>}
 */
export function statesOf(badges, surface) {
  const chosen = badges.filter((badge) => badge.surface === surface);
  return Object.fromEntries(chosen.map(({ model, version, state }) => [version || model, state]));
}

/**
 * Waits until no badge is pending and none has come or changed for a moment, and gives them all.
 * @param {Tab} tab
 * @param {{ least?: number, quiet?: number, ms?: number }} [options] `least`: how many badges there must be
 * @returns {Promise<Badge[]>}
 */
export async function settled(tab, { least = 1, quiet = 400, ms = 20_000 } = {}) {
  const end = Date.now() + ms;
  let last = "";
  // Reading them all costs the page a layout: no more often than a moment of quiet needs.
  for (let since = Date.now(); ; await sleep(Math.max(120, quiet / 5))) {
    const badges = (await badgesOn(tab).catch(() => [])).filter(({ vacant }) => !vacant);
    const now = JSON.stringify(badges);
    if (now !== last) [last, since] = [now, Date.now()];
    const pending = badges.filter(({ state, away }) => !state || (state === "pending" && !away));
    if (badges.length >= least && pending.length === 0 && Date.now() - since >= quiet) return badges;
    if (Date.now() > end) {
      throw new Error(
        `after ${ms} ms there were ${badges.length} badges (at least ${least} were wanted), ${pending.length} of them not settled: ${JSON.stringify(pending)}`,
      );
    }
  }
}

/**
 * Waits until the badge of a version or, on a card, of a model is in this state, and gives it.
 * @param {Tab} tab
 * @param {{ surface: string, id: number, state: string }} wanted
 * @param {number} [ms]
 */
export async function becomes(tab, wanted, ms = 15_000) {
  const end = Date.now() + ms;
  for (let found; ; await sleep(80)) {
    const badges = await badgesOn(tab).catch(() => []);
    found = badges.find(
      ({ surface, model, version }) => surface === wanted.surface && (version || model) === wanted.id,
    );
    if (found?.state === wanted.state) return found;
    if (Date.now() > end) {
      const seen = found ? [found] : badges;
      const lines = seen.map((badge) => `${badge.surface} ${badge.version || badge.model} ${badge.state}`);
      throw new Error(`${JSON.stringify(wanted)} after ${ms} ms: ${lines.join(", ") || "no badge"}`);
    }
  }
}

/**
 * Goes to a page of the site.
 * @param {Tab} tab
 * @param {string} path
 * @param {string} [host]
 */
export async function visit(tab, path, host = "civitai.com") {
  await tab.open(`https://${host}${path}`);
  await until(tab, () => document.querySelector("next-route-announcer"));
}

/** As the site's own links do it. @param {Tab} tab @param {string} href */
export const navigate = (tab, href) => tab.run((to) => window.__site.navigate(to), href);

/**
 * Scrolls the page's scroller.
 * @param {Tab} tab
 * @param {number} top
 */
export const scrollTo = (tab, top) =>
  tab.run((to) => document.querySelector(".scroll-area")?.scrollTo(0, to), top);
