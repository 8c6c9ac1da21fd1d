// The entry of the npm module. Arguments are read here and answers get their shape; everything else is decided
// in the wasm, which is started at first use.

import * as core from "../../pkg/raw/core.js";
import { streams } from "../../pkg/raw/streams.js";
import { assemble } from "./assemble.js";
import { Call, inOrder, told, verdictsOf } from "./call.js";
import { invalid, PermissionsError, shown } from "./errors.js";
import { idOf, idsOf, model, versionBy } from "./ids.js";
import { readOptions } from "./options.js";

export { isPermissionsError, PermissionsError } from "./errors.js";

/** @typedef {import("./index.js").EntityIds} EntityIds */
/** @typedef {import("./index.js").EntityIdLike} EntityIdLike */
/** @typedef {import("./index.js").CheckOptions} CheckOptions */
/** @typedef {import("./index.js").VerdictOptions} VerdictOptions */
/** @typedef {import("./index.js").LookUpOptions} LookUpOptions */
/** @typedef {import("./index.js").CheckerOptions} CheckerOptions */

/**
 * @param {EntityIds} entityIds
 * @param {CheckOptions & CheckerOptions} [options]
 * @returns {Promise<import("./index.js").Verdicts>}
 */
export async function checkPermissions(entityIds, options) {
  init();
  const ids = idsOf(entityIds, "entityIds", version);
  const read = readOptions(options, "both");
  const { userId = 0, signal, fresh = false } = read;
  const call = new Call(baseOf(read), signal);
  const checker = made(read, (base, numbers, fetch) =>
    core.checkPermissions(base, numbers, fetch, Uint32Array.from(ids), userId, fresh, call),
  );
  call.start(() => checker.cancel(0));
  try {
    return verdictsOf(await call.all(), call.base);
  } finally {
    // Not left to the collector, which would come late: each holds an engine.
    checker.free();
  }
}

// What is asked; src/wasm/exports.rs has the same.
const CHECK = 0;
const EXPLAIN = 1;
const VERSIONS = 3;
const CHECK_OF_OTHERS = 5;

export class PermissionChecker {
  /** @type {core.Checker | undefined} */
  #core;
  #base;
  /** @type {Set<Call>} */
  #calls = new Set();

  /** @param {CheckerOptions} [options] */
  constructor(options) {
    init();
    const read = readOptions(options, "checker");
    this.#base = baseOf(read);
    this.#core = made(read, (...settings) => new core.Checker(...settings));
  }

  /**
   * @param {EntityIds} entityIds
   * @param {VerdictOptions} [options]
   * @returns {Promise<import("./index.js").Verdicts>}
   */
  async check(entityIds, options) {
    const { call } = this.#begin(CHECK, entityIds, options);
    return verdictsOf(await call.all(), call.base);
  }

  /**
   * @param {EntityIds} entityIds
   * @param {VerdictOptions} [options]
   * @returns {AsyncGenerator<import("./index.js").Verdict, void>}
   */
  async *stream(entityIds, options) {
    const { call } = this.#begin(CHECK, entityIds, options);
    try {
      for (let answers = await call.more(); answers.length > 0; answers = await call.more())
        for (const answer of answers) yield told(answer, call.base);
    } finally {
      call.end();
    }
  }

  /**
   * @param {EntityIds} entityIds
   * @param {LookUpOptions} [options]
   * @returns {Promise<import("./index.js").Explanation[]>}
   */
  async explain(entityIds, options) {
    const { call, ids } = this.#begin(EXPLAIN, entityIds, options);
    return inOrder(await call.all(), ids, call.base);
  }

  /**
   * @param {Iterable<number> & object} modelIds
   * @param {LookUpOptions} [options]
   * @returns {Promise<import("./index.js").ModelVersions[]>}
   */
  async versions(modelIds, options) {
    const { call, ids } = this.#begin(VERSIONS, modelIds, options);
    return inOrder(await call.all(), ids, call.base);
  }

  /**
   * Arguments are read at once, so that a list changed later does not matter.
   * @param {number} topic @param {unknown} list @param {VerdictOptions | LookUpOptions} [options]
   */
  #begin(topic, list, options) {
    const core = this.#open;
    const ids = topic === VERSIONS ? idsOf(list, "modelIds", model) : idsOf(list, "entityIds", version);
    const read = readOptions(options, topic === CHECK ? "call" : "lookUp");
    const { userId = 0, signal, fresh = false, bulk = false, own = true } = read;
    const call = new Call(this.#base, signal);
    const what = own ? topic + Number(bulk) : CHECK_OF_OTHERS;
    const ask = core.ask(what, Uint32Array.from(ids), userId, fresh, call);
    this.#calls.add(call);
    call.start(() => {
      this.#calls.delete(call);
      core.cancel(ask);
    });
    return { call, ids };
  }

  /** @param {EntityIds} [entityIds] */
  clear(entityIds) {
    const core = this.#open;
    const ids = entityIds === undefined ? undefined : idsOf(entityIds, "entityIds", version);
    core.clear(ids && Uint32Array.from(ids));
  }

  snapshot() {
    return this.#open.snapshot();
  }

  /** @param {string} snapshot */
  restore(snapshot) {
    const core = this.#open;
    return typeof snapshot === "string" && core.restore(snapshot);
  }

  /** Where `Symbol.dispose` is not known yet, `using` is compiled to this name. */
  [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() {
    // Not freed by hand: a call may be reading its arguments right now. The collector does it.
    this.#core = undefined;
    for (const call of this.#calls) call.reject(disposed());
  }

  get #open() {
    if (!this.#core) throw disposed();
    return this.#core;
  }
}

const disposed = () => invalid("this PermissionChecker was disposed: make a new one");

/**
 * @param {EntityIdLike} input
 * @returns {number}
 */
export function parseEntityId(input) {
  init();
  return idOf(input, "entityId", version);
}

const version = versionBy((text) => core.parseEntityId(text));

/** @param {import("./options.js").Options} options */
const baseOf = ({ baseUrl = "https://civitai.com" }) => baseUrl.replace(/\/+$/, "");

/**
 * What the wasm makes of a checker's options.
 * @template T
 * @param {import("./options.js").Options} options
 * @param {(base: string, numbers: Float64Array, fetch: unknown) => T} make
 */
function made(options, make) {
  const { maxBatchSize = 200, concurrency = 4, maxAge = 300_000, timeout = 15_000, retries = 3 } = options;
  const { baseUrl, fetch } = options;
  const numbers = Float64Array.of(maxBatchSize, concurrency, maxAge, timeout, retries);
  try {
    return make(baseUrl ?? baseOf(options), numbers, fetch);
  } catch (reason) {
    // Not quoted where it may hold a password or a token.
    const quoted = /[@?#]/.test(`${baseUrl}`) ? "" : ` is ${shown(baseUrl)}`;
    throw invalid(`baseUrl${quoted}: ${reason}`);
  }
}

let started = false;

/** @param {BufferSource | WebAssembly.Module} [source] */
export function init(source) {
  if (started) return;
  try {
    const bytes = source ?? assemble(streams);
    const module = bytes instanceof WebAssembly.Module ? bytes : new WebAssembly.Module(bytes);
    // A stranger's module would start, and stay.
    if (!WebAssembly.Module.exports(module).some(({ name }) => name === "parseEntityId"))
      throw new TypeError("the source given to init is not the module of civitai-permissions");
    core.initSync({ module });
  } catch (cause) {
    throw new PermissionsError(
      "WebAssembly could not start: in a page or an extension whose Content-Security-Policy governs scripts, " +
        "script-src needs 'wasm-unsafe-eval'",
      { code: "WASM_UNAVAILABLE", cause },
    );
  }
  started = true;
}
