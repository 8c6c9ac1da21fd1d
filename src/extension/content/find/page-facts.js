import { isUserId } from "../../settings.js";

/** @typedef {import("../../protocol.js").PageModel} PageModel */

/** @typedef {{ session: number | null, model: PageModel | null }} PageFacts */

/**
 * What the page says of itself: the signed-in user's number and nothing else of him, and on a model page the model
 * (contract of the pages, §3 and §4). It goes stale with the first client navigation, so it is read once, and used
 * only for the model that it names.
 *
 * @param {Document} document
 * @returns {PageFacts}
 */
export function readPageFacts(document) {
  // The site's own is a child of the body; one in a creator's text is not.
  const script = document.querySelector("body > script#__NEXT_DATA__");
  try {
    const data = JSON.parse(script?.textContent ?? "null");
    return { session: userNumber(data?.props?.pageProps?.session?.user?.id), model: pageModel(data) };
  } catch {
    // Cut off or of another shape: the API has the same facts.
    return { session: null, model: null };
  }
}

/**
 * @param {any} data
 * @returns {PageModel | null}
 */
function pageModel(data) {
  const wanted = Number(data?.query?.id);
  const state = data?.props?.pageProps?.trpcState;
  const root = typeof state === "string" ? unflatten(JSON.parse(state)) : state?.json;
  const query = root?.queries?.find?.(
    (/** @type {any} */ one) => one?.queryKey?.[0]?.join?.(".") === "model.getById",
  );
  const model = query?.state?.data;
  if (!userNumber(wanted) || model?.id !== wanted || !Array.isArray(model.modelVersions)) return null;
  return {
    modelId: wanted,
    modelName: `${model.name}`,
    ownerId: userNumber(model.user?.id) ?? userNumber(model.userId),
    versions: model.modelVersions.map((/** @type {any} */ one) => ({
      versionId: one.id,
      versionName: `${one.name}`,
    })),
    reply: JSON.stringify({ items: [asReply(model)] }),
  };
}

/**
 * The page's record in the words of the API (contract §2.1, §4.1), so that the core reads it like any other reply.
 *
 * @param {any} model
 */
function asReply({ id, name, user, userId, type, availability, modelVersions }) {
  return {
    ...{ id, name, type, availability, userId: userNumber(user?.id) ?? userNumber(userId) },
    modelVersions: modelVersions.map((/** @type {any} */ version) => {
      const { id, name, availability, canGenerate, paidAccess } = version;
      const said = { id, name, availability, canGenerate };
      if (!paidAccess) return { ...said, paidAccess };
      const { endsAt = null, timeframeDays, terms } = paidAccess;
      const permanent = !endsAt && !timeframeDays;
      return { ...said, paidAccess: { endsAt, permanent }, ...freeUse(terms) };
    }),
  };
}

/**
 * What a gate leaves free. Ten tries are the default of a paid tier; a gate that sells downloads only leaves none
 * (contract §1.6).
 *
 * @param {any} terms
 */
function freeUse(terms) {
  if (!terms) return {};
  if (!terms.generation) return terms.download ? { freeTrialLimit: 0 } : {};
  if (terms.generation.free) return { earlyAccessConfig: { freeGeneration: true } };
  const { trialLimit } = terms.generation;
  return { freeTrialLimit: Number.isInteger(trialLimit) ? trialLimit : 10 };
}

/**
 * Reads devalue's flat form: every number inside is an index, negative ones are `undefined` and its like, and
 * `["Date", "…"]` is a tagged value.
 *
 * @param {any} flat
 */
function unflatten(flat) {
  if (!Array.isArray(flat)) return null;
  /** @type {Map<number, any>} */
  const made = new Map();
  const at = (/** @type {number} */ index) => {
    if (index < 0) return undefined;
    if (made.has(index)) return made.get(index);
    const value = flat[index];
    if (typeof value !== "object" || value === null) return value;
    if (typeof value[0] === "string") return value[0] === "Date" ? value[1] : undefined;
    /** @type {any} */
    const whole = Array.isArray(value) ? [] : {};
    made.set(index, whole);
    for (const key of Object.keys(value)) whole[key] = at(value[/** @type {any} */ (key)]);
    return whole;
  };
  return at(0);
}

/** @param {unknown} value */
function userNumber(value) {
  return isUserId(value) ? value : null;
}
