// What the driver needs of the platform: requests, and one timer. In JavaScript, because in Rust each property
// that is read costs an import, and each `await` a state machine: 4 kB brotli for the same.

/** More than any answer can be: 10,000 verdicts take 200 kB. */
const LONGEST_BODY = 8 << 20;
/** The longest wait that `setTimeout` takes; a longer one would be over at once. */
const LONGEST_WAIT = 2_147_483_647;
/** Of what failed requests threw, the latest. */
const MOST_CAUSES = 64;

// What is reported in place of a status; src/wasm/driver.rs has the same.
const WOKEN = 0;
const NO_REPLY = 1;
const TIMED_OUT = 2;
const TOO_LARGE = 3;

/**
 * @typedef {(request: number, status: number, retryAfter: string | undefined, body: Uint8Array) => void} Report
 * @typedef {[status: number, retryAfter?: string | undefined, body?: Uint8Array]} Outcome
 */

export class Host {
  /** @type {Map<number, { controller: AbortController, timer: any }>} */
  #flights = new Map();
  /** @type {Map<number, unknown>} */
  #causes = new Map();
  /** @type {any} */
  #timer;
  #fetch;
  #timeout;
  #report;

  /**
   * @param {typeof fetch | undefined} fetch instead of the global one
   * @param {number} timeout for one request, headers and body, in milliseconds
   * @param {Report} report
   */
  constructor(fetch, timeout, report) {
    this.#fetch = fetch;
    this.#timeout = timeout;
    this.#report = report;
  }

  /** Sends a GET, and reports how it ended; never at once. @param {number} request @param {string} url */
  async send(request, url) {
    const controller = new AbortController();
    const timer = setTimeout(() => {
      this.#land(request, [TIMED_OUT]);
      controller.abort();
    }, this.#timeout);
    this.#flights.set(request, { controller, timer });
    /** @type {Outcome} */
    let outcome;
    try {
      await null;
      // Taken back before its turn came.
      if (controller.signal.aborted) return;
      outcome = await get(this.#fetch ?? globalThis.fetch, url, controller.signal);
    } catch (thrown) {
      outcome = [NO_REPLY];
      this.#causes.set(request, thrown);
      for (const old of this.#causes.keys()) if (this.#causes.size > MOST_CAUSES) this.#causes.delete(old);
    }
    // Ends what is left of the answer: a body too long, or one that nobody reads.
    controller.abort();
    this.#land(request, outcome);
  }

  /** @param {number} request @param {Outcome} outcome */
  #land(request, [status, retryAfter, body = new Uint8Array()]) {
    if (this.#take(request)) this.#report(request, status, retryAfter, body);
  }

  /** @param {number} request */
  abort(request) {
    this.#take(request)?.controller.abort();
  }

  /** A timer that nobody needs would keep a Node process alive. @param {number} request */
  #take(request) {
    const flight = this.#flights.get(request);
    this.#flights.delete(request);
    clearTimeout(flight?.timer);
    return flight;
  }

  /** Reports a wake after so many milliseconds, instead of one that was to come. @param {number} [millis] */
  wait(millis) {
    clearTimeout(this.#timer);
    if (millis === undefined) return;
    const wake = () => this.#report(0, WOKEN, undefined, new Uint8Array());
    this.#timer = setTimeout(wake, Math.min(millis, LONGEST_WAIT));
  }

  /** What a request that failed threw. @param {number} request */
  cause(request) {
    return this.#causes.get(request);
  }

  /** Nothing is reported any more. */
  close() {
    this.wait();
    for (const request of this.#flights.keys()) this.abort(request);
  }
}

/**
 * Only an inner signal goes out: the caller's may carry any reason, and others may wait for the same request.
 * @param {typeof fetch} fetch called without a `this`, as the platform's own demands
 * @param {string} url
 * @param {AbortSignal} signal
 * @returns {Promise<Outcome>}
 */
async function get(fetch, url, signal) {
  /** @type {RequestInit} */
  const init = { method: "GET", credentials: "omit", signal };
  // Else the browser itself serves copies as old as 450 s (contract §1.7). Some workers at the edge know no
  // `cache` and throw on it.
  if ("cache" in (globalThis.Request?.prototype ?? {})) init.cache = "no-store";
  const response = await fetch(url, init);
  const { status } = response;
  // An opaque answer has the status 0.
  if (!(Number.isInteger(status) && status >= 100 && status <= 999))
    throw new TypeError("fetch gave something that is not a readable Response");
  const retryAfter = retryAfterOf(response);
  if (status < 200 || status > 299) return [status, retryAfter];
  const body = await bodyOf(response);
  return body.length > LONGEST_BODY ? [TOO_LARGE] : [status, retryAfter, body];
}

/** Without headers there is no header; the answer is one all the same. @param {Response} response */
function retryAfterOf(response) {
  try {
    const header = response.headers.get("Retry-After");
    return typeof header === "string" ? header : undefined;
  } catch {}
}

/** The whole body, or more than is allowed of it. @param {any} response */
async function bodyOf(response) {
  const { body } = response;
  if (typeof body?.getReader === "function") return chunksOf(body.getReader());
  // Mocks, and answers without a body, have no stream.
  const whole = await (typeof response.arrayBuffer === "function" ? response.arrayBuffer() : response.text());
  if (typeof whole === "string") return new TextEncoder().encode(whole);
  // What is neither text nor bytes is an answer without content.
  const isBytes =
    ArrayBuffer.isView(whole) || Object.prototype.toString.call(whole) === "[object ArrayBuffer]";
  return new Uint8Array(isBytes ? whole : 0);
}

/** @param {ReadableStreamDefaultReader} reader */
async function chunksOf(reader) {
  const chunks = [];
  let length = 0;
  while (length <= LONGEST_BODY) {
    const { done, value } = await reader.read();
    if (done) break;
    // `new Uint8Array(5e9)` would be that many zeros, and wider numbers would be cut.
    if (value.BYTES_PER_ELEMENT !== 1) throw new TypeError("the body holds something else than bytes");
    const chunk = new Uint8Array(value);
    chunks.push(chunk);
    length += chunk.length;
  }
  if (length > LONGEST_BODY) (async () => reader.cancel())().catch(() => {});
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}
