// Puts badges to their places, takes away what has lost its place, and stays away from where they are not wanted.

import { answerFor, unknown, waitsLong } from "../ask.js";
import { isTouchable } from "../find/hydration.js";
import { readLink } from "../find/links.js";
import { modelOnShow, placesOfModel } from "../find/model-page.js";
import { anchorText, LINKS, placeOf } from "../find/places.js";
import { schedulePass } from "../schedule.js";
import { state } from "../state.js";
import { BADGE, blankBadge, drawBadge, makeBadge } from "./badge.js";
import { dimLocked } from "./dim.js";
import { t } from "./messages.js";
import { badgeBeside } from "./tips.js";
import { isolated, wordsOf } from "./words.js";

/** @typedef {import("../find/places.js").Place} Place */
/** @typedef {import("../find/links.js").Target} Target */
/** @typedef {import("../state.js").Placed} Placed */
/** @typedef {import("./badge.js").Drawing} Drawing */
/** @typedef {import("../../protocol.js").ModelAnswer} ModelAnswer */
/** @typedef {import("../../protocol.js").PageModel} PageModel */
/** @typedef {import("../../protocol.js").Trouble} Trouble */
/** @typedef {import("../../protocol.js").VersionAnswer} VersionAnswer */

/** Finds all places, draws their badges, and takes away those that have lost theirs. Idempotent. */
export function findAndDraw() {
  /** @type {Set<HTMLElement>} */
  const used = new Set();
  for (const place of findPlaces()) {
    if (!isTouchable(place.beside) || isRefused(place)) continue;
    const answer = answerFor(place);
    const badge = badgeAt(place) ?? put(place);
    used.add(badge);
    state.placed.set(badge, { place, answer });
    badgeBeside.set(place.anchor.closest("a, button") ?? place.anchor, badge);
    setAttributes(badge, place, answer);
    drawBadge(badge, drawingOf(place, answer));
  }
  for (const [badge, { place }] of state.placed) {
    if (used.has(badge)) continue;
    // An emptied card keeps its badge, hidden: it is filled again with the same model, or with another.
    if (place.surface === "cards" && badge.isConnected) blankBadge(badge);
    else {
      badge.remove();
      state.placed.delete(badge);
    }
  }
  dimLocked(state.settings.dim);
}

/** @returns {Place[]} */
function findPlaces() {
  const places = [];
  const model = modelOnShow();
  if (model) {
    answerFor({ model: model.model, version: null });
    const page = state.facts.model?.modelId === model.model ? state.facts.model : null;
    const known = state.models.get(model.model)?.answer ?? (waitsLong(model.model) ? asWaiting(page) : null);
    if (known) places.push(...placesOfModel(model, known, page));
  }
  state.counts.links = 0;
  state.counts.listed = [];
  for (const link of document.querySelectorAll(LINKS)) {
    const place = placeOf(link);
    if (!place) continue;
    state.counts.links += 1;
    if (place !== "listed") places.push(place);
    else state.counts.listed.push(/** @type {Target} */ (readLink(link.getAttribute("href"), location.href)));
  }
  const saves = /** @type {any} */ (navigator).connection?.saveData;
  return places.filter(({ surface }) => state.settings.surfaces[surface] && !(saves && surface === "cards"));
}

/** What is said of a model while its answer is awaited: names without states. @param {PageModel | null} page @returns {ModelAnswer | null} */
function asWaiting(page) {
  if (!page) return null;
  const versions = page.versions.map(({ versionId, versionName }) => ({
    ...unknown(versionId, page.modelId, null),
    versionName,
  }));
  return { modelId: page.modelId, modelName: page.modelName, error: null, versions };
}

/** @param {Place} place @returns {HTMLElement | null} */
function badgeAt({ beside, how, surface }) {
  const near = how === "after" ? beside.nextElementSibling : beside.querySelector(`:scope > ${BADGE}`);
  return near instanceof HTMLElement && near.localName === BADGE && near.dataset.surface === surface
    ? near
    : null;
}

/** @param {Place} place */
function put({ beside, how, surface }) {
  const badge = makeBadge(surface);
  if (surface === "images")
    badge.style.setProperty("--gap", getComputedStyle(beside).columnGap.replace("normal", "0px"));
  if (surface === "blocks") badge.dataset.fit = fitOf(beside);
  if (how === "after") beside.after(badge);
  else beside.append(badge);
  return badge;
}

/** Where in a block link there is room: in its flow, in its corner, or on its edge for the mark alone. @param {Element} link */
function fitOf(link) {
  if (getComputedStyle(link).position === "static") return "flow";
  return link.getBoundingClientRect().height < 60 ? "edge" : "corner";
}

/** @param {HTMLElement} badge @param {Place} place @param {VersionAnswer | null} answer */
function setAttributes(badge, { model, version }, answer) {
  const [modelId, versionId] = [model ?? answer?.modelId, version ?? answer?.versionId];
  for (const [name, id] of /** @type {const} */ ([
    ["data-model-id", modelId],
    ["data-version-id", versionId],
  ])) {
    if (!id) badge.removeAttribute(name);
    else if (badge.getAttribute(name) !== `${id}`) badge.setAttribute(name, `${id}`);
  }
}

/** @param {Place} place @param {VersionAnswer | null} told @returns {Drawing} */
function drawingOf({ surface, model, version }, told) {
  const answer = told ?? (state.stopped ? unknown(version, model, STOPPED) : null);
  if (!answer) return { state: "pending", words: null, drawn: false, more: "" };
  const isQuiet = surface === "cards" || surface === "blocks" || surface === "text";
  const { state: shape } = answer;
  const drawn =
    !isQuiet ||
    ["locked", "trial", "yours", "off"].includes(shape) ||
    (shape === "open" && state.settings.showOpen);
  const words = wordsOf(
    state.stopped && shape === "unknown" ? { ...answer, error: STOPPED } : answer,
    state.viewer,
    t,
    Date.now(),
  );
  const more = isQuiet
    ? othersOf(model, answer)
    : state.stopped && surface === "title"
      ? t("reloadPage")
      : "";
  return surface === "title"
    ? { state: shape, words, drawn, more, sizes: sizesOf(model) }
    : { state: shape, words, drawn, more };
}

/** All that the title may come to say: the words of any version. @param {number | null} model */
function sizesOf(model) {
  const versions = state.models.get(model ?? 0)?.answer.versions ?? [];
  return [...new Set(versions.map((version) => wordsOf(version, state.viewer, t, Date.now()).short))];
}

/** @type {Trouble} */
const STOPPED = { code: "STOPPED", status: null, message: "", askAgainAt: Number.POSITIVE_INFINITY };

/** What the same reply tells of the model's other versions. @param {number | null} model @param {VersionAnswer} answer */
function othersOf(model, { versionId }) {
  const versions = state.models.get(model ?? 0)?.answer.versions ?? [];
  const locked = versions.filter(({ state }) => state === "locked" || state === "trial").length;
  if (versions.length < 2 || locked === 0) return "";
  const free = versions.find((one) => one.state === "open" && one.versionId !== versionId);
  return [
    t("lockedVersions", `${locked}`, `${versions.length}`),
    free ? t("hasNoLock", isolated(free.versionName ?? "")) : "",
  ]
    .filter(Boolean)
    .join(". ");
}

/**
 * Right after each change of the page, before anything is painted: a badge whose place says another thing now shows
 * nothing, until the pass that follows.
 */
export function sweep() {
  for (const [badge, { place }] of state.placed) {
    const { surface, anchor, beside, text } = place;
    const lies = surface !== "cards" || beside.contains(anchor);
    const holds = lies && anchor.isConnected && beside.isConnected && anchorText(anchor) === text;
    if (holds || !badge.isConnected || badge.hidden) continue;
    blankBadge(badge);
    schedulePass();
  }
}

/** Where the page took our element away, and when. @type {WeakMap<Node, number[]>} */
const refusals = new WeakMap();
/** @type {WeakSet<Node>} */
let refusing = new WeakSet();

/** Three times within two seconds: it is not wanted there. @param {MutationRecord[]} records */
export function noteRefusals(records) {
  const targets = new Set(records.filter(takesOurs).map(({ target }) => target));
  const now = Date.now();
  for (const target of targets) {
    const times = [...(refusals.get(target) ?? []), now].filter((time) => now - time < 2000);
    refusals.set(target, times);
    if (times.length < 3) continue;
    refusing.add(target);
    state.counts.keptOut += 1;
  }
}

/** @param {MutationRecord} record */
function takesOurs({ removedNodes }) {
  return [...removedNodes].some(
    (node) => node instanceof HTMLElement && state.placed.has(node) && node.localName === BADGE,
  );
}

/** @param {Place} place */
function isRefused({ beside, how }) {
  const into = how === "after" ? beside.parentNode : beside;
  return into !== null && refusing.has(into);
}

/** A new page is another chance. */
export function forgetRefusals() {
  refusing = new WeakSet();
  state.counts.keptOut = 0;
}
