// What the core found out, as pages are told it. Pure.

import { describe } from "./trouble.js";

/** @typedef {import("./background/viewer.js").Looker} Looker */
/** @typedef {import("./protocol.js").ModelAnswer} ModelAnswer */
/** @typedef {import("./protocol.js").VersionAnswer} VersionAnswer */
/** @typedef {import("../js/index.js").Explanation} Explanation */
/** @typedef {import("../js/index.js").ModelVersions} ModelVersions */

/** @param {ModelVersions} model @param {Map<number, VersionAnswer>} answers @returns {ModelAnswer} */
export function modelAnswer({ modelId, modelName, error, versions }, answers) {
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
 * @param {Explanation} told
 * @param {Looker} viewer
 * @param {boolean} complete whether what is free was looked for
 * @returns {VersionAnswer}
 */
export function answerOf(told, viewer, complete) {
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
