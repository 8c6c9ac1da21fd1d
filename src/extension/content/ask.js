// When the background is asked, and for what. The first round leaves at once, then one a second at most. What gates leave
// free is asked for beside the rounds, and only for versions in view.

import { now } from "../../badge/clock.js";
import {
  dueAt as answerDueAt,
  forgetAnswers as forget,
  keepModel,
  keepVersion,
  known,
  lacking,
  noteGatesAsked,
  pauseOf,
  unknown,
  update,
} from "./answers.js";
import { modelOnShow } from "./find/model-page.js";
import { scheduleDraw, schedulePass, schedulePassNow } from "./schedule.js";
import { send } from "./send.js";
import { state } from "./state.js";

/** @typedef {import("./find/links.js").Target} Target */
/** @typedef {import("../protocol.js").VersionAnswer} VersionAnswer */

/** How many models, and how many versions, one message names: a screenful. */
const PORTION = 100;
/** Between rounds, in milliseconds. */
export const PAUSE = 1000;
/** Messages about terms at once, and in a second: each may cost a request of its own. */
const TERMS_AT_ONCE = 4;
const TERMS_A_SECOND = 20;
/** How long a denied version waits for its terms before it is drawn as `gated`, in milliseconds. */
const TERMS_PATIENCE = 1500;
/** Between two checks past all caches, in milliseconds. */
const AGAIN_PAUSE = 10_000;
/** How long an answer may take before the badge is drawn as pending, in milliseconds. */
const PATIENCE = 600;

const wanted = {
  models: new Set(/** @type {number[]} */ ([])),
  versions: new Set(/** @type {number[]} */ ([])),
};
/** To be asked past all caches. */
const wantedFresh = {
  models: new Set(/** @type {number[]} */ ([])),
  versions: new Set(/** @type {number[]} */ ([])),
};
const wantedTerms = new Set(/** @type {number[]} */ ([]));

/** What is asked for the current viewer. Another viewer starts with an empty one; late replies for the one before are dropped. */
let asking = newAsking();
function newAsking() {
  return {
    models: new Set(/** @type {number[]} */ ([])),
    versions: new Set(/** @type {number[]} */ ([])),
    terms: new Set(/** @type {number[]} */ ([])),
    /** When a version was first waited for, by the page's clock. */
    heldSince: new Map(/** @type {[number, number][]} */ ([])),
    /** When terms may be asked for again. */
    termsDue: new Map(/** @type {[number, number][]} */ ([])),
    /** Since when a model's answer is awaited. */
    awaited: new Map(/** @type {[number, number][]} */ ([])),
  };
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let nextRound;
let lastRound = Number.NEGATIVE_INFINITY;
let lastAgain = Number.NEGATIVE_INFINITY;
/** When the latest messages about terms left. @type {number[]} */
let termsSent = [];
/** @type {ReturnType<typeof setTimeout> | undefined} */
let nextTerms;
/** @type {() => unknown} */
let viewerChanged = () => {};

/** @param {() => unknown} loadSettings called when the background answers that the viewer is another by now */
export function whenViewerChanged(loadSettings) {
  viewerChanged = loadSettings;
}

/** Runs while a look at the page gathers what is near: all of it leaves in one round. @type {ReturnType<typeof setTimeout> | undefined} */
let gathering;

/** A new look at the page: what is no longer near is no longer asked for. */
export function beginWanting() {
  wanted.models.clear();
  wanted.versions.clear();
  // A page that never stops changing would be waited for without an end.
  gathering ??= setTimeout(endWanting, PAUSE, true);
}

/** @param {boolean} isWhole whether it is known of all places that they are near, or not; if not, another look follows */
export function endWanting(isWhole) {
  if (!isWhole) return;
  clearTimeout(gathering);
  gathering = undefined;
  planRound();
}

/** Asks what is not known of a link. @param {Target} target */
export function want(target) {
  if (state.stopped) return;
  const { models, versions, fresh } = lacking(target);
  if (models.length + versions.length + fresh.length === 0) return;
  for (const id of models) if (!asking.models.has(id)) wanted.models.add(id);
  for (const id of versions) if (!asking.versions.has(id)) wanted.versions.add(id);
  for (const id of fresh) if (!asking.versions.has(id)) wantedFresh.versions.add(id);
  planRound();
}

/** Asks what the gate of a version in view leaves free. @param {VersionAnswer} answer */
export function wantTerms({ versionId, state: shown, complete }) {
  if (shown !== "gated" || state.stopped) return;
  if (asking.terms.has(versionId) || wantedTerms.has(versionId)) return;
  const due = asking.termsDue.get(versionId) ?? (complete === false ? 0 : Number.POSITIVE_INFINITY);
  if (due > now()) return;
  if (!asking.heldSince.has(versionId)) {
    asking.heldSince.set(versionId, performance.now());
    setTimeout(scheduleDraw, TERMS_PATIENCE, versionId);
  }
  wantedTerms.add(versionId);
  askForTerms();
}

/** Whether a version still waits for what its gate leaves free. @param {VersionAnswer} answer */
export function isHeld({ versionId, state: shown, complete }) {
  if (shown !== "gated" || complete !== false) return false;
  const since = asking.heldSince.get(versionId);
  return since === undefined || performance.now() - since < TERMS_PATIENCE;
}

/** Whether a model's answer is so late that the page should say so. @param {number} model */
export function waitsLong(model) {
  const since = asking.awaited.get(model);
  return since !== undefined && performance.now() - since >= PATIENCE;
}

/** When there is something to ask of a link again, by the page's clock. @param {Target} target */
export function dueAt(target) {
  const versionId = known(target)?.versionId ?? 0;
  const due = asking.terms.has(versionId) ? undefined : asking.termsDue.get(versionId);
  return Math.min(answerDueAt(target), due ?? Number.POSITIVE_INFINITY);
}

function planRound() {
  if (gathering !== undefined || nextRound !== undefined) return;
  if ([wanted, wantedFresh].every(({ models, versions }) => models.size + versions.size === 0)) return;
  nextRound = setTimeout(round, Math.max(0, lastRound + PAUSE - performance.now()));
}

async function round() {
  nextRound = undefined;
  if (state.stopped) return;
  lastRound = performance.now();
  const isFresh = wantedFresh.models.size + wantedFresh.versions.size > 0;
  const from = isFresh ? wantedFresh : wanted;
  const asked = { models: portionOf(from.models), versions: portionOf(from.versions) };
  planRound();
  await ask(asked, isFresh);
}

/** The page's own model first. @param {Set<number>} ids @returns {number[]} */
function portionOf(ids) {
  const onShow = modelOnShow()?.model ?? 0;
  const first = ids.has(onShow) ? [onShow] : [];
  const portion = [...new Set([...first, ...ids])].slice(0, PORTION);
  for (const id of portion) ids.delete(id);
  return portion;
}

/**
 * @param {{ models: number[], versions: number[] }} asked
 * @param {boolean} fresh
 */
async function ask(asked, fresh) {
  if (asked.models.length + asked.versions.length === 0) return;
  const mine = asking;
  const onShow = modelOnShow()?.model ?? null;
  const whole = onShow !== null && asked.models.includes(onShow) ? onShow : null;
  const own = state.facts.model;
  const isOfPage =
    whole === null
      ? own?.versions.some(({ versionId }) => asked.versions.includes(versionId))
      : own?.modelId === whole;
  const page = isOfPage ? own : null;
  if (whole !== null && !mine.awaited.has(whole)) {
    mine.awaited.set(whole, performance.now());
    setTimeout(schedulePass, PATIENCE);
  }
  for (const id of asked.models) mine.models.add(id);
  for (const id of asked.versions) mine.versions.add(id);
  if (fresh) noteGatesAsked(asked.versions);
  const reply = await send({ kind: "look", ...asked, whole, page, fresh, ...asker() });
  for (const id of asked.models) mine.models.delete(id);
  for (const id of asked.versions) mine.versions.delete(id);
  if (!reply || mine !== asking || isOfAnotherViewer(reply)) return;
  if (reply.error) {
    for (const id of asked.models)
      keepModel({ modelId: id, modelName: null, error: reply.error, versions: [] });
    for (const id of asked.versions) keepVersion(unknown(id, null, reply.error));
  } else {
    state.viewer = reply.viewer;
    for (const answer of reply.models) {
      keepModel(answer);
      answer.versions.forEach(forgetTermsOf);
    }
    for (const answer of reply.versions) {
      keepVersion(answer);
      forgetTermsOf(answer);
    }
  }
  scheduleDraw();
  // Its title and its buttons are found by the names that have just come.
  if (whole !== null) schedulePassNow();
}

/** Terms that were known once may be asked for again if a later look does not know them. @param {VersionAnswer} answer */
function forgetTermsOf({ versionId, complete }) {
  if (complete !== false || asking.termsDue.get(versionId) !== Number.POSITIVE_INFINITY) return;
  asking.termsDue.delete(versionId);
  asking.heldSince.delete(versionId);
}

function askForTerms() {
  clearTimeout(nextTerms);
  nextTerms = undefined;
  const moment = performance.now();
  termsSent = termsSent.filter((at) => moment - at < 1000);
  for (const id of wantedTerms) {
    if (asking.terms.size >= TERMS_AT_ONCE) return;
    if (termsSent.length >= TERMS_A_SECOND) {
      nextTerms = setTimeout(askForTerms, 1000 - moment + (termsSent[0] ?? moment));
      return;
    }
    wantedTerms.delete(id);
    termsSent.push(moment);
    termsOf(id);
  }
}

/** @param {number} id */
async function termsOf(id) {
  const mine = asking;
  mine.terms.add(id);
  const reply = await send({ kind: "terms", versions: [id], ...asker() });
  mine.terms.delete(id);
  if (!reply || mine !== asking || isOfAnotherViewer(reply)) return;
  const [answer] = reply.versions ?? [];
  const error = reply.error ?? answer?.error ?? null;
  // Without an error they are not asked for again on this page.
  mine.termsDue.set(id, error ? pauseOf(error) : Number.POSITIVE_INFINITY);
  if (answer?.versionId === id) update(answer);
  askForTerms();
  scheduleDraw(id);
}

/** Whom the page asks for. */
function asker() {
  return { session: sessionId(), revision: state.settings.revision ?? null };
}

/** @param {any} reply */
function isOfAnotherViewer(reply) {
  if (reply.error?.code !== "VIEWER_CHANGED") return false;
  viewerChanged();
  return true;
}

/**
 * Asks about these links again, past all caches, but once in ten seconds at most.
 *
 * @param {Iterable<Target>} targets
 */
export function askAgain(targets) {
  if (performance.now() - lastAgain < AGAIN_PAUSE) return;
  lastAgain = performance.now();
  for (const { model, version } of targets) {
    if (model !== null) wantedFresh.models.add(model);
    const isListed = model !== null && !known({ model, version })?.error;
    if (version !== null && !isListed) wantedFresh.versions.add(version);
  }
  asking.termsDue.clear();
  planRound();
}

/** What was denied, past all caches: somebody may have bought it in another tab. @param {Iterable<VersionAnswer>} denied */
export function askAboutDenied(denied) {
  for (const { versionId } of denied) wantedFresh.versions.add(versionId);
  planRound();
}

/** Another viewer has other answers; the background has most of them. */
export function forgetAnswers() {
  forget();
  asking = newAsking();
  clearTimeout(nextRound);
  clearTimeout(nextTerms);
  nextRound = undefined;
  for (const ids of [wanted.models, wanted.versions, wantedFresh.models, wantedFresh.versions, wantedTerms])
    ids.clear();
}

/** Resolves when no answer is awaited any more, or after so many milliseconds. @param {number} most */
export async function settled(most) {
  const end = performance.now() + most;
  const isBusy = () =>
    gathering !== undefined ||
    nextRound !== undefined ||
    asking.models.size + asking.versions.size + asking.terms.size > 0;
  while (isBusy() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
}

function sessionId() {
  return state.asPublic ? null : state.facts.session;
}
