// The core's findings in the form that pages get. Pure.

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

/** A version that has no gate by the list: no check was needed. */
const UNGATED = /** @type {const} */ ({
  by: null,
  asOf: null,
  complete: true,
  exists: true,
  error: null,
});

/**
 * @param {Explanation} explanation
 * @param {Looker} viewer
 * @param {boolean} complete whether what is free was looked for
 * @returns {VersionAnswer}
 */
export function answerOf(explanation, viewer, complete) {
  const { entityId, modelId, versionName, generation, gate, endsAt, freeTrials, canGenerate, exists } =
    explanation;
  const trouble = explanation.state === "unknown" ? explanation.error : explanation.incomplete;
  // A check never credits ownership in a mixed batch (contract §1.6).
  const isOwn =
    explanation.state === "denied" && explanation.ownerId !== null && explanation.ownerId === viewer.self;
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
    asOf: explanation.asOf === null ? null : Date.parse(explanation.asOf),
    complete: complete || state !== "gated",
    exists,
    error: trouble ? describe(trouble, Date.now()) : null,
  };
}
