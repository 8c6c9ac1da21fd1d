// A long, random walk through the site, and what must hold after it.

import { setTimeout as sleep } from "node:timers/promises";
import { troubles } from "../site/health.js";
import { badgesOn, navigate, settled, statesOf } from "./badges.js";
import { until } from "./browser.js";
import { cardState, models, statesFor } from "./truth.js";

/** @typedef {import("./browser.js").Tab} Tab */

const places = [
  ...Object.keys(models).map((id) => `/models/${id}`),
  ...["/", "/models", "/models?sort=Oldest", "/search/models", "/auctions", "/user/downloads", "/posts/3"],
  ...["/images/300123", "/user/kestrel_studio/shop", "/user/kestrel_studio/models", "/pricing"],
];

/**
 * @param {Tab} tab
 * @param {{ steps: number, seed: number, pause?: number }} how the same seed walks the same way
 */
export async function wander(tab, { steps, seed, pause = 90 }) {
  const random = dice(seed);
  for (let step = 0; step < steps; step++) {
    const at = random();
    if (at < 0.25) await navigate(tab, places[Math.floor(random() * places.length)] ?? "/");
    else await tab.run(act, [at, random()]);
    await sleep(pause * random());
  }
}

/** One thing that a visitor does without leaving the page. Runs in the page. @param {number[]} dice */
function act([what = 0, which = 0]) {
  const pick = (/** @type {string} */ selector) => {
    const all = document.querySelectorAll(selector);
    return /** @type {HTMLElement | undefined} */ (all[Math.floor(which * all.length)]);
  };
  const area = document.querySelector(".scroll-area");
  if (what < 0.45) pick('[class*="ModelVersionList"] button[data-size="compact-sm"]:first-of-type')?.click();
  else if (what < 0.65) area?.scrollTo(0, which * Math.min(area.scrollHeight, 9000));
  else if (what < 0.72) pick("#gallery a")?.click();
  else if (what < 0.8) {
    // Never out of the document: `history.length` does not tell where in the history one is.
    const { navigation } = /** @type {any} */ (window);
    if (navigation?.entries()[navigation.currentEntry.index - 1]?.sameDocument) history.back();
  } else if (what < 0.84) window.__site.rearrange();
  else if (what < 0.88) window.__site.rerender();
  else if (what < 0.91) pick('[aria-label="Toggle theme"]')?.click();
  else if (what < 0.95) pick(".embla__next, .embla__prev")?.click();
  else pick('[aria-label="Chat"], [aria-label="Previous"], .imageDetail p.cursor-pointer')?.click();
}

/**
 * Goes to a model and to the cards, and tells everything that is wrong.
 * @param {Tab} tab
 * @returns {Promise<string[]>}
 */
export async function wrongAfter(tab) {
  const wrong = new Set(await tab.run(troubles, []));
  const note = (/** @type {Error} */ { message }) => {
    wrong.add(message);
    return badgesOn(tab);
  };
  await navigate(tab, "/models/900200");
  await until(tab, () => document.querySelector("h1")?.textContent === "Kestrel Portraits");
  await tab.run(() => document.querySelector(".scroll-area")?.scrollTo(0, 0));
  const onModel = await settled(tab, { least: 4 }).catch(note);
  for (const line of await tab.run(troubles, ["title", "versions", "blocks"])) wrong.add(line);
  const allowed = /** @type {const} */ (["known", "listed"]).map((how) => statesFor(models[900_200], how));
  for (const line of differ(statesOf(onModel, "version"), allowed)) wrong.add(line);
  await navigate(tab, "/models");
  await until(tab, () => document.querySelector("[data-index] a"));
  await tab.run(() => document.querySelector(".scroll-area")?.scrollTo(0, 0));
  await sleep(1200);
  const onCards = await settled(tab).catch(note);
  for (const line of await tab.run(troubles, ["cards"])) wrong.add(line);
  for (const { surface, model, state } of onCards) {
    if (surface === "card" && state !== cardState(model)) wrong.add(`card ${model} is ${state}`);
  }
  for (const line of await tab.run(misplaced)) wrong.add(line);
  return [...wrong];
}

/** Badges where none may be, and badges that say nothing. Runs in the page. @returns {string[]} */
function misplaced() {
  return [...document.querySelectorAll("civitai-lock-badge")].flatMap((element) => {
    const badge = /** @type {HTMLElement} */ (element);
    const inLink = badge.closest('[class*="AspectRatioCard"] > a, h1, [contenteditable], [role="textbox"]');
    return [
      ...(inLink ? [`a badge inside ${inLink.localName}.${inLink.className}`] : []),
      ...(badge.dataset.state ? [] : [`a badge without a state in ${badge.parentElement?.className}`]),
    ];
  });
}

/**
 * @param {Record<number, string>} found
 * @param {Record<number, string>[]} allowed
 */
function differ(found, allowed) {
  const ids = Object.keys(allowed[0] ?? {}).map(Number);
  return ids.flatMap((id) =>
    allowed.some((one) => one[id] === found[id])
      ? []
      : [`version ${id} is ${found[id] ?? "without a badge"}`],
  );
}

/**
 * Watches, before and after each frame, for a card's badge that is drawn beside a link to another model, or none.
 * Runs in the page; what it saw is in `window.__stale`.
 */
export function watchFrames() {
  const seen = /** @type {Set<string>} */ (new Set());
  /** @type {any} */ (window).__stale = seen;
  const look = () => {
    for (const element of document.querySelectorAll("[data-index] civitai-lock-badge")) {
      const badge = /** @type {HTMLElement} */ (element);
      const face = badge.shadowRoot?.querySelector(".face");
      if (!face?.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const link = badge.parentElement?.querySelector('a[href^="/models/"]');
      const model = /\d+/.exec(link?.getAttribute("href") ?? "no link")?.[0];
      if (model !== badge.dataset.modelId) seen.add(`${badge.dataset.modelId} drawn on the card of ${model}`);
    }
  };
  const { port1, port2 } = new MessageChannel();
  port2.onmessage = look;
  const frame = () => {
    look();
    port1.postMessage(0);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

/** @param {number} seed mulberry32 */
function dice(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
