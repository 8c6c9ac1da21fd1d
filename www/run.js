// Asks slice by slice, so that progress shows and an outage costs no more than what it touched.

/** Four requests' worth (`maxBatchSize` × `concurrency`): smaller slices would leave connections idle. */
export const sliceSize = 800;

/** Failures that the next slice would only meet again. */
const final = new Set([
  "INVALID_ARGUMENT",
  "REGION_BLOCKED",
  "UNAUTHORIZED",
  "WASM_UNAVAILABLE",
  "CANCELLED",
  "FAULT",
]);

/** @typedef {import("../src/js/index.js").PermissionsErrorCode | "CANCELLED" | "FAULT"} FailureCode */
/** @typedef {{ code: FailureCode, message: string, status?: number | undefined, retryAfter?: number | undefined }} Failure */
/** @typedef {{ id: number, state: "granted" | "denied" } | { id: number, state: "unknown", failure: Failure }} Row */

/**
 * One row for each id, in order. A failure is never a verdict: it makes rows unknown.
 * @param {readonly number[]} ids distinct
 * @param {(ids: number[]) => Promise<import("../src/js/index.js").Verdicts>} check
 * @param {AbortSignal} signal the one that `check` listens to
 * @param {(error: unknown) => error is import("../src/js/index.js").PermissionsError} isPermissionsError
 * @returns {AsyncGenerator<Row[], void>}
 */
export async function* checkInSlices(ids, check, signal, isPermissionsError) {
  for (let from = 0; from < ids.length; from += sliceSize) {
    const slice = ids.slice(from, from + sliceSize);
    try {
      const verdicts = await check(slice);
      yield slice.map((id) => row(id, verdicts, unanswered));
    } catch (error) {
      const failure = describe(error, signal, isPermissionsError);
      const verdicts = isPermissionsError(error) ? error.verdicts : {};
      yield slice.map((id) => row(id, verdicts, failure));
      // A slice without a single verdict says that the server is away: to go on asking would not be polite.
      if (final.has(failure.code) || Object.keys(verdicts).length === 0) {
        yield ids.slice(from + sliceSize).map((id) => row(id, {}, failure));
        return;
      }
    }
  }
}

/** @type {Failure} */
const unanswered = { code: "INVALID_RESPONSE", message: "the answer does not speak of this id" };

/**
 * @param {number} id
 * @param {import("../src/js/index.js").Verdicts} verdicts
 * @param {Failure} failure why there is none, if there is none
 * @returns {Row}
 */
function row(id, verdicts, failure) {
  const verdict = Object.hasOwn(verdicts, id) ? verdicts[id] : undefined;
  if (verdict === true) return { id, state: "granted" };
  if (verdict === false) return { id, state: "denied" };
  return { id, state: "unknown", failure };
}

/**
 * @param {unknown} error
 * @param {AbortSignal} signal
 * @param {(error: unknown) => error is import("../src/js/index.js").PermissionsError} isPermissionsError
 * @returns {Failure}
 */
function describe(error, signal, isPermissionsError) {
  if (isPermissionsError(error)) {
    return { code: error.code, message: error.message, status: error.status, retryAfter: error.retryAfter };
  }
  if (signal.aborted) return { code: "CANCELLED", message: "cancelled" };
  return { code: "FAULT", message: String(error) };
}
