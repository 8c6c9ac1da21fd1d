// The entry of the npm module. Everything is decided in the wasm; here it is started, at first use, and
// given the shape of a class, an async generator and an Error.

import { latin1 } from "../../pkg/raw/bytes.js";
import * as core from "../../pkg/raw/core.js";
import { PermissionsError } from "./errors.js";

export { isPermissionsError, PermissionsError } from "./errors.js";

/** @typedef {import("./index.js").EntityIds} EntityIds */
/** @typedef {import("./index.js").EntityIdLike} EntityIdLike */
/** @typedef {import("./index.js").CheckOptions} CheckOptions */
/** @typedef {import("./index.js").LookUpOptions} LookUpOptions */
/** @typedef {import("./index.js").CheckerOptions} CheckerOptions */

/**
 * @param {EntityIds} entityIds
 * @param {CheckOptions & CheckerOptions} [options]
 * @returns {Promise<import("./index.js").Verdicts>}
 */
export async function checkPermissions(entityIds, options) {
  init();
  return core.checkPermissions(entityIds, options);
}

export class PermissionChecker {
  /** @type {core.Checker | undefined} */
  #core;

  /** @param {CheckerOptions} [options] */
  constructor(options) {
    init();
    this.#core = new core.Checker(options);
  }

  /**
   * @param {EntityIds} entityIds
   * @param {CheckOptions} [options]
   * @returns {Promise<import("./index.js").Verdicts>}
   */
  async check(entityIds, options) {
    return this.#open.check(entityIds, options);
  }

  /**
   * @param {EntityIds} entityIds
   * @param {CheckOptions} [options]
   * @returns {AsyncGenerator<import("./index.js").Verdict, void>}
   */
  async *stream(entityIds, options) {
    const answers = this.#open.stream(entityIds, options);
    try {
      for (let verdicts = await answers.next(); verdicts.length > 0; verdicts = await answers.next())
        yield* verdicts;
    } finally {
      answers.free();
    }
  }

  /**
   * @param {EntityIds} entityIds
   * @param {LookUpOptions} [options]
   * @returns {Promise<import("./index.js").Explanation[]>}
   */
  async explain(entityIds, options) {
    return this.#open.explain(entityIds, options);
  }

  /**
   * @param {Iterable<number> & object} modelIds
   * @param {LookUpOptions} [options]
   * @returns {Promise<import("./index.js").ModelVersions[]>}
   */
  async versions(modelIds, options) {
    return this.#open.versions(modelIds, options);
  }

  /** @param {EntityIds} [entityIds] */
  clear(entityIds) {
    this.#open.clear(entityIds);
  }

  snapshot() {
    return this.#open.snapshot();
  }

  /** @param {string} snapshot */
  restore(snapshot) {
    return this.#open.restore(snapshot);
  }

  /** Where `Symbol.dispose` is not known yet, `using` is compiled to this name. */
  [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() {
    const core = this.#core;
    // Not freed by hand: a call may be reading its arguments right now. The collector does it.
    this.#core = undefined;
    core?.end(disposed());
  }

  get #open() {
    if (!this.#core) throw disposed();
    return this.#core;
  }
}

function disposed() {
  return new PermissionsError("this PermissionChecker was disposed: make a new one", {
    code: "INVALID_ARGUMENT",
  });
}

/**
 * @param {EntityIdLike} input
 * @returns {number}
 */
export function parseEntityId(input) {
  init();
  return core.parseEntityId(input);
}

let started = false;

/** @param {BufferSource | WebAssembly.Module} [source] */
export function init(source) {
  if (started) return;
  try {
    const bytes = source ?? Uint8Array.from(latin1, (character) => character.charCodeAt(0));
    const module = bytes instanceof WebAssembly.Module ? bytes : new WebAssembly.Module(bytes);
    // A stranger's module would start, and stay.
    if (!WebAssembly.Module.exports(module).some(({ name }) => name === "makeErrorsWith"))
      throw new TypeError("the source given to init is not the module of civitai-permissions");
    core.initSync({ module });
  } catch (cause) {
    throw new PermissionsError(
      "WebAssembly could not start: in a page or an extension whose Content-Security-Policy governs scripts, " +
        "script-src needs 'wasm-unsafe-eval'",
      { code: "WASM_UNAVAILABLE", cause },
    );
  }
  core.makeErrorsWith(makeError);
  started = true;
}

/** @type {(message: string, details: ConstructorParameters<typeof PermissionsError>[1]) => PermissionsError} */
const makeError = (message, details) => new PermissionsError(message, details);
