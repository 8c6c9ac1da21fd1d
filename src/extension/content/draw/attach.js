// Puts badges to their places, takes away what has lost its place, and stays away from where they are not wanted.

import { badgeOf, othersOf } from "../../../badge/badge.js";
import { now as pageClock } from "../../../badge/clock.js";
import { BADGE, drawBadge, dressBadge } from "../../../badge/draw.js";
import { languageInUse } from "../../language.js";
import { known, modelAnswer } from "../answers.js";
import { beginWanting, dueAt, endWanting, isHeld, want, wantTerms } from "../ask.js";
import { modelOnShow } from "../find/model-page.js";
import { areAllKnown, isNear, isSeen } from "../find/near.js";
import { anchorText } from "../find/places.js";
import { schedulePass } from "../schedule.js";
import { inSlices } from "../slices.js";
import { state } from "../state.js";
import { measure } from "./measure.js";
import { PLACING } from "./placing.js";

/** @typedef {import("../find/places.js").Place} Place */
/** @typedef {import("../../protocol.js").VersionAnswer} VersionAnswer */
/** @typedef {import("../../../badge/badge.js").BadgeFacts} BadgeFacts */
/** @typedef {{ place: Place, answer: VersionAnswer | null, facts: BadgeFacts, isVisible: boolean }} View */

/** The badge of each place, by the element that it is put into or after. @type {WeakMap<Element, { badge: HTMLElement, place: Place }>} */
const badges = new WeakMap();
/** The places that speak of a version. @type {Map<number, Place[]>} */
let placesOf = new Map();
/** The drawing under way. @type {Promise<void> | null} */
let drawing = null;
/** What it has noted and drawn so far. @type {{ byVersion: typeof placesOf, used: Set<HTMLElement> } | null} */
let soFar = null;
let isWantedAgain = false;

/** Of the links that only the popup lists. */
const MOST_LISTED = 100;
/** Places that are measured together, before any of them is written. */
const TOGETHER = 20;

/**
 * Draws what was found, with what is known now, and asks for what is not. Idempotent. What takes longer than a slice
 * goes on after the page's turn.
 *
 * @returns {Promise<void>}
 */
export function drawPlaces() {
  if (drawing) isWantedAgain = true;
  drawing ??= drawAll().finally(() => {
    drawing = soFar = null;
    if (!isWantedAgain) return;
    isWantedAgain = false;
    return drawPlaces();
  });
  return drawing;
}

async function drawAll() {
  const slices = inSlices();
  beginWanting();
  const shown = modelOnShow();
  if (shown) want(shown);
  // The page may have gone elsewhere during the look.
  for (const one of state.listed.slice(0, MOST_LISTED)) if (one.link.isConnected) want(one);
  for (const place of state.waiting.filter(isShown)) {
    if (slices.isOver()) await slices.next();
    if (holds(place)) wantNear(place);
  }
  const places = state.places.filter(isShown);
  /** @type {typeof placesOf} */
  const byVersion = new Map();
  /** @type {Set<HTMLElement>} */
  const used = new Set();
  soFar = { byVersion, used };
  for (let from = 0; from < places.length; from += TOGETHER) {
    if (slices.isOver()) await slices.next();
    for (const badge of draw(places.slice(from, from + TOGETHER), byVersion)) used.add(badge);
  }
  endWanting(areAllKnown());
  placesOf = byVersion;
  for (const badge of state.placed.keys()) if (!used.has(badge)) takeAway(badge);
}

/** Whether its surface is switched on. @param {Place} place */
export function isShown({ surface }) {
  return state.settings.surfaces[surface];
}

/** Draws what speaks of these versions. @param {number[]} versions */
export function drawVersions(versions) {
  for (const version of versions) {
    drawAgain(version, placesOf);
    // During a drawing, also what it has drawn so far.
    if (soFar) for (const badge of drawAgain(version, soFar.byVersion)) soFar.used.add(badge);
  }
}

/** @param {number} version @param {typeof placesOf} byVersion */
function drawAgain(version, byVersion) {
  const places = byVersion.get(version) ?? [];
  byVersion.delete(version);
  const used = draw(places, byVersion);
  for (const place of places) {
    const badge = badges.get(place.beside)?.badge;
    // By now it may belong to another place: the same link with another address.
    const isOfPlace = badge && state.placed.get(badge)?.place === place;
    if (isOfPlace && !used.has(badge)) takeAway(badge);
  }
  return used;
}

/**
 * All measuring comes before all writing.
 *
 * @param {Place[]} places
 * @param {Map<number, Place[]>} byVersion what speaks of which version, to be added to
 * @returns {Set<HTMLElement>} the badges that show something
 */
function draw(places, byVersion) {
  /** @type {View[]} */
  const views = [];
  /** @type {[Place, import("./measure.js").Measured][]} */
  const fresh = [];
  for (const place of places) {
    const answer = holds(place) ? known(place) : null;
    if (answer) note(byVersion, answer.versionId, place);
    const view = viewOf(place, answer);
    // What waits for its terms is drawn later, by itself. Measured now, it then needs no layout of its own.
    if (!view && answer?.state === "gated") measuredOf(place);
    if (!view) continue;
    views.push(view);
    if (!badgeAt(place) && !isRefused(place)) fresh.push([place, measuredOf(place)]);
  }
  for (const [place, measured] of fresh) put(place, measured);
  /** @type {Set<HTMLElement>} */
  const used = new Set();
  for (const view of views) {
    const badge = badgeAt(view.place);
    if (!badge || used.has(badge)) continue;
    used.add(badge);
    state.placed.set(badge, { place: view.place, answer: view.answer });
    drawView(badge, view);
  }
  return used;
}

/** @param {Map<number, Place[]>} byVersion @param {number} version @param {Place} place */
function note(byVersion, version, place) {
  const places = byVersion.get(version);
  if (places) places.push(place);
  else byVersion.set(version, [place]);
}

/** @type {WeakMap<Element, import("./measure.js").Measured>} */
let measured = new WeakMap();

/** @param {Place} place */
function measuredOf(place) {
  const before = measured.get(place.beside);
  if (before) return before;
  const now = measure(place);
  measured.set(place.beside, now);
  return now;
}

/** After a navigation, or when the window has another size. */
export function measurePlacesAgain() {
  measured = new WeakMap();
}

/** @param {HTMLElement} badge */
function takeAway(badge) {
  state.placed.delete(badge);
  badge.remove();
}

/** On these surfaces sixty "No lock" would hide the locks. @param {Place} place */
function isQuiet({ surface }) {
  return surface === "cards" || surface === "blocks" || surface === "text";
}

const SPEAKING = new Set(["locked", "free", "trial", "gated", "yours", "off"]);

/** What a place shows now; null where that is nothing, and no element is needed. @param {Place} place @param {VersionAnswer | null} answer @returns {View | null} */
function viewOf(place, answer) {
  if (!holds(place)) return null;
  wantNear(place);
  const watched = watchedOf(place);
  if (answer?.state === "gated" && (!watched || isSeen(watched))) wantTerms(answer);
  const facts = factsOf(place, answer);
  const isVisible = isQuiet(place)
    ? SPEAKING.has(facts.state) || (facts.state === "open" && state.settings.showOpen)
    : facts.state !== "pending" || place.surface === "title" || place.surface === "versions";
  if (!isVisible && isQuiet(place)) return null;
  return { place, answer, facts, isVisible };
}

/** @param {Place} place */
function wantNear(place) {
  if (isPlaceNear(place)) want(place);
}

/** Whether a place is near the viewport; the page's own title always counts as near. @param {Place} place */
export function isPlaceNear(place) {
  const watched = watchedOf(place);
  return !watched || isNear(watched);
}

/** In how many milliseconds to ask again about something that is near, whether anything is drawn there or not. */
export function dueIn() {
  let next = Number.POSITIVE_INFINITY;
  for (const places of [state.places, state.waiting])
    for (const place of places) if (isShown(place) && isPlaceNear(place)) next = Math.min(next, dueAt(place));
  return next - pageClock();
}

/** What has to be near the viewport; null: the page's own title is always asked about. @param {Place} place */
export function watchedOf({ surface, beside, anchor }) {
  return surface === "title" ? null : surface === "cards" ? beside : anchor;
}

/** @param {Place} place @param {VersionAnswer | null} answer @returns {BadgeFacts} */
function factsOf({ version }, answer) {
  if (state.stopped && (!answer || answer.state === "unknown"))
    return { state: "unknown", versionId: version, versionName: answer?.versionName ?? null, error: STOPPED };
  if (!answer || (isHeld(answer) && !state.stopped))
    return { state: "pending", versionId: version, versionName: answer?.versionName ?? null };
  return answer;
}

const STOPPED = { code: "STOPPED" };

/** What each badge was drawn from, to leave it alone when nothing changed. @type {WeakMap<HTMLElement, unknown[]>} */
const drawnFrom = new WeakMap();

/** @param {HTMLElement} badge @param {View} view */
function drawView(badge, { place, answer, facts, isVisible }) {
  if (badge.hidden) badge.hidden = false;
  const now = Date.now();
  const model = place.model === null ? null : modelAnswer(place.model);
  // "In 3 h" becomes "in 2 h" though nothing else changes.
  const minute = facts.endsAt ? Math.trunc(now / 60_000) : 0;
  const from = [
    answer,
    facts.state,
    isVisible,
    model,
    state.viewer.mode,
    state.stopped,
    minute,
    place.model,
    place.version,
  ];
  const before = drawnFrom.get(badge);
  if (before && from.every((part, at) => part === before[at])) return;
  drawnFrom.set(badge, from);
  setId(badge, "data-model-id", place.model ?? answer?.modelId);
  setId(badge, "data-version-id", answer?.versionId || place.version);
  const versions = model?.versions ?? [];
  const more = isQuiet(place) ? othersOf(versions, answer?.versionId, lang()) : [];
  // The title keeps the width of the widest of its versions.
  const sizes =
    place.surface === "title"
      ? [...new Set(versions.map((version) => badgeOf(version, state.viewer, lang(), now).text))]
      : [];
  drawBadge(badge, badgeOf(facts, state.viewer, lang(), now, more), { visible: isVisible, sizes });
}

/** @param {HTMLElement} badge @param {string} name @param {number | null | undefined} id */
function setId(badge, name, id) {
  if (!id) badge.removeAttribute(name);
  else if (badge.getAttribute(name) !== `${id}`) badge.setAttribute(name, `${id}`);
}

/** Read once: a script whose extension was updated cannot ask the browser any more. @type {string | null} */
let language = null;

export function lang() {
  language ??= chrome.runtime?.id ? languageInUse() : navigator.language || "en";
  return language;
}

/** @param {Place} place @returns {HTMLElement | null} */
function badgeAt({ beside, how, surface }) {
  const known = badges.get(beside);
  if (!known || known.place.surface !== surface) return null;
  const { badge } = known;
  const isThere = how === "after" ? badge.previousElementSibling === beside : badge.parentElement === beside;
  return isThere ? badge : null;
}

/** @param {Place} place @param {import("./measure.js").Measured} measured */
function put(place, { styles, data }) {
  const { beside, how, surface } = place;
  // One that the page has moved is not in its place any more.
  badges.get(beside)?.badge.remove();
  const badge = document.createElement(BADGE);
  badge.dataset.surface = surface;
  for (const [name, value] of Object.entries(styles)) badge.style.setProperty(name, value);
  Object.assign(badge.dataset, data);
  dressBadge(badge, PLACING);
  badges.set(beside, { badge, place });
  if (how === "after") beside.after(badge);
  else beside.append(badge);
}

/**
 * Right after a change of the page, before anything is painted: a badge whose place says another thing now shows
 * nothing, until the look that follows.
 */
export function sweep() {
  for (const [badge, { place }] of state.placed) {
    if (!badge.isConnected || badge.hidden || holds(place)) continue;
    badge.hidden = true;
    schedulePass();
  }
}

/** Whether a place is still what it was when it was found. @param {Place} place */
function holds({ surface, anchor, beside, text, title }) {
  const lies = surface !== "cards" || beside.contains(anchor);
  return (
    lies && beside.isConnected && stillSays(anchor, text) && (!title || stillSays(title.anchor, title.text))
  );
}

/** @param {Element} anchor @param {string} text */
function stillSays(anchor, text) {
  return anchor.isConnected && anchorText(anchor) === text;
}

/** Those that another script left: one of ours from before an update, or a clone. */
export function removeStrangers() {
  const found = document.getElementsByTagName(BADGE);
  if (found.length === state.placed.size) return;
  for (const badge of [...found]) {
    if (badge.hasAttribute("data-surface") && !state.placed.has(/** @type {HTMLElement} */ (badge)))
      badge.remove();
  }
}

/** Where the page took our element away, and when. @type {WeakMap<Node, number[]>} */
const refusals = new WeakMap();
/** @type {WeakSet<Node>} */
let refusing = new WeakSet();

/** Three times within two seconds: it is not wanted there. @param {MutationRecord[]} records */
export function noteRefusals(records) {
  const targets = new Set(records.filter(takesOurs).map(({ target }) => target));
  const now = performance.now();
  for (const target of targets) {
    const times = [...(refusals.get(target) ?? []), now].filter((time) => now - time < 2000);
    refusals.set(target, times);
    if (times.length < 3) continue;
    refusing.add(target);
    state.keptOut += 1;
  }
}

/** @param {MutationRecord} record */
function takesOurs({ removedNodes }) {
  for (const node of removedNodes) if (state.placed.has(/** @type {HTMLElement} */ (node))) return true;
  return false;
}

/** @param {Place} place */
function isRefused({ beside, how }) {
  const into = how === "after" ? beside.parentNode : beside;
  return into !== null && refusing.has(into);
}

/** After a navigation badges are tried there again. */
export function forgetRefusals() {
  refusing = new WeakSet();
  state.keptOut = 0;
}
