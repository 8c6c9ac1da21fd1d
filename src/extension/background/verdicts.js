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
 * @param {{ userId: number | null, fresh: boolean, notOwned?: boolean, signal: AbortSignal }} options
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
    // Newer than what was remembered here.
    host.denials.delete(keyOf(options.userId, entityId));
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

/** How long the core reuses a denial, in milliseconds: a fifth of the edge's own `s-maxage` (contract §1.7). */
const DENIAL_AGE = 60_000;

/**
 * The same for versions whose owner the page tells, and who is not the viewer: the core need not look for the owner.
 * What a page tells holds for pages that tell the same, so such denials are remembered under what was told, and not by
 * the core.
 *
 * @param {Host} host
 * @param {Iterable<number>} ids
 * @param {{ userId: number | null, owner: number | null, fresh: boolean, signal: AbortSignal }} options
 * @returns {Promise<Map<number, Verdict>>}
 */
export async function verdictsOfOthers(host, ids, { userId, owner, fresh, signal }) {
  const now = Date.now();
  /** @type {Map<number, Verdict>} */
  const known = new Map();
  const asked = [];
  for (const id of ids) {
    const denial = host.denials.get(keyOf(userId, id));
    const age = now - (denial?.at ?? 0);
    if (!fresh && denial?.owner === owner && age >= 0 && age < DENIAL_AGE) known.set(id, { state: "denied" });
    else asked.push(id);
  }
  const verdicts = await verdictsOf(host, asked, { userId, fresh, notOwned: true, signal });
  for (const [id, { state }] of verdicts) {
    if (state === "denied") host.denials.set(keyOf(userId, id), { owner, at: now });
  }
  return new Map([...known, ...verdicts]);
}

/** @param {number | null} userId @param {number} id */
const keyOf = (userId, id) => `${userId} ${id}`;

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
