// From what was found to explanations, as they arrive.

/** @typedef {import("../src/js/types.js").Explanation} Explanation */
/** @typedef {import("../src/js/types.js").Resource} Resource */
/** @typedef {import("../src/js/types.js").PermissionsError} PermissionsError */
/** @typedef {{ code: string, message: string, status?: number, retryAfter?: number }} Failure */

/** With more versions than this a look-up of each denied one would be impolite: what is free stays open then. */
export const MOST_LOOK_UPS = 200;

/**
 * What arrives: the versions that are asked about, in order, and the models that they are all versions of; explanations;
 * models of which nothing came.
 *
 * @typedef {{ ids: number[], whole: number[] } | { explanations: Explanation[] } | { model: number, failure: Failure }} Arrival
 */

/**
 * A model stands for all of its versions.
 *
 * @param {readonly Resource[]} resources of Civitai's
 * @param {Pick<InstanceType<import("./module.js").Module["PermissionChecker"]>, "versions" | "explainStream">} checker
 * @param {{ userId: number | null, signal: AbortSignal, fresh?: boolean }} options
 * @returns {AsyncGenerator<Arrival, void>}
 */
export async function* ask(resources, checker, options) {
  const models = resources.flatMap(({ entityId, modelId }) =>
    entityId === null && modelId !== null ? [modelId] : [],
  );
  /** @type {Map<number, number[]>} */
  const versions = new Map();
  if (models.length > 0) {
    for (const { modelId, versions: all, error } of await checker.versions(models, options)) {
      versions.set(
        modelId,
        all.map(({ versionId }) => versionId),
      );
      if (all.length === 0) yield { model: modelId, failure: error ?? NO_VERSION };
    }
  }
  const ids = [
    ...new Set(
      resources.flatMap(({ entityId, modelId }) =>
        entityId === null ? (versions.get(modelId ?? 0) ?? []) : [entityId],
      ),
    ),
  ];
  yield { ids, whole: [...versions.keys()] };
  yield* explain(ids, checker, { ...options, bulk: ids.length > MOST_LOOK_UPS });
}

/** @type {Failure} */
const NO_VERSION = { code: "HTTP", status: 404, message: "Civitai lists no version of it" };

/**
 * @param {readonly number[]} ids
 * @param {Pick<InstanceType<import("./module.js").Module["PermissionChecker"]>, "explainStream">} checker
 * @param {{ userId: number | null, signal: AbortSignal, fresh?: boolean, bulk: boolean }} options
 * @returns {AsyncGenerator<Arrival, void>}
 */
export async function* explain(ids, checker, options) {
  for await (const explanations of checker.explainStream(ids, options)) yield { explanations };
}
