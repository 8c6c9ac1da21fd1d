// Versions with what lists tell of them: the page's own data, or the API's bulk look-ups.

import { factsOfPage } from "../states.js";
import { describe } from "./trouble.js";
import { failed } from "./verdicts.js";

/** @typedef {import("./host.js").Host} Host */
/** @typedef {import("../protocol.js").Look} Look */
/** @typedef {import("../states.js").Facts} Facts */

/**
 * A version before its verdict.
 *
 * @typedef {object} Listed
 * @property {number} versionId
 * @property {number | null} modelId
 * @property {string | null} versionName
 * @property {number | null} ownerId
 * @property {Omit<Facts, "verdict" | "own">} facts
 * @property {string | null} endsAt
 */

/** @typedef {{ modelId: number, modelName: string | null, error: import("../protocol.js").Trouble | null, versions: Listed[] }} ListedModel */

/**
 * The models that links name, with their versions.
 *
 * @param {Host} host
 * @param {Look} question
 * @param {AbortSignal} signal
 * @returns {Promise<ListedModel[]>}
 */
export async function listModels(host, { models, page, whole, fresh }, signal) {
  const now = Date.now();
  /** @type {ListedModel[]} */
  const known = [];
  const asked = [];
  for (const id of whole === null ? models : new Set([whole, ...models])) {
    const trouble = fresh ? null : failed(host, `m${id}`, now);
    if (id === page?.modelId) known.push(ofPage(page, now));
    else if (trouble) known.push({ modelId: id, modelName: null, error: trouble, versions: [] });
    else asked.push(id);
  }
  if (asked.length === 0) return known;
  // One that the page itself shows is looked for on its own where the list leaves it out; strangers are not.
  const [own, others] = [asked.filter((id) => id === whole), asked.filter((id) => id !== whole)];
  const told = await Promise.all([
    own.length ? host.checker.versions(own, { fresh, signal }) : [],
    others.length ? host.checker.versions(others, { fresh, bulk: true, signal }) : [],
  ]);
  return [...known, ...told.flat().map((model) => ofList(host, model))];
}

/**
 * @param {import("../protocol.js").PageModel} page
 * @param {number} now
 * @returns {ListedModel}
 */
function ofPage({ modelId, modelName, ownerId, versions }, now) {
  return {
    modelId,
    modelName,
    error: null,
    versions: versions.map((version) => {
      const { endsAt, ...facts } = factsOfPage(version, now);
      const { versionId, versionName } = version;
      return { versionId, modelId, versionName, ownerId, facts, endsAt };
    }),
  };
}

/**
 * @param {Host} host
 * @param {import("../../js/index.js").ModelVersions} model
 * @returns {ListedModel}
 */
function ofList(host, { modelId, modelName, ownerId, error, versions }) {
  const trouble = error ? describe(error, Date.now()) : null;
  if (trouble) host.failures.set(`m${modelId}`, trouble);
  return {
    modelId,
    modelName,
    error: trouble,
    versions: versions.map(({ versionId, versionName, gate, endsAt, canGenerate }) => ({
      versionId,
      modelId,
      versionName,
      ownerId,
      facts: { gate, trials: null, canGenerate },
      endsAt,
    })),
  };
}

/**
 * Versions that links name without their model.
 *
 * @param {Host} host
 * @param {number[]} ids
 * @param {boolean} fresh only verdicts are wanted
 * @param {AbortSignal} signal
 * @returns {Promise<Listed[]>}
 */
export async function listVersions(host, ids, fresh, signal) {
  const now = Date.now();
  const asked = fresh ? [] : ids.filter((id) => !failed(host, `v${id}`, now));
  const told = asked.length ? await host.checker.explain(asked, { bulk: true, signal }) : [];
  const known = told.map(({ entityId, modelId, versionName, ownerId, gate, canGenerate, endsAt }) => ({
    versionId: entityId,
    modelId,
    versionName,
    ownerId,
    facts: { gate, trials: null, canGenerate },
    endsAt,
  }));
  const unknown = ids
    .filter((id) => !asked.includes(id))
    .map((id) => ({
      versionId: id,
      modelId: null,
      versionName: null,
      ownerId: null,
      facts: { gate: /** @type {const} */ ("unknown"), trials: null, canGenerate: null },
      endsAt: null,
    }));
  return [...known, ...unknown];
}
