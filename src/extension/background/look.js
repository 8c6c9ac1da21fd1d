// What the links of a page lead to. Verdicts, reasons and the decision are the core's; here it is only put together
// which of them a page needs.

import { factsOfPage, generationOfPage } from "../states.js";
import { describe } from "./trouble.js";

/** @typedef {import("./host.js").Host} Host */
/** @typedef {import("./viewer.js").Looker} Looker */
/** @typedef {import("../protocol.js").Look} Look */
/** @typedef {import("../protocol.js").ModelAnswer} ModelAnswer */
/** @typedef {import("../protocol.js").PageModel} PageModel */
/** @typedef {import("../protocol.js").VersionAnswer} VersionAnswer */
/** @typedef {import("../../js/index.js").Explanation} Explanation */
/** @typedef {import("../../js/index.js").ModelVersions} ModelVersions */

/**
 * One request for the models, one check for what is not surely ungated, and with a user one more for what is gated.
 *
 * @param {Host} host
 * @param {Look} question
 * @param {Looker} viewer
 * @param {AbortSignal} signal
 */
export async function look(host, question, viewer, signal) {
  const { checker, save } = host;
  const { whole, fresh } = question;
  const page = question.page?.modelId === whole ? question.page : null;
  const wanted = new Set(question.models);
  if (whole !== null) wanted.add(whole);
  if (page) wanted.delete(page.modelId);
  const own = [...wanted].filter((id) => id === whole);
  const others = [...wanted].filter((id) => id !== whole);
  // One that the page itself shows is looked for on its own where the list leaves it out; strangers are not.
  const lists = await Promise.all([
    own.length ? checker.versions(own, { fresh, signal }) : [],
    others.length ? checker.versions(others, { fresh, bulk: true, signal }) : [],
  ]);
  const models = lists.flat();
  const listed = models.flatMap(({ modelId, ownerId, versions }) =>
    versions.map((version) => ({ ...version, modelId, ownerId })),
  );
  const ofPage = new Set(page?.versions.map(({ versionId }) => versionId));
  const isOpen = (/** @type {(typeof listed)[number]} */ one) =>
    one.modelId !== whole && one.gate === "none" && !fresh;
  const known = new Set([...listed.map(({ versionId }) => versionId), ...ofPage]);
  const alone = question.versions.filter((id) => !known.has(id));
  const isOwn = (/** @type {{ ownerId: number | null }} */ { ownerId }) =>
    ownerId !== null && ownerId === viewer.self;
  /** The number goes out only with versions of others: one's own are known by their owner. */
  const explain = (/** @type {number[]} */ ids, /** @type {number | null} */ userId) =>
    ids.length ? checker.explain(ids, { userId, bulk: true, fresh, signal }) : [];
  const idsOf = (/** @type {typeof listed} */ some) => some.map(({ versionId }) => versionId);
  const checked = listed.filter((one) => !isOpen(one));
  // Asked in one turn, so that they share requests.
  const [mine, theirs, ofThePage] = await Promise.all([
    explain(idsOf(checked.filter(isOwn)), null),
    explain([...idsOf(checked.filter((one) => !isOwn(one))), ...alone], viewer.sent),
    page ? explainPage(host, page, isOwn(page), viewer, { fresh, signal }) : [],
  ]);
  const answers = new Map(
    [...mine, ...theirs, ...ofThePage].map((one) => [one.entityId, answerOf(one, viewer, false)]),
  );
  save();
  return {
    viewer: { mode: viewer.mode },
    models: [
      ...(page ? [{ ...namesOf(page), error: null, versions: answersIn(answers, [...ofPage]) }] : []),
      ...models.map((model) => modelAnswer(model, answers)),
    ],
    versions: answersIn(answers, question.versions),
  };
}

/**
 * What the gates of versions leave free: one look-up for each that is denied, cached by the core.
 *
 * @param {Host} host
 * @param {number[]} versions
 * @param {Looker} viewer
 * @param {AbortSignal} signal
 */
export async function terms({ checker, save }, versions, viewer, signal) {
  const told = await checker.explain(versions, { userId: viewer.sent, signal });
  save();
  return { viewer: { mode: viewer.mode }, versions: told.map((one) => answerOf(one, viewer, true)) };
}

/**
 * Versions whose terms the page's own data tells: only their verdicts are asked for.
 *
 * @param {Host} host
 * @param {PageModel} page
 * @param {boolean} isOwn
 * @param {Looker} viewer
 * @param {{ fresh: boolean, signal: AbortSignal }} how
 */
async function explainPage({ checker, times, denials }, page, isOwn, viewer, how) {
  const now = Date.now();
  const versions = new Map(page.versions.map((version) => [version.versionId, version]));
  // The page tells the owner, so that the core need not look for him.
  const notOwned = !isOwn && page.ownerId !== null;
  const userId = isOwn ? null : viewer.sent;
  // The core caches no denial that rests on an owner whom somebody told.
  const keyOf = (/** @type {number} */ id) => `${userId} ${page.ownerId} ${id}`;
  const isDenied = (/** @type {number} */ id) =>
    userId !== null && !how.fresh && performance.now() - (denials.get(keyOf(id)) ?? -MINUTE) < MINUTE;
  const denied = [...versions.keys()].filter(isDenied);
  const asked = [...versions.keys()].filter((id) => !denied.includes(id));
  /** @type {import("../../js/index.js").Verdict[]} */
  const verdicts = denied.map((entityId) => ({ entityId, state: "denied" }));
  if (asked.length > 0) {
    for await (const some of checker.streamBatches(asked, { ...how, userId, notOwned }))
      verdicts.push(...some);
  }
  return verdicts.flatMap((verdict) => {
    const version = versions.get(verdict.entityId);
    if (!version) return [];
    if (verdict.state === "denied" && notOwned && !isDenied(verdict.entityId))
      denials.set(keyOf(verdict.entityId), performance.now());
    const facts = factsOfPage(version, now);
    const given = times.get(verdict.entityId);
    return {
      ...verdict,
      ...facts,
      generation: generationOfPage(verdict, facts),
      freeTrials: facts.trials,
      exists: true,
      incomplete: null,
      asOf: given === undefined ? null : new Date(given).toISOString(),
      modelId: page.modelId,
      versionName: version.versionName,
      ownerId: page.ownerId,
    };
  });
}

const MINUTE = 60_000;

/** @param {PageModel} page */
const namesOf = ({ modelId, modelName }) => ({ modelId, modelName });

/** @param {Map<number, VersionAnswer>} answers @param {number[]} ids */
const answersIn = (answers, ids) => ids.flatMap((id) => answers.get(id) ?? []);

/** @param {ModelVersions} model @param {Map<number, VersionAnswer>} answers @returns {ModelAnswer} */
function modelAnswer({ modelId, modelName, error, versions }, answers) {
  return {
    modelId,
    modelName,
    error: error ? describe(error, Date.now()) : null,
    versions: versions.map((version) => {
      const state = version.canGenerate === false ? "off" : "open";
      return (
        answers.get(version.versionId) ?? { ...UNGATED, ...version, ...{ state, modelId, trials: null } }
      );
    }),
  };
}

/** A version that the list tells to have no gate: nobody had to be asked. */
const UNGATED = /** @type {const} */ ({
  by: null,
  asOf: null,
  complete: true,
  exists: true,
  error: null,
});

/**
 * @param {Omit<Explanation, "usable" | "complete" | "modelName" | "air"> & { error?: unknown, personal?: boolean }} told
 * @param {Looker} viewer
 * @param {boolean} complete whether what is free was looked for
 * @returns {VersionAnswer}
 */
function answerOf(told, viewer, complete) {
  const { entityId, modelId, versionName, generation, gate, endsAt, freeTrials, canGenerate, exists } = told;
  const trouble = told.state === "unknown" ? told.error : told.incomplete;
  // A check never credits ownership in a mixed batch (contract §1.6).
  const isOwn = told.state === "denied" && told.ownerId !== null && told.ownerId === viewer.self;
  const isYours = generation === "held" || (isOwn && generation !== "off");
  const state = isYours ? "yours" : generation;
  return {
    versionId: entityId,
    modelId,
    versionName,
    state,
    gate: state === "open" ? "none" : gate,
    endsAt: state === "open" ? null : endsAt,
    trials: freeTrials,
    canGenerate,
    by: !isYours ? null : generation === "held" && viewer.mode !== "public" ? viewer.mode : "own",
    asOf: told.asOf === null ? null : Date.parse(told.asOf),
    complete: complete || state !== "gated",
    exists,
    error: trouble ? describe(trouble, Date.now()) : null,
  };
}
