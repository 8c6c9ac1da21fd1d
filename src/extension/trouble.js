// Failures in the form that badges show: what it was, and when to ask again.

/** @typedef {import("./protocol.js").Trouble} Trouble */

/**
 * @param {unknown} error
 * @param {number} now
 * @returns {Trouble}
 */
export function describe(error, now) {
  const { code, status, retryAfter, message } =
    /** @type {Partial<import("../js/index.js").PermissionsError>} */ (error ?? {});
  const known = typeof code === "string" ? code : "INTERNAL";
  return {
    code: known,
    status: status ?? null,
    message: message ?? String(error),
    askAgainAt: now + (retryAfter ?? pauses[status === 404 ? "NOT_LISTED" : known] ?? MINUTE),
  };
}

const MINUTE = 60_000;

/** Where the server names no time, in milliseconds. @type {Record<string, number>} */
const pauses = {
  NETWORK: 15_000,
  TIMEOUT: MINUTE / 2,
  INVALID_RESPONSE: 5 * MINUTE,
  // Private, removed, or held back by its rating: it may be there tomorrow.
  NOT_LISTED: 10 * MINUTE,
  REGION_BLOCKED: 60 * MINUTE,
  WASM_UNAVAILABLE: 60 * MINUTE,
};
