// One host of Civitai's: its checker, and what is remembered beside the core's own memory.

import { PermissionChecker } from "../../../pkg/civitai-permissions.js";
import { settingsKey } from "../settings.js";
import { starsKey } from "../stars.js";
import { noteTimes } from "./times.js";
import { markOpened } from "./toolbar.js";
import { guardedFetch } from "./viewer.js";

/** @typedef {import("../protocol.js").Trouble} Trouble */

/**
 * @typedef {object} Host
 * @property {PermissionChecker} checker
 * @property {Map<number, number>} times when Civitai gave each version's verdict
 * @property {Map<string, Trouble>} failures by `m` or `v` and the number: not asked again before their time
 * @property {Map<number, Terms>} terms what a look at a single version told
 * @property {Map<string, { owner: number | null, at: number }>} denials by viewer and version: whom the page told to be
 *   the owner, and when it was asked
 * @property {() => void} save
 */

/**
 * @typedef {object} Terms
 * @property {number | "unlimited" | null} trials
 * @property {boolean | null} canGenerate
 * @property {import("../states.js").Gate} gate
 * @property {string | null} endsAt
 * @property {number} at
 */

/** @type {Map<string, Promise<Host>>} */
const hosts = new Map();

/**
 * The host that a page is on. Its memory outlives the worker; that of private windows lies apart, is written nowhere,
 * and ends with the last of them.
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
  // A failure is told to whoever asked, and not kept: the next one opens anew.
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
    const { checker, times, failures, terms, denials, save } = await opening;
    checker.clear();
    for (const map of [times, failures, terms, denials]) map.clear();
    save();
  }
  await chrome.storage.session.clear();
  return {};
}

/** How many versions are carried over a worker's death. */
const MOST = 5000;

/** Ids in one check: as many as an address can hold, so that a screenful is one request. */
const BATCH = 700;

/**
 * @param {string} base
 * @param {boolean} isPrivate
 * @returns {Promise<Host>}
 */
async function open(base, isPrivate) {
  const key = `memory:${base}`;
  const times = new Map();
  // Kept while the look still waits, once the core has read the reply: the worker may not live to its end.
  const keepSoon = () => setTimeout(() => host.save(), 100);
  const checker = new PermissionChecker({
    baseUrl: base,
    maxBatchSize: BATCH,
    fetch: noteTimes(times, MOST, keepSoon, isPrivate ? unstored : guardedFetch),
  });
  const kept = isPrivate ? undefined : await keptOf(key);
  const { snapshot, ...maps } = /** @type {Record<string, any>} */ (kept ?? {});
  if (typeof snapshot === "string") checker.restore(snapshot);
  for (const [id, time] of maps.times ?? []) times.set(id, time);
  /** @type {Host} */
  const host = {
    checker,
    times,
    failures: new Map(maps.failures),
    terms: new Map(maps.terms),
    denials: new Map(),
    save: atMostEvery(2000, () => {
      if (times.size >= MOST) forgetVersions(host);
      if (isPrivate) return Promise.resolve();
      return chrome.storage.session.set({
        [key]: {
          snapshot: checker.snapshot(),
          times: [...times],
          failures: [...host.failures],
          terms: [...host.terms],
        },
      });
    }),
  };
  return host;
}

/** Requests of private windows leave nothing in the browser's own cache. @type {typeof fetch} */
const unstored = (input, init) => guardedFetch(input, { ...init, cache: "no-store" });

/** What was kept over the worker's death; nothing where the storage fails. @param {string} key */
async function keptOf(key) {
  try {
    return (await chrome.storage.session.get(key))[key];
  } catch (error) {
    console.warn("The memory cannot be read, it begins empty:", error);
    return undefined;
  }
}

/** The gate stays closed, failures keep their times: this costs requests later, never politeness. @param {Host} host */
function forgetVersions({ checker, times, terms, denials }) {
  checker.clear();
  for (const map of [times, terms, denials]) map.clear();
}

/**
 * Runs at once, then again at the end of the span if it was called within.
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
    last = Date.now();
    // A full or broken store costs requests after the worker's death, and nothing else.
    act().catch((error) => console.warn("The memory could not be kept:", error));
  };
  return () => {
    const left = last + span - Date.now();
    if (left <= 0 || left > span) {
      clearTimeout(waiting);
      run();
    } else {
      waiting ??= setTimeout(run, left);
    }
  };
}
