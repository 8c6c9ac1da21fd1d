// A long, random walk through the site, and what must hold after it.

import { setTimeout as sleep } from "node:timers/promises";
import { troubles } from "../site/health.js";
import { navigate, settled } from "./badges.js";
import { until } from "./browser.js";
import { cardState, models, stateFor } from "./truth.js";

/** @typedef {import("./browser.js").Tab} Tab */

const places = [
  ...Object.keys(models).map((id) => `/models/${id}`),
  ...["/", "/models", "/models?sort=Oldest", "/search/models", "/auctions", "/user/downloads", "/posts/3"],
  ...["/images/300123", "/user/kestrel_studio/shop", "/user/kestrel_studio/models", "/pricing"],
];

/**
 * @param {Tab} tab
 * @param {{ steps: number, seed: number, pause?: number }} how the same seed walks the same way, as far as the page
 *   is as far at each step
 * @returns {Promise<string[]>} what was done
 */
export async function wander(tab, { steps, seed, pause = 90 }) {
  const random = dice(seed);
  const done = [];
  for (let step = 0; step < steps; step++) {
    const [what, which, rest] = [random(), random(), random()];
    const place = places[Math.floor(which * places.length)] ?? "/";
    done.push(what < 0.25 ? `to ${place}` : await tab.run(act, [what, which]));
    if (what < 0.25) await navigate(tab, place);
    await sleep(pause * rest);
  }
  return done;
}

/**
 * One thing that a visitor does without leaving the page. Runs in the page.
 * @param {number[]} dice
 * @returns {Promise<string>} what it was
 */
async function act([what = 0, which = 0]) {
  const area = document.querySelector(".scroll-area");
  const top = Math.round(which * Math.min(area?.scrollHeight ?? 0, 9000));
  const { back, rearrange, rerender } = window.__site;
  const acts = /** @type {[number, string, (() => unknown)?][]} */ ([
    [0.45, '[class*="ModelVersionList"] button[data-size="compact-sm"]:first-of-type'],
    [0.65, `scroll to ${top}`, () => area?.scrollTo(0, top)],
    [0.72, "#gallery a"],
    [0.8, "back", back],
    [0.84, "rearrange", rearrange],
    [0.88, "rerender", rerender],
    [0.91, '[aria-label="Toggle theme"]'],
    [0.95, ".embla__next, .embla__prev"],
    [1, '[aria-label="Chat"], [aria-label="Previous"], .imageDetail p.cursor-pointer'],
  ]);
  const [, name, run] = acts.find(([below]) => what < below) ?? [1, ""];
  if (run) return Promise.resolve(run()).then(() => name);
  const found = document.querySelectorAll(name);
  const chosen = /** @type {HTMLElement | undefined} */ (found[Math.floor(which * found.length)]);
  chosen?.click();
  return `click on ${chosen ? (chosen.getAttribute("aria-label") ?? chosen.textContent) : "nothing"}`;
}

/**
 * Looks at the page where the walk ended, then at a model and at the cards, and returns what is wrong on the first where
 * anything is.
 * @param {Tab} tab
 * @returns {Promise<string[]>}
 */
export async function wrongAfter(tab) {
  const toTop = () => document.querySelector(".scroll-area")?.scrollTo(0, 0);
  const atEnd = await wrongHere(tab, 0, ["cards"]);
  if (atEnd.length > 0) return atEnd;
  await navigate(tab, "/models/900200");
  await until(tab, () => document.querySelector("h1")?.textContent === "Kestrel Portraits");
  await tab.run(toTop);
  const onModel = await wrongHere(tab, 4, ["title", "versions", "blocks"]);
  if (onModel.length > 0) return onModel;
  await navigate(tab, "/models");
  await until(tab, () => document.querySelector("[data-index] a"));
  await tab.run(toTop);
  await sleep(1200);
  return wrongHere(tab, 3, ["cards"]);
}

/**
 * @param {Tab} tab
 * @param {number} least how many badges there must be
 * @param {import("../site/health.js").Surface[]} surfaces those that must hold badges
 * @returns {Promise<string[]>}
 */
async function wrongHere(tab, least, surfaces) {
  const atOnce = [...(await tab.run(troubles, [])), ...(await tab.run(misplaced))];
  if (atOnce.length > 0) return atOnce;
  // Until the answer is there, a place has no element: nothing says that the page still waits for one.
  for (const end = Date.now() + 10_000; ; await sleep(250)) {
    const wrong = await wrongOnceSettled(tab, least, surfaces);
    const isMissing = wrong.length > 0 && wrong.every((line) => line.startsWith("no badge: "));
    if (!isMissing || Date.now() > end) return wrong;
  }
}

/** @type {typeof wrongHere} */
async function wrongOnceSettled(tab, least, surfaces) {
  try {
    const badges = await settled(tab, { least });
    const wrong = badges.flatMap(({ surface, model, version, state }) => {
      const right = version ? [stateFor(version, "known"), stateFor(version, "listed")] : [cardState(model)];
      return right.includes(state) ? [] : [`${surface} ${version || model} is ${state}`];
    });
    return [...wrong, ...(await tab.run(troubles, surfaces)), ...(await tab.run(misplaced))];
  } catch (error) {
    return [/** @type {Error} */ (error).message, ...(await tab.run(troubles, surfaces))];
  }
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
 * Watches, before and after each frame, for a card's badge that is drawn beside a link to another model, or none.
 * Runs in the page; `window.__frames` holds what was wrong, and how often there was something to be wrong with.
 */
export function watchFrames() {
  const frames = { stale: /** @type {string[]} */ ([]), emptied: 0, reused: 0 };
  /** @type {any} */ (window).__frames = frames;
  /** @type {WeakMap<Element, string | undefined>} */
  const held = new WeakMap();
  const look = () => {
    for (const element of document.querySelectorAll('civitai-lock-badge[data-surface="cards"]')) {
      const badge = /** @type {HTMLElement} */ (element);
      const link = badge.parentElement?.querySelector('a[href^="/models/"]');
      const model = /\d+/.exec(link?.getAttribute("href") ?? "")?.[0];
      const before = held.get(badge);
      held.set(badge, model ?? before);
      if (!model) frames.emptied++;
      else if (before && before !== model) frames.reused++;
      const face = badge.shadowRoot?.querySelector(".face");
      if (!face?.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const wrong = `${badge.dataset.modelId} drawn on the card of ${model}`;
      if (model !== badge.dataset.modelId && !frames.stale.includes(wrong)) frames.stale.push(wrong);
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
