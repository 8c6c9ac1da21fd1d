// The entry of the npm module: what only JavaScript can be. Everything is decided in Rust (src/browser), which is
// started at first use.

import { PermissionsError } from "./errors.js";
import { arePlain, copied } from "./plain-options.js";
import { instance } from "./start.js";

export { isPermissionsError, PermissionsError } from "./errors.js";
export { init } from "./start.js";

/**
 * @typedef {import("./index.js").EntityIds} EntityIds
 * @typedef {import("./index.js").CheckOptions} CheckOptions
 * @typedef {import("./index.js").ExplainOptions} ExplainOptions
 * @typedef {import("./index.js").CheckerOptions} CheckerOptions
 * @typedef {import("./start.js").Instance} Instance
 * @typedef {import("../../pkg/raw/bindings.js").PermissionChecker} Checker
 */

/** @param {EntityIds} entityIds @param {CheckOptions & CheckerOptions} [options] */
export async function checkPermissions(entityIds, options) {
  return instance().core.checkPermissions(entityIds, options);
}

/** @param {import("./index.js").EntityIdLike} input */
export function parseEntityId(input) {
  return instance().core.parseEntityId(input);
}

/** @param {string} input */
export function parseLink(input) {
  return instance().core.parseLink(input);
}

/** @param {unknown} source */
export function findResources(source) {
  return instance().core.findResources(source);
}

export class PermissionChecker {
  #options;
  #disposed = false;
  /** @type {{ on: Instance, checker: Checker } | undefined} */
  #started;

  /** @param {CheckerOptions} [options] */
  constructor(options) {
    // Whatever is not plainly right is judged by the wasm, which names what is wrong.
    if (!arePlain(options)) new (instance().core.PermissionChecker)(options).free();
    this.#options = options && copied(options);
  }

  /** @param {EntityIds} entityIds @param {CheckOptions} [options] */
  check(entityIds, options) {
    return this.#ask((checker) => checker.check(entityIds, options));
  }

  /** @param {EntityIds} entityIds @param {CheckOptions} [options] */
  stream(entityIds, options) {
    return this.#each((checker) => checker.verdicts(entityIds, options), true);
  }

  /** @param {EntityIds} entityIds @param {CheckOptions} [options] */
  streamBatches(entityIds, options) {
    return this.#each((checker) => checker.verdicts(entityIds, options));
  }

  /** @param {EntityIds} entityIds @param {ExplainOptions} [options] */
  explain(entityIds, options) {
    return this.#ask((checker) => checker.explain(entityIds, options));
  }

  /** For the extension. @param {EntityIds} entityIds @param {string} page @param {ExplainOptions} [options] */
  explainOnPage(entityIds, page, options) {
    return this.#ask((checker) => checker.explainOnPage(entityIds, page, options));
  }

  /** @param {EntityIds} entityIds @param {ExplainOptions} [options] */
  explainStream(entityIds, options) {
    return this.#each((checker) => checker.explanations(entityIds, options));
  }

  /** @param {Iterable<import("./index.js").ModelIdLike> & object} models @param {ExplainOptions} [options] */
  versions(models, options) {
    return this.#ask((checker) => checker.versions(models, options));
  }

  /** @param {EntityIds} [entityIds] */
  clear(entityIds) {
    this.#start().clear(entityIds);
  }

  snapshot() {
    return this.#start().snapshot();
  }

  /** @param {string} snapshot */
  restore(snapshot) {
    return this.#start().restore(snapshot);
  }

  /** Where `Symbol.dispose` is not known yet, `using` is compiled to this name. */
  [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() {
    this.#disposed = true;
    // Not freed by hand: a call may be reading its arguments right now. The collector does it.
    this.#started?.checker.end(disposed());
    this.#started = undefined;
  }

  /**
   * What Node, Deno and Bun print.
   * @param {number} _depth @param {object} how @param {(value: unknown, how: object) => string} inspect
   */
  [Symbol.for("nodejs.util.inspect.custom")](_depth, how, inspect) {
    return `PermissionChecker${this.#disposed ? " (disposed)" : ""} ${inspect(this.#options ?? {}, how)}`;
  }

  /** Its half in the wasm, which ends with its instance. */
  #start() {
    if (this.#disposed) throw disposed();
    if (!this.#started || this.#started.on.ended) {
      const on = instance();
      this.#started = { on, checker: new on.core.PermissionChecker(this.#options) };
    }
    return this.#started.checker;
  }

  /** Not `async`, which takes a second promise. @template T @param {(checker: Checker) => Promise<T>} call */
  #ask(call) {
    try {
      return call(this.#start());
    } catch (thrown) {
      return Promise.reject(thrown);
    }
  }

  /**
   * The answers of a reader, in batches as they arrive, or one by one.
   * @param {(checker: Checker) => import("../../pkg/raw/bindings.js").Reader} read
   * @param {boolean} [single]
   * @returns {AsyncGenerator<any, void>}
   */
  async *#each(read, single) {
    const reader = read(this.#start());
    try {
      for (;;) {
        const batch = await reader.next();
        if (batch.length === 0) return;
        if (!single) yield batch;
        else
          for (const answer of batch) {
            reader.check();
            yield answer;
          }
      }
    } finally {
      reader.free();
    }
  }

  static {
    Object.defineProperty(PermissionChecker, "name", { value: "PermissionChecker" });
  }
}

function disposed() {
  return new PermissionsError("this PermissionChecker was disposed: make a new one", {
    code: "INVALID_ARGUMENT",
  });
}
