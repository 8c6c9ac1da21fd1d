// From facts to the state that a badge shows. Pure: no clock but `now`, no browser.

/** @typedef {"open" | "free" | "trial" | "locked" | "gated" | "yours" | "off" | "unknown"} State */
/** @typedef {"none" | "earlyAccess" | "paid" | "private" | "unknown"} Gate */
/** @typedef {{ state: "granted", personal: boolean } | { state: "denied" } | { state: "unknown" }} Verdict */

/**
 * What is known of a version. `verdict` is null where nobody had to be asked.
 *
 * @typedef {object} Facts
 * @property {Verdict | null} verdict
 * @property {Gate} gate
 * @property {number | "unlimited" | null} trials generations that are free though the gate is closed; null: not known
 * @property {boolean | null} canGenerate
 * @property {boolean} own whether the viewer made it
 */

/**
 * A lock comes only from the check; a failure is never a verdict; nothing is open without a check but what a list
 * tells to be without any gate (contract §2.5: an absent key is not a null, and reads as gate "unknown").
 *
 * @param {Facts} facts
 * @returns {State}
 */
export function stateOf({ verdict, gate, trials, canGenerate, own }) {
  // Whatever the gate: nobody should buy this.
  if (canGenerate === false) return "off";
  if (!verdict) return gate === "none" ? "open" : "unknown";
  if (verdict.state === "unknown") return "unknown";
  if (verdict.state === "granted") return verdict.personal ? "yours" : "open";
  // A check on a mixed batch never credits ownership (contract §1.6).
  if (own) return "yours";
  if (gate === "private") return "locked";
  // A denial says no more than that paid access is not held: most gated versions generate free or on trial.
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
 * @returns {{ gate: Gate, endsAt: string | null, trials: number | "unlimited" | null, canGenerate: boolean | null }}
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
