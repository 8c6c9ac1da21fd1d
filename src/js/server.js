// For servers only: whose token is this? The id in the reply is a `userId` for the check, which takes no token.

import { PermissionsError } from "./errors.js";
import { LARGEST_ID } from "./largest-id.js";
import { plain } from "./plain-options.js";

/** @typedef {import("./server.js").CurrentUserOptions} Options */

/** @param {Options} options @returns {Promise<{ id: number, username: string }>} */
export async function currentUser(options) {
  const { token, url, signal, timeout, fetch } = read(options);
  if (signal?.aborted) throw signal.reason;
  const controller = new AbortController();
  /** @type {(reason: unknown) => void} */
  let end = () => {};
  const ended = /** @type {Promise<never>} */ (new Promise((_, reject) => (end = reject)));
  const abort = () => end(signal?.reason);
  const late = failure("TIMEOUT", `no response in ${timeout} ms; raise \`timeout\`, or try later`);
  // First, since it may throw: nothing is to be left behind then.
  signal?.addEventListener("abort", abort);
  const timer = setTimeout(end, timeout, late);
  try {
    // Frameworks replace `fetch`, and not every one of them follows the signal, least of all for a body.
    return await Promise.race([ask(fetch, url, token, controller.signal), ended]);
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof PermissionsError) throw error;
    throw failure("NETWORK", `no response${codeOf(error)}; try later`);
  } finally {
    // Whatever is left would keep a process alive, or its memory.
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
    controller.abort();
  }
}

/**
 * No redirect is followed: the token would go wherever it points.
 * @param {typeof globalThis.fetch} fetch @param {string} url @param {string} token @param {AbortSignal} signal
 */
async function ask(fetch, url, token, signal) {
  const headers = { Authorization: `Bearer ${token}` };
  const response = await fetch(url, { headers, redirect: "manual", signal });
  if (response.status !== 200) throw refused(response);
  return user(await text(response));
}

/** Never the platform's own error: it may hold the request, and so the token. @param {any} error */
function codeOf(error) {
  const code = String(error?.cause?.code ?? error?.code ?? "");
  return /^[A-Z_\d]{1,40}$/.test(code) ? `: ${code}` : "";
}

const isFunction = (/** @type {unknown} */ value) => typeof value === "function";
const names = ["token", "baseUrl", "signal", "timeout", "fetch"];

/** @param {unknown} options */
function read(options) {
  if (typeof options !== "object" || options === null) throw invalid("currentUser expects { token }");
  const unknown = Object.keys(options).find((key) => !names.includes(key));
  if (unknown !== undefined) {
    // Only what can be no token itself.
    const name = /^[a-z_-]{1,20}$/i.test(unknown) ? `option "${unknown}"` : "such option";
    throw invalid(`there is no ${name}; there are ${names.join(", ")}`);
  }
  const {
    token,
    baseUrl = "https://civitai.com",
    signal,
    timeout = 15_000,
    fetch = globalThis.fetch,
  } = /** @type {Partial<Options>} */ (options);
  if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token)) {
    throw invalid(
      "token: expected an API token of Civitai, in visible ASCII without spaces; without “Bearer ”, too",
    );
  }
  if (!plain.timeout?.(timeout))
    throw invalid("timeout: expected milliseconds, a whole number from 1 to 2147483647");
  const listens = [signal?.addEventListener, signal?.removeEventListener];
  if (signal && !(typeof signal.aborted === "boolean" && listens.every(isFunction)))
    throw invalid("signal: expected an AbortSignal");
  if (!plain.fetch?.(fetch)) throw invalid("fetch: expected a function like the global fetch");
  return { token, url: address(baseUrl), signal, timeout, fetch: /** @type {any} */ (fetch) };
}

/** @param {Options["baseUrl"]} baseUrl */
function address(baseUrl) {
  const text = typeof baseUrl === "string" ? baseUrl : String(baseUrl?.href);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || url.username || url.password || /[?#]/.test(url.href)) {
    throw invalid(
      "baseUrl: expected a URL such as https://civitai.com, without credentials, query or fragment",
    );
  }
  if (/\/api\/v1\/*$/.test(url.pathname))
    throw invalid("baseUrl: the path of the API is added to it, so give it without /api/v1");
  // A token in the clear is anybody's; this machine's own servers are none of the network's business.
  const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && loopback))
    throw invalid("baseUrl: a token goes over https only, or http on this machine itself");
  return `${url.href.replace(/\/+$/, "")}/api/v1/me`;
}

/** @param {Pick<Response, "status"> & Partial<Response>} response a mock may have no headers */
function refused({ status, headers }) {
  const retryAfter = waitOf(headers?.get?.("Retry-After"), headers?.get?.("Date"));
  const details = { status, ...(retryAfter !== undefined && { retryAfter }) };
  if (status === 401)
    return failure("UNAUTHORIZED", "the token is unknown, expired, or its owner is banned", details);
  if (status === 429 || (status === 503 && retryAfter !== undefined)) {
    return failure(
      "RATE_LIMITED",
      "the server asks for a pause; wait as long as it says, then ask again",
      details,
    );
  }
  if (status === 451)
    return failure("REGION_BLOCKED", "Civitai does not offer its service in this region", details);
  // Some platforms hide a redirect's status.
  if (status === 0 || (status >= 300 && status < 400))
    return failure("HTTP", "the server redirects elsewhere, where a token is not sent", { status });
  return failure("HTTP", `the server answered ${status}`, details);
}

/** More than such a reply can be. */
const longestBody = 2 ** 20;
/** What a part of it counts at least: a stream of empty ones would never end, nor let the timer come. */
const leastChunk = 16;

/** @param {Response} response */
async function text(response) {
  const decoder = new TextDecoder();
  let body = "";
  let counted = 0;
  for await (const chunk of /** @type {AsyncIterable<Uint8Array>} */ (response.body ?? [])) {
    body += decoder.decode(chunk, { stream: true });
    counted += Math.max(chunk.byteLength, leastChunk);
    if (counted > longestBody) throw failure("INVALID_RESPONSE", "the reply is longer than any can be");
  }
  return body + decoder.decode();
}

/** @param {string} body */
function user(body) {
  /** @type {any} */
  let read;
  try {
    read = JSON.parse(body);
  } catch {}
  const { id, username } = read ?? {};
  if (!Number.isInteger(id) || id < 1 || id > LARGEST_ID || typeof username !== "string")
    throw failure("INVALID_RESPONSE", "an unexpected answer, without an id and a username", { status: 200 });
  return { id: Number(id), username };
}

/**
 * Seconds, or a date (RFC 9110 §10.2.3), which the reply's own `Date` measures; in milliseconds.
 * @param {string | null | undefined} header @param {string | null | undefined} date
 */
function waitOf(header, date) {
  if (typeof header !== "string") return;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  if (!/GMT$/.test(header.trim())) return;
  const wait = Date.parse(header) - (Date.parse(date ?? "") || Date.now());
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/** @param {string} message */
const invalid = (message) => failure("INVALID_ARGUMENT", message);

/**
 * @param {import("./index.js").PermissionsErrorCode} code
 * @param {string} message
 * @param {{ status?: number, retryAfter?: number }} [details]
 */
function failure(code, message, details) {
  return new PermissionsError(message, { code, ...details });
}
