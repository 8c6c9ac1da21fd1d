// Does what an engine says, and reports what came of it: requests, and one timer. The same for `src/js` and for
// front ends in Rust, of which wasm-bindgen copies it into the output. In JavaScript, because in Rust each
// property that is read costs an import, and each `await` a state machine.

/** More than any answer can be: 10,000 verdicts take 200 kB. */
const LONGEST_BODY = 8 << 20;
/** What a part of a body counts at least: a stream of empty ones would never end, nor let the timer come. */
const LEAST_PART = 16;
/** The longest wait that `setTimeout` takes; a longer one would be over at once. */
const LONGEST_WAIT = 2_147_483_647;
/** Of what failed requests threw, the latest. */
const MOST_CAUSES = 64;

// What is to be done; src/wasm/steps.rs has the same.
const WAIT = 0;
const SEND = 1;
const ABORT = 2;

// What is reported in place of a status; src/wasm/store.rs has the same.
const NO_REPLY = 1;
const TIMED_OUT = 2;
const TOO_LARGE = 3;

/**
 * @typedef {[status: number, answer?: Uint8Array]} Outcome of an answer `Retry-After`, as a line, and the body
 * @typedef {(now: number) => string} Step
 * @typedef {(request: number, status: number, answer: Uint8Array, now: number) => void} Report
 * @typedef {(ask: number, answer?: any) => void} Tell without an answer: that was the last one
 */

export class Driver {
  /** @type {Map<number, { controller: AbortController, timer: any }>} */
  #flights = new Map();
  /** @type {Map<number, unknown>} */
  #causes = new Map();
  /** @type {any} */
  #timer;
  #soon = false;
  #timeout;
  #step;
  #report;
  #tell;
  #fetch;

  /**
   * @param {number} timeout for one request, headers and body, in milliseconds
   * @param {Step} step what to do next, as JSON
   * @param {Report} report
   * @param {Tell} [tell] where steps hold answers
   * @param {typeof globalThis.fetch} [fetch] instead of the global one
   */
  constructor(timeout, step, report, tell, fetch) {
    this.#timeout = timeout;
    this.#step = step;
    this.#report = report;
    this.#tell = tell;
    this.#fetch = fetch;
  }

  /** Goes on at the end of this turn of the event loop: more may be asked until then. */
  soon() {
    if (this.#soon) return;
    this.#soon = true;
    this.#wait(0);
  }

  /**
   * Does what the engine says until it says to wait. Whatever is called may call back: nothing is kept from one
   * step to the next.
   */
  pump() {
    while (!this.#soon) {
      const [what, number, more] = JSON.parse(this.#step(Date.now()));
      if (what === WAIT) return this.#wait(number);
      if (what === SEND) this.#send(number, more);
      else if (what === ABORT) this.#take(number)?.abort();
      else this.#tell?.(number, more);
    }
  }

  /** Instead of the wait that was to come. @param {number | null} millis null: until something happens */
  #wait(millis) {
    clearTimeout(this.#timer);
    if (millis === null) return;
    const wake = () => {
      this.#soon = false;
      this.pump();
    };
    this.#timer = setTimeout(wake, Math.min(millis, LONGEST_WAIT));
  }

  /** Sends a GET, and reports how it ended; never at once. @param {number} request @param {string} url */
  async #send(request, url) {
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
      // Ends what is left of the answer.
      controller.abort();
      outcome = [NO_REPLY];
      this.#causes.set(request, thrown);
      for (const old of this.#causes.keys()) if (this.#causes.size > MOST_CAUSES) this.#causes.delete(old);
    }
    this.#land(request, outcome);
  }

  /** @param {number} request @param {Outcome} outcome */
  #land(request, [status, answer = new Uint8Array()]) {
    if (!this.#take(request)) return;
    this.#report(request, status, answer, Date.now());
    this.pump();
  }

  /** A timer that nobody needs would keep a Node process alive. @param {number} request */
  #take(request) {
    const flight = this.#flights.get(request);
    this.#flights.delete(request);
    clearTimeout(flight?.timer);
    return flight?.controller;
  }

  /** What a request that failed threw. @param {number} request */
  cause(request) {
    return this.#causes.get(request);
  }

  /** Ends what is under way. */
  close() {
    this.#wait(null);
    for (const request of this.#flights.keys()) this.#take(request)?.abort();
  }
}

/** The server in one spelling, whatever the path; of what is no URL, nothing. @param {string} base */
export function originOf(base) {
  try {
    return new URL(base).origin;
  } catch {
    return "";
  }
}

/**
 * Only an inner signal goes out: the caller's may carry any reason, and others may wait for the same request.
 * @param {typeof globalThis.fetch} fetch called without a `this`, as the platform's own demands
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
  /** @type {ReadableStreamDefaultReader | undefined} */
  let reader;
  const drop = async () => (reader ?? /** @type {any} */ (response.body)).cancel();
  const end = () => drop().catch(() => {});
  // A fetch of one's own need not mind the signal, neither before its answer nor after it.
  if (signal.aborted) end();
  else signal.addEventListener("abort", end);

  const { status } = response;
  // An opaque answer has the status 0.
  if (!(Number.isInteger(status) && status >= 100 && status <= 999))
    throw new TypeError("fetch gave something that is not a readable Response");
  const parts = [new TextEncoder().encode(`${retryAfterOf(response)}\n`)];
  if (status < 200 || status > 299) end();
  else {
    const { body } = response;
    if (typeof body?.getReader === "function") reader = body.getReader();
    if (!(await (reader ? readStream(reader, parts) : readWhole(response, parts)))) {
      end();
      return [TOO_LARGE];
    }
  }
  return [status, joined(parts)];
}

/** Without headers there is no header; the answer is one all the same. @param {Response} response */
function retryAfterOf(response) {
  try {
    const header = response.headers.get("Retry-After");
    // A mock's may go on in another line, where the body begins.
    if (typeof header === "string") return header.split("\n", 1)[0];
  } catch {}
  return "";
}

/**
 * Of mocks and of answers without a body, which have no stream.
 * @param {Response} response @param {Uint8Array[]} parts @returns {Promise<boolean>} whether it is as short as an answer
 */
async function readWhole(response, parts) {
  const whole = await (typeof response.arrayBuffer === "function" ? response.arrayBuffer() : response.text());
  // What is neither text nor bytes is an answer without content.
  const isBytes =
    ArrayBuffer.isView(whole) || Object.prototype.toString.call(whole) === "[object ArrayBuffer]";
  const part =
    typeof whole === "string" ? new TextEncoder().encode(whole) : new Uint8Array(isBytes ? whole : []);
  parts.push(part);
  return part.length <= LONGEST_BODY;
}

/**
 * @param {ReadableStreamDefaultReader} reader @param {Uint8Array[]} parts
 * @returns {Promise<boolean>} whether it is as short as an answer
 */
async function readStream(reader, parts) {
  for (let counted = 0; counted <= LONGEST_BODY; ) {
    const { done, value } = await reader.read();
    if (done) return true;
    // `new Uint8Array(5e9)` would be that many zeros, and wider numbers would be cut.
    if (value.BYTES_PER_ELEMENT !== 1) throw new TypeError("the body holds something else than bytes");
    const part = new Uint8Array(value);
    parts.push(part);
    counted += Math.max(part.length, LEAST_PART);
  }
  return false;
}

/** @param {Uint8Array[]} parts */
function joined(parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
