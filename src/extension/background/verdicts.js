import { describe } from "./trouble.js";

/** @typedef {import("./host.js").Host} Host */
/** @typedef {import("../protocol.js").Trouble} Trouble */
/** @typedef {{ state: "granted", personal: boolean } | { state: "denied" } | { state: "unknown", trouble: Trouble }} Verdict */

/**
 * A verdict for each id. What failed a moment ago is not asked again before its time, unless it is asked past all
 * memories.
 *
 * @param {Host} host
 * @param {Iterable<number>} ids
 * @param {{ userId: number | null, fresh: boolean }} options
 * @returns {Promise<Map<number, Verdict>>}
 */
export async function verdictsOf(host, ids, options) {
  const now = Date.now();
  /** @type {Map<number, Verdict>} */
  const verdicts = new Map();
  const asked = [];
  for (const id of ids) {
    const trouble = options.fresh ? null : failed(host, `v${id}`, now);
    if (trouble) verdicts.set(id, { state: "unknown", trouble });
    else asked.push(id);
  }
  if (asked.length === 0) return verdicts;
  for await (const verdict of host.checker.stream(asked, options)) {
    const { entityId } = verdict;
    if (verdict.state === "unknown") {
      const trouble = describe(verdict.error, Date.now());
      host.failures.set(`v${entityId}`, trouble);
      verdicts.set(entityId, { state: "unknown", trouble });
    } else {
      host.failures.delete(`v${entityId}`);
      verdicts.set(entityId, verdict);
    }
  }
  return verdicts;
}

/**
 * What failed and is not to be asked yet.
 *
 * @param {Host} host
 * @param {string} key
 * @param {number} now
 * @returns {Trouble | null}
 */
export function failed({ failures }, key, now) {
  const trouble = failures.get(key);
  if (trouble && trouble.askAgainAt > now) return trouble;
  failures.delete(key);
  return null;
}
