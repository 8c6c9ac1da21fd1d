// What the data of a model's page says of its versions. Pure: no clock but `now`, no browser.

/** @typedef {"open" | "free" | "trial" | "locked" | "gated" | "yours" | "off" | "unknown"} State */
/** @typedef {"none" | "earlyAccess" | "paid" | "private" | "unknown"} Gate */
/** @typedef {import("../js/index.js").Generation} Generation */
/** @typedef {{ gate: Gate, endsAt: string | null, trials: number | "unlimited" | null, canGenerate: boolean | null }} PageFacts */

/**
 * The core's decision, for the one case that the core does not see: terms that the page's own data tells. They hold for
 * that document only, so they never enter the core's cache. tests/extension/unit/states.test.js compares the two.
 *
 * @param {{ state: "granted" | "denied" | "unknown", personal?: boolean }} verdict
 * @param {PageFacts} facts
 * @returns {Generation}
 */
export function generationOfPage({ state, personal }, { gate, trials, canGenerate }) {
  if (state === "unknown") return "unknown";
  if (state === "denied" && gate === "private") return "locked";
  if (canGenerate === false) return "off";
  if (state === "granted") return personal ? "held" : "open";
  if (trials === null) return "gated";
  return trials === "unlimited" ? "free" : trials > 0 ? "trial" : "locked";
}

/**
 * A version as the page's own data tells it (contract §2.1 `terms`; the pages' data has the row itself).
 *
 * @typedef {object} PageVersion
 * @property {number} versionId
 * @property {string} versionName
 * @property {string | null} availability
 * @property {boolean | null} canGenerate
 * @property {PaidAccess | null | undefined} paidAccess
 */

/**
 * @typedef {object} PaidAccess
 * @property {string | null} endsAt
 * @property {boolean} timed whether it is to end, though the date may not be set yet
 * @property {number | "unlimited" | null} trials
 */

/**
 * The gate that the page's data tells of. It may be an expired row: then the gate is not known, and the check tells.
 *
 * @param {PageVersion} version
 * @param {number} now
 * @returns {PageFacts}
 */
export function factsOfPage({ availability, paidAccess, canGenerate }, now) {
  const nothing = { gate: /** @type {Gate} */ ("unknown"), endsAt: null, trials: null, canGenerate };
  if (availability === "Private") return { ...nothing, gate: "private" };
  if (paidAccess === null) {
    const isPublic = availability === "Public" || availability === "Unsearchable";
    return isPublic ? { ...nothing, gate: "none" } : nothing;
  }
  if (!paidAccess) return nothing;
  const { endsAt, timed, trials } = paidAccess;
  if (endsAt === null) return { gate: timed ? "earlyAccess" : "paid", endsAt, trials, canGenerate };
  return Date.parse(endsAt) > now ? { gate: "earlyAccess", endsAt, trials, canGenerate } : nothing;
}
