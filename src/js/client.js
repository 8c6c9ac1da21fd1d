// An engine of the wasm, its drive, and the calls that wait for it.

import * as core from "../../pkg/raw/core_bg.js";
import { Driver, originOf } from "../wasm/driver.js";
import { bytesOf, numberOf, textOf } from "./core.js";
import { invalid, shown } from "./errors.js";

/**
 * @typedef {import("./call.js").Call} Call
 * @typedef {import("./options.js").Options} Options
 */

export class Client {
  /** Who waits. @type {Map<number, Call>} */
  calls = new Map();
  #engine;
  #joins;
  #driver;

  /** @param {Options} options @param {boolean} joins calls, and remembers */
  constructor(options, joins) {
    const { baseUrl = "https://civitai.com", timeout = 15_000, fetch } = options;
    const engine = opened(baseUrl, timeout, joins ? options : { ...options, maxAge: 0 });
    /** Where requests go, for messages. */
    this.base = withoutSlashes(baseUrl);
    this.#engine = engine;
    this.#joins = joins;
    this.#driver = new Driver(
      timeout,
      (now) => textOf(core.step(engine, now)),
      (request, status, answer, now) => core.outcome(engine, request, status, answer, now),
      (ask, answer) => this.#tell(ask, answer),
      fetch,
    );
    if (joins) collected?.register(this, engine);
  }

  /** @param {number} topic @param {number[]} ids @param {Options} options @param {Call} call */
  ask(topic, ids, { userId = 0, fresh = false }, call) {
    const ask = core.ask(this.#engine, topic, bytesOf(ids), userId, fresh, Date.now());
    this.calls.set(ask, call);
    call.start(() => {
      this.calls.delete(ask);
      core.cancel(this.#engine, ask);
      this.#driver.pump();
    });
    if (this.#joins) this.#driver.soon();
    else this.#driver.pump();
  }

  /** @param {number} ask @param {any} [answer] */
  #tell(ask, answer) {
    const call = this.calls.get(ask);
    if (!answer) return call?.done();
    if (answer.failure) answer.failure.cause = this.#driver.cause(answer.failure.request);
    call?.answer(answer);
  }

  /** @param {number[]} [ids] all, if undefined */
  clear(ids) {
    core.clear(this.#engine, bytesOf(ids ?? ""), !ids);
  }

  snapshot() {
    return textOf(core.snapshot(this.#engine, Date.now()));
  }

  /** @param {string} snapshot */
  restore(snapshot) {
    return core.restore(this.#engine, bytesOf(snapshot), Date.now());
  }

  /** Of one that does not join: the collector would come late, and an engine is large. */
  close() {
    this.#driver.close();
    core.close(this.#engine);
  }
}

/** Ends the engines of the others. Some workers have none. */
const collected =
  globalThis.FinalizationRegistry &&
  new FinalizationRegistry((/** @type {number} */ engine) => core.close(engine));

/** @param {string} base @param {number} timeout @param {Options} options @returns {number} an engine */
function opened(base, timeout, { maxBatchSize = 200, concurrency = 4, maxAge = 300_000, retries = 3 }) {
  const place = bytesOf(`${originOf(base)} ${base}`);
  try {
    return numberOf(
      core.open(place, maxBatchSize, concurrency, maxAge, timeout, retries, Math.random() * 9e15),
    );
  } catch (reason) {
    // Not quoted where it may hold a password or a token.
    const quoted = /[@?#]/.test(base) ? "" : ` is ${shown(base)}`;
    throw invalid(`baseUrl${quoted}: ${reason}`);
  }
}

/** @param {string} url */
function withoutSlashes(url) {
  let { length } = url;
  while (url[length - 1] === "/") length--;
  return url.slice(0, length);
}
