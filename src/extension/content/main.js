// Begins when the page may be touched, and looks again whenever something changes that badges depend on.

import { BADGE } from "../../badge/draw.js";
import "../../badge/words/all.js";
import { forgetOld, isDenied, known, modelAnswer, unknown } from "./answers.js";
import {
  askAboutDenied,
  askAgain,
  forgetAnswers,
  settled,
  waitsLong,
  wantTerms,
  whenViewerChanged,
} from "./ask.js";
import {
  drawPlaces,
  drawVersions,
  dueIn,
  forgetRefusals,
  lang,
  measurePlacesAgain,
  noteRefusals,
  removeStrangers,
  sweep,
  watchedOf,
} from "./draw/attach.js";
import { dimLocked } from "./draw/dim.js";
import { watchForTips } from "./draw/tips.js";
import { measureAgain, measureAllAgain } from "./find/cards.js";
import { LINKS } from "./find/census.js";
import { forgetBoundaries, idle, isTouchable, pageIsReady } from "./find/hydration.js";
import { HEADINGS, modelOnShow, placesOfModel } from "./find/model-page.js";
import { watchOnly, watchViewport } from "./find/near.js";
import { readPageFacts } from "./find/page-facts.js";
import { placesOfLinks } from "./find/places.js";
import { report, sendCount, sendCountAgain } from "./report.js";
import { passNow, scheduleDraw, schedulePass, schedulePassNow, schedules } from "./schedule.js";
import { send } from "./send.js";
import { inSlices } from "./slices.js";
import { state } from "./state.js";

/** @typedef {import("../protocol.js").ModelAnswer} ModelAnswer */
/** @typedef {import("../protocol.js").PageModel} PageModel */
/** @typedef {import("./find/places.js").Place} Place */

let address = location.href;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let askedAboutDeniedAt = Number.NEGATIVE_INFINITY;

/** Before a background that gave no answer is asked again, in milliseconds. */
const RETRY_AFTER = 10_000;
/** How long the popup waits for a look at the page, and for answers, in milliseconds. */
const PATIENCE = 2000;
const MINUTE = 60_000;

schedules(lookAndDraw, draw, drawSome);
if (isPage()) begin();

/** XML and pictures are documents too. */
function isPage() {
  return document instanceof HTMLDocument && document.body !== null;
}

async function begin() {
  lang();
  await activated();
  while (!(await loadSettings())) {
    if (state.stopped) return;
    await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER));
  }
  whenViewerChanged(loadSettings);
  watchViewport(scheduleDraw);
  chrome.storage.onChanged.addListener((changes, area) => {
    if (area === "local" && "settings" in changes) loadSettings();
  });
  chrome.runtime.onMessage.addListener((message, _sender, respond) => {
    answerPopup(message).then(respond);
    return true;
  });
  const [{ fallback }] = await Promise.all([
    pageIsReady(),
    idle().then(() => {
      state.facts = readPageFacts(document);
    }),
  ]);
  state.begunWithout = fallback;
  state.started = true;
  observe();
  watchForTips();
  schedulePassNow();
}

/** A page that the browser prepares may never be looked at: nothing is asked for it. */
function activated() {
  if (!(/** @type {any} */ (document).prerendering)) return;
  return new Promise((resolve) => document.addEventListener("prerenderingchange", resolve, { once: true }));
}

/** @returns {Promise<boolean>} whether there are settings to begin with */
async function loadSettings() {
  const reply = await send({ kind: "settings" });
  if (!reply?.settings) return false;
  const isSame = reply.settings.revision === state.settings.revision;
  state.settings = reply.settings;
  if (!isSame) forgetAnswers();
  if (state.started) schedulePassNow();
  return true;
}

/** @param {unknown} message */
async function answerPopup(message) {
  const { kind, on } = /** @type {{ kind?: string, on?: boolean }} */ (message ?? {});
  const onShow = modelOnShow();
  if (kind === "again")
    askAgain([...(onShow ? [onShow] : []), ...[...state.places, ...state.listed].filter(known)]);
  if (kind === "public" && state.asPublic !== (on === true)) {
    state.asPublic = on === true;
    forgetAnswers();
  }
  // What the popup lists is in view too.
  for (const version of modelAnswer(onShow?.model ?? 0)?.versions ?? []) wantTerms(version);
  // The timers of a hidden page are slow, and a person waits.
  await Promise.race([passNow(), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  await settled(PATIENCE);
  await draw();
  return report();
}

/** Finds all places and draws them. @returns {Promise<number>} how long it took, in milliseconds */
async function lookAndDraw() {
  if (!state.started) return 0;
  const slices = inSlices();
  forgetBoundaries();
  const { places, listed, lost } = await placesOfLinks(document, slices);
  const ofModel = placesOnModelPage();
  const found = [...ofModel, ...places].filter(isWanted);
  /** @type {Set<Element>} */
  const watched = new Set();
  const touchable = [];
  const waiting = [];
  for (const place of found) {
    if (slices.isOver()) await slices.next();
    if (isTouchable(place.beside)) touchable.push(place);
    else waiting.push(place);
    const element = watchedOf(place);
    if (element) watched.add(element);
  }
  state.places = touchable;
  state.ofModel = ofModel;
  state.waiting = waiting;
  state.listed = listed;
  state.lost = lost;
  watchOnly(watched);
  await draw();
  removeStrangers();
  return slices.spent();
}

/** @param {Place} place */
function isWanted(place) {
  const saves = /** @type {any} */ (navigator).connection?.saveData;
  return !(saves && place.surface === "cards");
}

/** @returns {Place[]} */
function placesOnModelPage() {
  const shown = modelOnShow();
  if (!shown) return [];
  const own = state.facts.model?.modelId === shown.model ? state.facts.model : null;
  const answer =
    modelAnswer(shown.model) ??
    (state.stopped ? asStopped(shown.model) : waitsLong(shown.model) ? asWaiting(own) : null);
  return answer ? placesOfModel(shown, answer, own) : [];
}

/** The answer about a model once the extension was updated under the page: nothing can be asked any more. @param {number} modelId @returns {ModelAnswer} */
function asStopped(modelId) {
  const error = { code: "STOPPED", status: null, message: "", askAgainAt: Number.POSITIVE_INFINITY };
  return { modelId, modelName: null, error, versions: [] };
}

/** What stands in for an answer that is awaited: names without states. @param {PageModel | null} page @returns {ModelAnswer | null} */
function asWaiting(page) {
  if (!page) return null;
  const versions = page.versions.map(({ versionId, versionName }) => ({
    ...unknown(versionId, page.modelId, null),
    versionName,
  }));
  return { modelId: page.modelId, modelName: page.modelName, error: null, versions };
}

/** Draws what was found, with what is known now. */
async function draw() {
  if (!state.started) return;
  await drawPlaces();
  dimLocked(state.settings.dim);
  sendCount();
  setTimer();
}

/** Draws what speaks of these versions. @param {number[]} versions */
function drawSome(versions) {
  if (!state.started) return;
  drawVersions(versions);
  clearTimeout(afterDraws);
  afterDraws = setTimeout(() => {
    sendCount();
    setTimer();
  }, 100);
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let afterDraws;

function observe() {
  const observer = new MutationObserver(onMutations);
  observer.observe(document.body, {
    childList: true,
    subtree: true,
    characterData: true,
    attributeFilter: ["href"],
  });
  // The head names the model that the page shows, and may do so after the page.
  new MutationObserver((records) => {
    if (records.some(namesModel)) schedulePass();
  }).observe(document.head, { childList: true, subtree: true, attributeFilter: ["href"] });
  /** @type {any} */ (globalThis).navigation?.addEventListener("currententrychange", noteAddress);
  for (const type of ["popstate", "locationchange"]) addEventListener(type, noteAddress);
  addEventListener("pageshow", ({ persisted }) => persisted && onReturn());
  document.addEventListener("visibilitychange", onVisible);
  addEventListener("resize", measurePlacesAgain);
}

/** @param {MutationRecord[]} records */
function onMutations(records) {
  noteRefusals(records);
  noteAddress();
  if (!records.some(isRelevant)) return;
  sweep();
  schedulePass();
}

/** @param {MutationRecord} record */
function namesModel({ target, addedNodes }) {
  return [target, ...addedNodes].some((node) => node instanceof HTMLLinkElement);
}

/** What badges are placed by. */
const ANCHORS = `${LINKS}, ${HEADINGS}, button, [role=button]`;

/** Whether a change may concern a badge: a page that moves all the time costs next to nothing. @param {MutationRecord} record */
function isRelevant({ type, target, addedNodes, removedNodes }) {
  if (type === "attributes") return true;
  for (const node of addedNodes) if (concerns(node) && !isOurs(node)) return true;
  for (const node of removedNodes) if (concerns(node)) return true;
  const element = target instanceof Element ? target : target.parentElement;
  const anchor = element?.closest(ANCHORS);
  if (!anchor || [...addedNodes].some(isOurs)) return false;
  measureAgain(anchor);
  return true;
}

/** @param {Node} node */
function concerns(node) {
  if (!(node instanceof Element)) return false;
  return node.localName === BADGE || node.matches(ANCHORS) || node.querySelector(ANCHORS) !== null;
}

/** @param {Node} node */
function isOurs(node) {
  return state.placed.has(/** @type {HTMLElement} */ (node));
}

function noteAddress() {
  if (address === location.href) return;
  address = location.href;
  forgetRefusals();
  forgetOld(modelOnShow()?.model ?? null);
  measureAllAgain();
  measurePlacesAgain();
  schedulePassNow();
}

/** From the back/forward cache: settings and answers may be others by now. */
async function onReturn() {
  address = "";
  noteAddress();
  await loadSettings();
  sendCountAgain();
}

/** One timer a page, none while it is hidden: for the next thing to ask again, or to draw again. */
function setTimer() {
  clearTimeout(timer);
  if (document.hidden || state.stopped) return;
  let next = dueIn();
  for (const { answer } of state.placed.values()) if (answer?.endsAt) next = Math.min(next, MINUTE);
  // A timer may stand still while the machine sleeps.
  if (Number.isFinite(next)) timer = setTimeout(scheduleDraw, Math.min(MINUTE, Math.max(1000, next)));
}

/** Something may have been bought in another tab: what is denied is asked about again, once a minute at most. */
function onVisible() {
  if (document.hidden) return clearTimeout(timer);
  schedulePass();
  const moment = performance.now();
  if (state.viewer.mode !== "account" || moment - askedAboutDeniedAt < MINUTE) return;
  askedAboutDeniedAt = moment;
  askAboutDenied(state.places.flatMap((place) => known(place) ?? []).filter(isDenied));
}
