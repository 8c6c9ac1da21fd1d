// The background's answers, and when to ask for each again. Spans are measured by a clock that nobody can set back, so
// that a wall clock that jumps delays nothing.

import { now } from "../../badge/clock.js";

/** @typedef {import("../protocol.js").ModelAnswer} ModelAnswer */
/** @typedef {import("../protocol.js").Trouble} Trouble */
/** @typedef {import("../protocol.js").VersionAnswer} VersionAnswer */
/** @typedef {import("./find/links.js").Target} Target */

/** @typedef {{ answer: ModelAnswer, byId: Map<number, VersionAnswer>, at: number, dueAt: number }} KeptModel */
/** @typedef {{ answer: VersionAnswer, at: number, dueAt: number }} KeptVersion */

/** @type {Map<number, KeptModel>} */
const models = new Map();
/** Versions that no model's list holds. @type {Map<number, KeptVersion>} */
const alone = new Map();
/** The model whose list holds a version. @type {Map<number, number>} */
const modelOf = new Map();
/** Gates that end: how often Civitai was asked after the end, and when to ask next. @type {Map<number, { endsAt: string, asked: number, dueAt: number }>} */
const gates = new Map();

/** As long as the CDN cache keeps a reply, in milliseconds. */
const MAX_AGE = 300_000;
/** No pause is longer, whatever the clocks say, in milliseconds. */
const HOUR = 3_600_000;
/** After a gate's end: clocks differ, and so Civitai is asked at once, then twice more, in milliseconds. */
const AFTER_END = [1000, 30_000, 120_000];

/**
 * What is known of a link's version; null: nothing yet.
 *
 * @param {Target} target
 * @returns {VersionAnswer | null}
 */
export function known({ model, version }) {
  if (model === null) {
    const listed = models.get(modelOf.get(version ?? 0) ?? 0)?.byId.get(version ?? 0);
    return listed ?? alone.get(version ?? 0)?.answer ?? null;
  }
  const kept = models.get(model);
  if (!kept) return null;
  const { error, versions } = kept.answer;
  // Where the list does not hold the version, the site shows the model's first one.
  if (!error)
    return (version !== null && kept.byId.get(version)) || versions[0] || unknown(version, model, null);
  if (version === null || !isUnlisted(error)) return unknown(version, model, error);
  const answer = alone.get(version)?.answer ?? null;
  // A version of another model says nothing of this link.
  return answer?.modelId && answer.modelId !== model ? unknown(version, model, error) : answer;
}

/** Lists leave out models that the site shows, new ones for hours: then the version that is named is asked about. @param {Trouble} error */
function isUnlisted({ status }) {
  return status === 404;
}

/** @param {number | null} versionId @param {number | null} modelId @param {Trouble | null} error @returns {VersionAnswer} */
export function unknown(versionId, modelId, error) {
  const nothing = { versionName: null, endsAt: null, trials: null, by: null, asOf: null };
  return {
    ...{ versionId: versionId ?? 0, modelId, state: "unknown", gate: "unknown", error, ...nothing },
    ...{ complete: true, exists: null },
  };
}

/** Nothing. @type {{ models: number[], versions: number[], fresh: number[] }} */
const NOTHING = { models: [], versions: [], fresh: [] };

/** What to ask about a link now. @param {Target} target @returns {{ models: number[], versions: number[], fresh: number[] }} */
export function lacking({ model, version }) {
  const moment = now();
  const kept = model === null ? null : models.get(model);
  const needsModel = model !== null && (!kept || kept.dueAt <= moment);
  const needsVersion =
    version !== null && isAlone({ model, version }) && (alone.get(version)?.dueAt ?? 0) <= moment;
  const gated = gates.size > 0 ? (known({ model, version })?.versionId ?? 0) : 0;
  const needsGate = (gates.get(gated)?.dueAt ?? Number.POSITIVE_INFINITY) <= moment;
  if (!needsModel && !needsVersion && !needsGate) return NOTHING;
  return {
    models: needsModel ? [model] : [],
    versions: needsVersion ? [version] : [],
    fresh: needsGate ? [gated] : [],
  };
}

/** Whether a link's version is asked about by itself: no list holds it. @param {Target} target */
function isAlone({ model, version }) {
  if (model === null) return !modelOf.has(version ?? 0);
  const error = models.get(model)?.answer.error;
  return Boolean(error && isUnlisted(error));
}

/** When to ask about a link again, by the page's clock. @param {Target} target */
export function dueAt({ model, version }) {
  const answer = known({ model, version });
  const single = isAlone({ model, version }) ? alone.get(version ?? 0) : null;
  return Math.min(
    models.get(model ?? 0)?.dueAt ?? Number.POSITIVE_INFINITY,
    single?.dueAt ?? Number.POSITIVE_INFINITY,
    gates.get(answer?.versionId ?? 0)?.dueAt ?? Number.POSITIVE_INFINITY,
  );
}

/** @param {ModelAnswer} answer */
export function keepModel(answer) {
  const troubles = [answer, ...answer.versions.filter(({ state }) => state === "unknown")];
  // A version that its list no longer holds is asked about by itself.
  for (const { versionId } of models.get(answer.modelId)?.answer.versions ?? []) modelOf.delete(versionId);
  models.set(answer.modelId, {
    answer,
    byId: new Map(answer.versions.map((one) => [one.versionId, one])),
    at: now(),
    dueAt: Math.min(...troubles.map(({ error }) => pauseOf(error))),
  });
  for (const version of answer.versions) {
    modelOf.set(version.versionId, answer.modelId);
    noteGate(version);
  }
}

/** @param {VersionAnswer} answer */
export function keepVersion(answer) {
  if (modelOf.has(answer.versionId)) return update(answer);
  const dueAt = answer.state === "unknown" ? pauseOf(answer.error) : Number.POSITIVE_INFINITY;
  alone.set(answer.versionId, { answer, at: now(), dueAt });
  noteGate(answer);
}

/**
 * A later answer about a listed version: its name stays, and a state that is less sure replaces none.
 *
 * @param {VersionAnswer} answer
 */
export function update(answer) {
  const { versionId } = answer;
  const kept = models.get(modelOf.get(versionId) ?? 0);
  const before = kept?.byId.get(versionId) ?? alone.get(versionId)?.answer;
  if (!before) return;
  noteGate(answer);
  if (!isSurer(answer, before)) return;
  const { versionName, modelId } = before;
  const merged = {
    ...answer,
    versionName: versionName ?? answer.versionName,
    modelId: modelId ?? answer.modelId,
  };
  const single = alone.get(versionId);
  if (single) single.answer = merged;
  if (!kept) return;
  kept.byId.set(versionId, merged);
  kept.answer = {
    ...kept.answer,
    versions: kept.answer.versions.map((one) => kept.byId.get(one.versionId) ?? one),
  };
}

/** @param {VersionAnswer} answer @param {VersionAnswer} before */
function isSurer(answer, before) {
  if (answer.state === "unknown") return before.state === "unknown";
  if (answer.state === "gated") {
    const saysLess = before.state === "unknown" || before.state === "gated" || isOpen(before);
    return saysLess || isOfNextGate(answer, before);
  }
  return true;
}

/** @param {VersionAnswer} answer */
function isOpen({ state }) {
  return state === "open" || state === "yours";
}

/** Whether a version has another gate now. What the gate before left free says nothing about this one. @param {VersionAnswer} answer @param {VersionAnswer} before */
function isOfNextGate(answer, before) {
  const isOther = answer.gate !== "unknown" && before.gate !== "unknown" && answer.gate !== before.gate;
  const endsElse = answer.endsAt !== null && before.endsAt !== null && answer.endsAt !== before.endsAt;
  return isOther || endsElse;
}

/** Whether the check denied it. @param {VersionAnswer} answer */
export function isDenied({ state }) {
  return state === "locked" || state === "gated" || state === "free" || state === "trial";
}

/** @param {VersionAnswer} answer */
function noteGate(answer) {
  const { versionId, endsAt, error } = answer;
  const gate = gates.get(versionId);
  if (answer.state === "unknown") {
    // A failure is no answer, so it does not count as one of the three.
    if (gate && gate.asked > 0 && error)
      gates.set(versionId, { ...gate, asked: gate.asked - 1, dueAt: pauseOf(error) });
    return;
  }
  if (!isDenied(answer)) return void gates.delete(versionId);
  // Past its end a list may leave the date out.
  if (!endsAt || gate?.endsAt === endsAt) return;
  const left = Math.max(0, Date.parse(endsAt) - Date.now());
  gates.set(versionId, { endsAt, asked: 0, dueAt: now() + left + (AFTER_END[0] ?? 0) });
}

/** Gates past their end were asked about: the next time is later, and there are three in all. @param {Iterable<number>} ids */
export function noteGatesAsked(ids) {
  const moment = now();
  for (const id of ids) {
    const gate = gates.get(id);
    if (!gate || gate.dueAt > moment) continue;
    gate.asked += 1;
    gate.dueAt = moment + (AFTER_END[gate.asked] ?? Number.POSITIVE_INFINITY);
  }
}

/** When to ask again after a failure, by the page's clock. @param {Trouble | null} error */
export function pauseOf(error) {
  if (!error) return Number.POSITIVE_INFINITY;
  const pause = error.askAgainAt - Date.now();
  if (!Number.isFinite(pause)) return Number.POSITIVE_INFINITY;
  return now() + Math.min(HOUR, Math.max(1000, pause));
}

/** @param {number} model */
export function modelAnswer(model) {
  return models.get(model)?.answer ?? null;
}

/** All models that this document has seen. */
export function allModels() {
  return [...models.values()].map(({ answer }) => answer);
}

/** Another viewer has other answers. */
export function forgetAnswers() {
  for (const map of [models, alone, modelOf, gates]) map.clear();
}

/**
 * After a navigation: forgets what is older than the CDN cache would keep it. It also forgets that no list holds the model
 * on show, since that one is looked up by itself.
 *
 * @param {number | null} shown
 */
export function forgetOld(shown) {
  const error = models.get(shown ?? 0)?.answer.error;
  if (error && isUnlisted(error)) models.delete(shown ?? 0);
  const oldest = now() - MAX_AGE;
  for (const kept of [models, alone]) for (const [id, { at }] of kept) if (at < oldest) kept.delete(id);
  for (const [version, model] of modelOf) if (!models.has(model)) modelOf.delete(version);
}
