// What the background told, and when it is asked: one round at once, then one a second at most.

import { modelOnShow } from "./find/model-page.js";
import { schedulePass } from "./schedule.js";
import { send } from "./send.js";
import { state } from "./state.js";

/** @typedef {import("./find/places.js").Place} Place */
/** @typedef {import("./state.js").Ids} Ids */
/** @typedef {import("../protocol.js").ModelAnswer} ModelAnswer */
/** @typedef {import("../protocol.js").Trouble} Trouble */
/** @typedef {import("../protocol.js").VersionAnswer} VersionAnswer */

const kinds = /** @type {const} */ (["models", "versions"]);
let lastRound = Number.NEGATIVE_INFINITY;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let nextRound;

/** How many models one request can name (contract §2.5). */
const SCREENFUL = 100;
/** Between rounds, in milliseconds. */
export const PAUSE = 1000;
/** As long as the edge keeps a reply, in milliseconds. */
const MAX_AGE = 300_000;

/**
 * What is known of a place's version; null: nothing yet, and it will be asked for.
 *
 * @param {Pick<Place, "model" | "version">} place
 * @returns {VersionAnswer | null}
 */
export function answerFor({ model, version }) {
  const now = Date.now();
  const kept = model === null ? null : state.models.get(model);
  if (model !== null && (!kept || isDue(kept.answer, now))) want("models", model);
  if (model !== null && !kept) return null;
  const versions = kept?.answer.versions ?? [];
  const found =
    version === null
      ? versions[0]
      : (versions.find((one) => one.versionId === version) ?? elsewhere(version));
  if (found) return found;
  if (kept?.answer.error) return unknown(version, model, kept.answer.error);
  if (version === null) return unknown(0, model, null);
  const bare = state.alone.get(version);
  if (!bare || (bare.answer.error && bare.answer.error.askAgainAt <= now)) want("versions", version);
  return bare?.answer ?? null;
}

/** @param {number} version */
function elsewhere(version) {
  for (const { answer } of state.models.values()) {
    const found = answer.versions.find((one) => one.versionId === version);
    if (found) return found;
  }
  return undefined;
}

/** @param {number | null} versionId @param {number | null} modelId @param {Trouble | null} error @returns {VersionAnswer} */
export function unknown(versionId, modelId, error) {
  const nothing = { versionName: null, endsAt: null, trials: null, by: null, asOf: null };
  return { versionId: versionId ?? 0, modelId, state: "unknown", gate: "unknown", error, ...nothing };
}

/** Whether it is time to ask again: a failure's pause is over, or a gate has opened. @param {ModelAnswer} answer @param {number} now */
function isDue(answer, now) {
  return dueAt(answer) <= now;
}

/** @param {ModelAnswer} answer */
export function dueAt({ error, versions }) {
  const moments = versions
    .flatMap(({ error, endsAt }) => [error?.askAgainAt ?? [], endsAt ? Date.parse(endsAt) : []])
    .flat();
  return Math.min(error?.askAgainAt ?? Number.POSITIVE_INFINITY, ...moments);
}

/** Since when a model's answer is awaited. @type {Map<number, number>} */
const awaited = new Map();

/** Whether a model's answer is so late that the page should say so. @param {number} model */
export function waitsLong(model) {
  return Date.now() - (awaited.get(model) ?? Date.now()) >= PATIENCE;
}

/** Until a late answer is noticed, in milliseconds. */
const PATIENCE = 600;

/** @param {"models" | "versions"} kind @param {number} id */
function want(kind, id) {
  if (state.stopped || state.underWay[kind].has(id)) return;
  state.wanted[kind].add(id);
  if (nextRound !== undefined) return;
  nextRound = setTimeout(round, Math.max(0, lastRound + PAUSE - Date.now()));
}

async function round() {
  nextRound = undefined;
  lastRound = Date.now();
  const now = state.wanted;
  const asked = { models: new Set([...now.models].slice(0, SCREENFUL)), versions: now.versions };
  state.wanted = { models: new Set([...now.models].slice(SCREENFUL)), versions: new Set() };
  if (state.wanted.models.size) nextRound = setTimeout(round, PAUSE);
  for (const kind of kinds) for (const id of asked[kind]) state.underWay[kind].add(id);
  await ask(asked, false);
  for (const kind of kinds) for (const id of asked[kind]) state.underWay[kind].delete(id);
  schedulePass();
}

/**
 * @param {Ids} asked
 * @param {boolean} fresh
 */
async function ask(asked, fresh) {
  const onShow = modelOnShow()?.model ?? null;
  const whole = onShow !== null && asked.models.has(onShow) ? onShow : null;
  const page = whole !== null && state.facts.model?.modelId === whole ? state.facts.model : null;
  if (whole !== null && !state.models.has(whole)) {
    awaited.set(whole, Date.now());
    setTimeout(schedulePass, PATIENCE);
  }
  const question = {
    kind: "look",
    models: [...asked.models],
    versions: [...asked.versions],
    whole,
    page,
    fresh,
  };
  const reply = await send({ ...question, session: sessionId() });
  if (!reply) return;
  const at = Date.now();
  if (reply.error) {
    for (const id of asked.models)
      state.models.set(id, {
        answer: { modelId: id, modelName: null, error: reply.error, versions: [] },
        at,
      });
    for (const id of asked.versions) state.alone.set(id, { answer: unknown(id, null, reply.error), at });
    return;
  }
  state.viewer = reply.viewer;
  for (const answer of reply.models) state.models.set(answer.modelId, { answer, at });
  for (const answer of reply.versions) state.alone.set(answer.versionId, { answer, at });
}

/** One look at a single version, for what its gate leaves free. @param {HTMLElement} badge */
export async function askForTerms(badge) {
  const answer = state.placed.get(badge)?.answer;
  if (answer?.state !== "locked" || answer.trials !== null || !answer.versionId || state.stopped) return;
  if (explained.has(answer.versionId)) return;
  explained.add(answer.versionId);
  const reply = await send({ kind: "explain", version: answer.versionId, session: sessionId() });
  const told = reply?.version;
  if (told?.versionId !== answer.versionId || told.state === "unknown") return;
  for (const kept of state.models.values()) {
    kept.answer.versions = kept.answer.versions.map((one) =>
      one.versionId === told.versionId
        ? { ...told, versionName: one.versionName, modelId: one.modelId }
        : one,
    );
  }
  if (state.alone.has(told.versionId)) state.alone.set(told.versionId, { answer: told, at: Date.now() });
  schedulePass();
}

/** @type {Set<number>} */
const explained = new Set();

/** Everything on this page anew, past all memories. */
export async function askAgain() {
  const places = [...state.placed.values()];
  const asked = {
    models: new Set(places.flatMap(({ place }) => place.model ?? [])),
    versions: new Set([...state.alone.keys()]),
  };
  explained.clear();
  await ask(asked, true);
  lastRound = Date.now();
  schedulePass();
}

/** What was denied, past all memories: somebody may have bought it in another tab. */
export async function askAboutDenied() {
  const denied = [...state.placed.values()].flatMap(({ answer }) =>
    answer && (answer.state === "locked" || answer.state === "trial") ? answer : [],
  );
  const ids = {
    models: new Set(/** @type {number[]} */ ([])),
    versions: new Set(denied.map(({ versionId }) => versionId)),
  };
  if (ids.versions.size === 0) return;
  await ask(ids, true);
  for (const id of ids.versions) state.alone.delete(id);
  // The background knows these verdicts now: this asks nothing of Civitai.
  await ask({ models: new Set(denied.flatMap(({ modelId }) => modelId ?? [])), versions: new Set() }, false);
  schedulePass();
}

/** Another viewer has other answers; the background has most of them. */
export function forgetAnswers() {
  state.models.clear();
  state.alone.clear();
  explained.clear();
  schedulePass();
}

/** Resolves when nothing is asked any more, or after so many milliseconds. @param {number} most */
export async function settled(most) {
  const end = Date.now() + most;
  while (
    (nextRound !== undefined || state.underWay.models.size || state.underWay.versions.size) &&
    Date.now() < end
  ) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function sessionId() {
  return state.asPublic ? null : state.facts.session;
}

/** After a navigation: what is older than the edge would keep it. */
export function forgetOld() {
  const oldest = Date.now() - MAX_AGE;
  for (const kept of [state.models, state.alone])
    for (const [id, { at }] of kept) if (at < oldest) kept.delete(id);
}
