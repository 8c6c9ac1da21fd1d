// Whom the questions are asked for. A user's number leaves only while the person's choice and the browser's consent say
// so: both are read again before each request that carries one, and what is under way for another viewer is aborted.

import { hasConsent, onConsentWithdrawn } from "../consent.js";
import { forPage, isSameViewer, readSettings, settingsKey } from "../settings.js";
import { choose, chosen } from "./chosen.js";

/** @typedef {import("../settings.js").Settings} Settings */

/**
 * Who is looking, and what of it leaves this machine.
 *
 * @typedef {object} Looker
 * @property {import("../settings.js").ViewerChoice} mode
 * @property {number | null} self compared with owners, here
 * @property {number | null} sent the number that requests about gated versions carry
 */

/** The questions under way. @type {Set<AbortController>} */
const underWay = new Set();

/** Every listener at once, so that an event that wakes the worker is not lost. */
export function watchViewer() {
  chrome.storage.onChanged.addListener((changes, area) => {
    const change = area === "local" ? changes[settingsKey] : undefined;
    if (!change) return;
    const [before, after] = [readSettings(change.oldValue), readSettings(change.newValue)];
    if (before.revision !== after.revision || !isSameViewer(before, after)) abortAll();
  });
  onConsentWithdrawn(withdraw);
}

/**
 * Answers a question as whom it was asked. Rejects with VIEWER_CHANGED where the page's settings are old, or change
 * under way.
 *
 * @template T
 * @param {{ revision: number | null, session: number | null }} question
 * @param {(viewer: Looker, signal: AbortSignal) => Promise<T>} act
 * @returns {Promise<T>}
 */
export async function asViewer({ revision, session }, act) {
  const controller = new AbortController();
  underWay.add(controller);
  try {
    const { settings } = await chosen();
    if (revision !== null && revision !== settings.revision) throw viewerChanged();
    const answer = await act(await lookerOf(settings, session), controller.signal);
    controller.signal.throwIfAborted();
    return answer;
  } finally {
    underWay.delete(controller);
  }
}

/** What a page may know of the settings. */
export async function pageSettings() {
  const { settings, storage } = await chosen();
  return { settings: forPage(settings), storage };
}

/**
 * @param {Settings} settings
 * @param {number | null} session the number of the signed-in user, from the page's data; null reads as the public
 * @returns {Promise<Looker>}
 */
async function lookerOf({ viewer, fixedId }, session) {
  const number = viewer === "fixed" ? fixedId : viewer === "account" ? session : null;
  if (viewer === "public" || number === null) return { mode: "public", self: session, sent: null };
  if (await hasConsent()) return { mode: viewer, self: number, sent: number };
  await withdraw();
  throw viewerChanged();
}

/**
 * The platform's `fetch`. It sends a request with a user's number only while that number may leave. The core already
 * forbids such a request to follow a redirect.
 *
 * @param {RequestInfo | URL} input
 * @param {RequestInit} [init]
 */
export async function guardedFetch(input, init) {
  const number = new URL(String(input)).searchParams.get("userId");
  if (number === null) return fetch(input, init);
  const { settings } = await chosen();
  const isChosen =
    settings.viewer === "account" || (settings.viewer === "fixed" && `${settings.fixedId}` === number);
  if (!isChosen) abortAll();
  else if (!(await hasConsent())) await withdraw();
  else return fetch(input, init);
  throw new TypeError("not sent: the user number may not leave this browser any more");
}

/** The consent was taken back: from now on everything is asked as the public. */
async function withdraw() {
  abortAll();
  const { settings } = await chosen();
  if (settings.viewer !== "public") await choose({ viewer: "public", withdrawn: true });
}

function abortAll() {
  for (const controller of underWay) controller.abort(viewerChanged());
}

function viewerChanged() {
  const error = new Error("The viewer was changed in the settings: read them again, then ask anew");
  return Object.assign(error, { code: "VIEWER_CHANGED", retryAfter: 0 });
}
