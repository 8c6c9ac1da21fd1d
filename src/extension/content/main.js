// Begins when the page may be touched, and looks again whenever it changes.

import { askAboutDenied, askAgain, dueAt, forgetAnswers, forgetOld, PAUSE, settled } from "./ask.js";
import { findAndDraw, forgetRefusals, noteRefusals, sweep } from "./draw/attach.js";
import { BADGE } from "./draw/badge.js";
import { keepLastWords } from "./draw/messages.js";
import { watchForTips } from "./draw/tips.js";
import { idle, pageIsReady } from "./find/hydration.js";
import { readPageFacts } from "./find/page-facts.js";
import { report, tellCount } from "./report.js";
import { schedulePass, schedules } from "./schedule.js";
import { send } from "./send.js";
import { state } from "./state.js";

let address = location.href;

schedules(pass);
begin();

async function begin() {
  keepLastWords();
  while (!(await loadChosen())) {
    if (state.stopped) return;
    await new Promise((resolve) => setTimeout(resolve, SILENCE));
  }
  chrome.storage.onChanged.addListener(async (changes, area) => {
    if (area !== "local" || !("settings" in changes)) return;
    await loadChosen();
    forgetAnswers();
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
  pass();
}

/** Before a background that gave no answer is asked once more, in milliseconds. */
const SILENCE = 10_000;

/** @param {unknown} message */
async function answerPopup(message) {
  const { kind, on } = /** @type {{ kind?: string, on?: boolean }} */ (message ?? {});
  if (kind === "again") await askAgain();
  if (kind === "public") state.asPublic = on === true;
  if (kind === "chosen") await loadChosen();
  if (kind === "public" || kind === "chosen") forgetAnswers();
  pass();
  await settled(2000);
  pass();
  return report();
}

/** @returns {Promise<boolean>} whether there are settings to begin with */
async function loadChosen() {
  const reply = await send({ kind: "settings" });
  if (reply?.settings) state.settings = reply.settings;
  return Boolean(reply?.settings);
}

/** Everything once, idempotent. */
function pass() {
  if (!state.started) return;
  findAndDraw();
  tellCount();
  setTimer();
}

function observe() {
  new MutationObserver((records) => {
    sweep();
    noteRefusals(records);
    noteAddress();
    if (!records.every(isOurs)) schedulePass();
  }).observe(document.body, {
    childList: true,
    subtree: true,
    characterData: true,
    attributeFilter: ["href"],
  });
  /** @type {any} */ (globalThis).navigation?.addEventListener("currententrychange", noteAddress);
  for (const type of ["popstate", "locationchange"]) addEventListener(type, noteAddress);
  addEventListener("pageshow", ({ persisted }) => persisted && noteAddress(true));
  document.addEventListener("visibilitychange", onVisible);
}

/** Whether a change is but a badge that we put. @param {MutationRecord} record */
function isOurs({ addedNodes, removedNodes }) {
  return (
    addedNodes.length > 0 &&
    removedNodes.length === 0 &&
    [...addedNodes].every((node) => node.nodeName.toLowerCase() === BADGE)
  );
}

/** @param {unknown} [anyway] */
function noteAddress(anyway) {
  if (address === location.href && anyway !== true) return;
  address = location.href;
  forgetRefusals();
  forgetOld();
  schedulePass();
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** One timer a page, none when it is hidden: for the first thing that is worth asking again. */
function setTimer() {
  clearTimeout(timer);
  if (document.hidden || state.stopped) return;
  const used = new Set([...state.placed.values()].map(({ place }) => place.model));
  const moments = [...state.models].flatMap(([id, { answer }]) => (used.has(id) ? dueAt(answer) : []));
  const next = Math.min(...moments) - Date.now();
  if (next < 2 ** 31 - 1) timer = setTimeout(schedulePass, Math.max(PAUSE, next));
}

let askedAt = 0;

/** In another tab something may have been bought: what is denied is asked about once more, each minute at most. */
function onVisible() {
  if (document.hidden) return clearTimeout(timer);
  schedulePass();
  if (state.viewer.mode !== "account" || Date.now() - askedAt < 60_000) return;
  askedAt = Date.now();
  askAboutDenied();
}
