// What the page calls things.

/** A lock says "gated for this user", not "cannot generate" (contract §0, rows 6 and 7). */
const stateWords = { granted: "No lock", denied: "Locked", unknown: "Unknown" };

/** @type {Record<import("./run.js").FailureCode, string>} */
const reasonWords = {
  NETWORK: "no answer",
  TIMEOUT: "took too long",
  RATE_LIMITED: "limit reached",
  REGION_BLOCKED: "region blocked",
  UNAUTHORIZED: "not authorised",
  HTTP: "server error",
  INVALID_RESPONSE: "answer unreadable",
  INVALID_ARGUMENT: "not asked",
  WASM_UNAVAILABLE: "not started",
  CANCELLED: "cancelled",
  FAULT: "page failed",
};

/**
 * A few words for a row.
 * @param {import("./run.js").Row} row
 */
export function rowWords(row) {
  return row.state === "unknown" ? `Unknown: ${reasonWords[row.failure.code]}` : stateWords[row.state];
}

/** @type {ReadonlySet<import("./run.js").FailureCode>} */
const lasting = new Set(["INVALID_ARGUMENT", "REGION_BLOCKED", "UNAUTHORIZED", "WASM_UNAVAILABLE"]);

/**
 * Whether asking again may help.
 * @param {import("./run.js").Failure} failure
 */
export function mayPass(failure) {
  return !lasting.has(failure.code);
}

/**
 * A whole sentence, and what to do next.
 * @param {import("./run.js").Failure} failure
 */
export function failureSentence(failure) {
  switch (failure.code) {
    case "NETWORK":
      return "No answer: offline, blocked region or limit; browsers do not tell which. Ask again later.";
    case "TIMEOUT":
      return "Every try took too long. Ask again later.";
    case "RATE_LIMITED":
      return failure.retryAfter === undefined
        ? "The server asks for fewer requests. Ask again in a while."
        : `The server asks for fewer requests. Ask again in ${duration(failure.retryAfter)}.`;
    case "REGION_BLOCKED":
      return "Civitai does not offer its service in this region. Asking again will not help.";
    case "UNAUTHORIZED":
      return "The server wants a signed-in caller (status 401). Asking again will not help.";
    case "HTTP":
      return `The server failed (status ${failure.status ?? "unknown"}). Ask again later.`;
    case "INVALID_RESPONSE":
      return `The answer is not what Civitai's API promises: ${failure.message}. Ask again later.`;
    case "CANCELLED":
      return "Cancelled before the answer came.";
    case "INVALID_ARGUMENT":
    case "WASM_UNAVAILABLE":
      return failure.message;
    case "FAULT":
      return `This page failed; please report it: ${failure.message}`;
  }
}

const numbers = new Intl.NumberFormat("en");

/**
 * "1 version", "5,000 versions".
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 */
export function counted(count, one, many = `${one}s`) {
  return `${numbers.format(count)} ${count === 1 ? one : many}`;
}

/** @param {number} count */
export function number(count) {
  return numbers.format(count);
}

/** @param {number} ms */
export function duration(ms) {
  if (ms < 1000) return `${Math.max(1, Math.round(ms))} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return counted(Math.ceil(ms / 60_000), "minute");
}
