// The entry of the npm module. Arguments are read here and answers get their shape; everything else is decided
// in the wasm, which is started at first use.

import * as core from "../../pkg/raw/core_bg.js";
import { Call, inOrder, told, verdictsOf } from "./call.js";
import { Client } from "./client.js";
import { bytesOf, init, numberOf } from "./core.js";
import { invalid } from "./errors.js";
import { idOf, idsOf, model, versionBy } from "./ids.js";
import { readOptions } from "./options.js";

export { init } from "./core.js";
export { isPermissionsError, PermissionsError } from "./errors.js";

/** @typedef {import("./index.js").EntityIds} EntityIds */
/** @typedef {import("./index.js").EntityIdLike} EntityIdLike */
/** @typedef {import("./index.js").CheckOptions} CheckOptions */
/** @typedef {CheckOptions & { own?: boolean }} VerdictOptions */
/** @typedef {import("./index.js").ExplainOptions & { own?: boolean }} LookUpOptions */
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
  const call = new Call(read.signal);
  const client = new Client(read, false);
  client.ask(CHECK, ids, read, call);
  try {
    return verdictsOf(await call.all(), client.base);
  } finally {
    client.close();
  }
}

// What is asked; src/wasm/exports.rs has the same.
const CHECK = 0;
const EXPLAIN = 1;
const VERSIONS = 3;
const CHECK_OF_OTHERS = 5;

export class PermissionChecker {
  /** @type {Client | undefined} */
  #client;

  /** @param {CheckerOptions} [options] */
  constructor(options) {
    init();
    this.#client = new Client(readOptions(options, "checker"), true);
  }

  /**
   * @param {EntityIds} entityIds
   * @param {VerdictOptions} [options]
   * @returns {Promise<import("./index.js").Verdicts>}
   */
  async check(entityIds, options) {
    const { call, base } = this.#begin(CHECK, entityIds, options);
    return verdictsOf(await call.all(), base);
  }

  /**
   * @param {EntityIds} entityIds
   * @param {VerdictOptions} [options]
   * @returns {AsyncGenerator<import("./index.js").Verdict, void>}
   */
  async *stream(entityIds, options) {
    const { call, base } = this.#begin(CHECK, entityIds, options);
    try {
      for (let answers = await call.more(); answers.length > 0; answers = await call.more())
        for (const answer of answers) {
          call.check();
          yield told(answer, base);
        }
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
    const { call, ids, base } = this.#begin(EXPLAIN, entityIds, options);
    return inOrder(await call.all(), ids, base);
  }

  /**
   * @param {Iterable<number> & object} modelIds
   * @param {LookUpOptions} [options]
   * @returns {Promise<import("./index.js").ModelVersions[]>}
   */
  async versions(modelIds, options) {
    const { call, ids, base } = this.#begin(VERSIONS, modelIds, options);
    return inOrder(await call.all(), ids, base);
  }

  /**
   * Arguments are read at once, so that a list changed later does not matter.
   * @param {number} topic @param {unknown} list @param {VerdictOptions | LookUpOptions} [options]
   */
  #begin(topic, list, options) {
    const client = this.#open;
    const ids = topic === VERSIONS ? idsOf(list, "modelIds", model) : idsOf(list, "entityIds", version);
    const read = readOptions(options, topic === CHECK ? "call" : "lookUp");
    const { signal, bulk = false, own = true } = read;
    const call = new Call(signal);
    client.ask(own ? topic + Number(bulk) : CHECK_OF_OTHERS, ids, read, call);
    return { call, ids, base: client.base };
  }

  /** @param {EntityIds} [entityIds] */
  clear(entityIds) {
    const client = this.#open;
    client.clear(entityIds === undefined ? undefined : idsOf(entityIds, "entityIds", version));
  }

  snapshot() {
    return this.#open.snapshot();
  }

  /** @param {string} snapshot */
  restore(snapshot) {
    const client = this.#open;
    return typeof snapshot === "string" && client.restore(snapshot);
  }

  /** Where `Symbol.dispose` is not known yet, `using` is compiled to this name. */
  [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() {
    const client = this.#client;
    // Not closed: a call may be reading its arguments right now. The collector does it.
    this.#client = undefined;
    for (const call of client?.calls.values() ?? []) call.reject(disposed());
  }

  get #open() {
    if (!this.#client) throw disposed();
    return this.#client;
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

const version = versionBy((text) => numberOf(core.parseEntityId(bytesOf(text))));
