// One site of Civitai's: its checker, and the snapshot that keeps the cache over the worker's death.

import { PermissionChecker } from "../../../pkg/civitai-permissions.js";
import { settingsKey } from "../settings.js";
import { starsKey } from "../stars/star.js";
import { pausesOf } from "./pauses.js";
import { markOpened } from "./toolbar.js";
import { TERMS_AT_ONCE, tellingLists } from "./turns.js";
import { guardedFetch } from "./viewer.js";

/**
 * @typedef {object} Host
 * @property {PermissionChecker} checker
 * @property {Set<() => void>} lists called whenever a request for a list of models has left
 * @property {() => void} save keeps the cache, at most once in two seconds
 */

/** @type {Map<string, Promise<Host>>} */
const hosts = new Map();

/**
 * The site that a page is on. Private windows have a cache of their own, which is never written and ends with the last
 * of them.
 *
 * @param {string | undefined} url
 * @param {boolean} isPrivate
 * @returns {Promise<Host>}
 */
export function hostOf(url, isPrivate) {
  const base = new URL(url ?? "").origin;
  if (base !== "https://civitai.com" && base !== "https://civitai.red") {
    throw new TypeError(`only pages of Civitai may ask, not ${base}: open civitai.com`);
  }
  const key = isPrivate ? `private:${base}` : base;
  const opening = hosts.get(key) ?? open(base, isPrivate);
  hosts.set(key, opening);
  // A failure is reported, and not kept: the next question opens the host again.
  opening.catch(() => hosts.delete(key));
  return opening;
}

/** To be called when a window has been closed. */
export async function forgetPrivate() {
  const windows = await chrome.windows.getAll();
  if (windows.some(({ incognito }) => incognito)) return;
  for (const key of hosts.keys()) if (key.startsWith("private:")) hosts.delete(key);
}

/** @returns {Promise<{}>} */
export async function forgetAll() {
  await chrome.storage.local.remove([settingsKey, starsKey]);
  await markOpened(false);
  for (const opening of hosts.values()) {
    const { checker, save } = await opening;
    checker.clear();
    save();
  }
  await chrome.storage.session.clear();
  return {};
}

/** Ids in one check: as many as an address can hold, so that a screenful is one request. */
const BATCH = 700;
/** Requests of rounds beside those for terms: one for a list, one for a check. */
const ROUNDS_AT_ONCE = 2;
/** Some five thousand versions, as text. A bigger cache is dropped: that costs requests later, and no pause is lost. */
const MOST = 1_000_000;

/**
 * @param {string} base
 * @param {boolean} isPrivate
 * @returns {Promise<Host>}
 */
async function open(base, isPrivate) {
  const key = `cache:${base}`;
  /** @type {Host["lists"]} */
  const lists = new Set();
  const send = pausesOf(tellingLists(isPrivate ? unstored : guardedFetch, lists), (reply) => {
    // A failure may pause the site for longer than the worker lives.
    if (!reply.ok) setTimeout(() => host.save(), 100);
  });
  const checker = new PermissionChecker({
    ...{ baseUrl: base, maxBatchSize: BATCH, fetch: send },
    concurrency: TERMS_AT_ONCE + ROUNDS_AT_ONCE,
  });
  const host = {
    checker,
    lists,
    save: isPrivate
      ? () => {}
      : atMostEvery(2000, () => {
          if (checker.snapshot().length > MOST) checker.clear();
          return chrome.storage.session.set({ [key]: checker.snapshot() });
        }),
  };
  const kept = isPrivate ? null : await keptOf(key);
  if (typeof kept === "string") checker.restore(kept);
  return host;
}

/** Requests of private windows leave nothing in the browser's own cache. @type {typeof guardedFetch} */
const unstored = (input, init) => guardedFetch(input, { ...init, cache: "no-store" });

/** What was kept over the worker's death; nothing where the storage fails. @param {string} key */
async function keptOf(key) {
  try {
    return (await chrome.storage.session.get(key))[key];
  } catch (error) {
    console.warn("The cache cannot be read, it begins empty:", error);
    return null;
  }
}

/**
 * Runs at once, then again at the end of the span if it was called within. Measured without the wall clock, which may
 * be set back.
 *
 * @param {number} span milliseconds
 * @param {() => Promise<void>} act
 */
function atMostEvery(span, act) {
  let last = Number.NEGATIVE_INFINITY;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  const run = () => {
    waiting = undefined;
    last = performance.now();
    // If the storage is full or broken, the next worker asks again; nothing else is lost.
    act().catch((error) => console.warn("The cache could not be kept:", error));
  };
  return () => {
    if (waiting === undefined) waiting = setTimeout(run, Math.max(0, last + span - performance.now()));
  };
}
