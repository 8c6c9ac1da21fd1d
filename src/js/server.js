// For servers only: whose token is this? The answer's id is a `userId` for the check, which takes no token.

import { invalid, mayBeQuoted, PermissionsError } from "./errors.js";

/**
 * @param {{ token: string, baseUrl?: string, signal?: AbortSignal | null, timeout?: number }} options
 * @returns {Promise<{ id: number, username: string }>}
 */
export async function currentUser(options) {
  const { token, url, signal, timeout } = read(options);
  signal?.throwIfAborted();
  const late = AbortSignal.timeout(timeout);
  const either = signal ? AbortSignal.any([signal, late]) : late;
  // No redirect is followed: the token would go wherever it points.
  const init = {
    headers: { Authorization: `Bearer ${token}` },
    redirect: /** @type {const} */ ("manual"),
    signal: either,
  };
  try {
    // Frameworks replace `fetch`, and not every one of them minds the signal, least of all for a body.
    return await Promise.race([ask(url, init), rejectedBy(either)]);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof PermissionsError) throw error;
    // Without the platform's own error as the cause: it may hold the request, and so the token.
    if (late.aborted) throw failure("TIMEOUT", `no answer in ${timeout} ms; raise \`timeout\`, or try later`);
    throw failure("NETWORK", "no answer; try later");
  }
}

/**
 * @param {string} url
 * @param {RequestInit} init
 */
async function ask(url, init) {
  const response = await fetch(url, init);
  if (response.status === 200) return user(await text(response));
  // The status is the answer, whatever becomes of the rest.
  drop(response).catch(() => {});
  throw refused(response);
}

/** @param {Response} response */
const drop = async ({ body }) => body?.cancel();

/**
 * @param {AbortSignal} signal
 * @returns {Promise<never>}
 */
const rejectedBy = (signal) =>
  new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });

const names = ["token", "baseUrl", "signal", "timeout"];
const longestTimeout = 2_147_483_647;

/** @param {unknown} options */
function read(options) {
  if (typeof options !== "object" || options === null) throw invalid("currentUser expects { token }");
  const unknown = Object.keys(options).find((key) => !names.includes(key));
  if (unknown !== undefined) {
    const name = mayBeQuoted(unknown) ? `option "${unknown}"` : "such option";
    throw invalid(`there is no ${name}; there are ${names.join(", ")}`);
  }
  const {
    token,
    baseUrl = "https://civitai.com",
    signal,
    timeout = 15_000,
  } = /** @type {Record<string, unknown>} */ (options);
  if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token)) {
    throw invalid(
      "token: expected an API token of Civitai, in visible ASCII without spaces; without “Bearer ”, too",
    );
  }
  if (!Number.isInteger(timeout) || Number(timeout) < 1 || Number(timeout) > longestTimeout) {
    throw invalid(`timeout: expected milliseconds, a whole number from 1 to ${longestTimeout}`);
  }
  if (signal !== undefined && signal !== null && !(signal instanceof AbortSignal)) {
    throw invalid("signal: expected an AbortSignal");
  }
  return { token, url: address(baseUrl), signal, timeout: Number(timeout) };
}

/** @param {unknown} baseUrl */
function address(baseUrl) {
  const url = typeof baseUrl === "string" && URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  if (!url || url.username || url.password || /[?#]/.test(url.href)) {
    throw invalid(
      "baseUrl: expected a URL such as https://civitai.com, without credentials, query or fragment",
    );
  }
  // A token in the clear is anybody's; this machine's own servers are none of the network's business.
  const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && loopback)) {
    throw invalid("baseUrl: a token goes over https only, or http on this machine itself");
  }
  return `${url.href.replace(/\/+$/, "")}/api/v1/me`;
}

/** @param {Pick<Response, "status"> & Partial<Response>} response a mock may have no headers */
function refused({ status, headers }) {
  const retryAfter = waitOf(headers?.get("Retry-After") ?? null);
  const details = { status, ...(retryAfter !== undefined && { retryAfter }) };
  if (status === 401)
    return failure("UNAUTHORIZED", "the token is unknown, expired, or its owner is banned", details);
  if (status === 429 || (status === 503 && retryAfter !== undefined)) {
    return failure(
      "RATE_LIMITED",
      "the server asks for fewer requests; wait `retryAfter`, then ask again",
      details,
    );
  }
  if (status === 451)
    return failure("REGION_BLOCKED", "Civitai does not offer its service in this region", details);
  // Some platforms hide a redirect's status.
  if (status === 0 || (status >= 300 && status < 400)) {
    return failure("HTTP", "the server redirects elsewhere, where a token is not sent", { status });
  }
  return failure("HTTP", `the server answered ${status}`, details);
}

/** More than such an answer can be. */
const longestBody = 2 ** 20;

/** @param {Response} response */
async function text(response) {
  const decoder = new TextDecoder();
  let body = "";
  if (response.body) {
    for await (const chunk of /** @type {AsyncIterable<Uint8Array>} */ (
      /** @type {unknown} */ (response.body)
    )) {
      body += decoder.decode(chunk, { stream: true });
      if (body.length > longestBody)
        throw failure("INVALID_RESPONSE", "the answer is longer than any can be");
    }
  }
  return body + decoder.decode();
}

/** As of every id: beyond it the check answers 500 (contract §1.3). */
const highestId = 2_147_483_647;

/** @param {string} body */
function user(body) {
  /** @type {unknown} */
  let read;
  try {
    read = JSON.parse(body);
  } catch {
    read = null;
  }
  const { id, username } = /** @type {{ id?: unknown, username?: unknown }} */ (read ?? {});
  if (!Number.isInteger(id) || Number(id) < 1 || Number(id) > highestId || typeof username !== "string") {
    throw failure("INVALID_RESPONSE", "the answer does not tell an id and a username", { status: 200 });
  }
  return { id: Number(id), username };
}

/**
 * Seconds, or a date (RFC 9110 §10.2.3), in milliseconds from now.
 * @param {string | null} header
 */
function waitOf(header) {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const date = /GMT$/.test(header.trim()) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

/**
 * @param {import("./index.js").PermissionsErrorCode} code
 * @param {string} message
 * @param {{ status?: number, retryAfter?: number }} [details]
 */
function failure(code, message, details) {
  return new PermissionsError(message, { code, ...details });
}
