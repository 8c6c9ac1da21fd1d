// The entry of the npm module: what only JavaScript can be. Everything is decided in Rust (src/browser), which is
// started at first use.

import { PermissionsError } from "./errors.js";
import { instance, settled } from "./start.js";

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
  return settled(instance(), (core) => core.checkPermissions(entityIds, options));
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
  /** @type {{ on: Instance, checker: Checker } | undefined} */
  #started;
  #disposed = false;

  /** @param {CheckerOptions} [options] */
  constructor(options) {
    // Whatever is not plainly right is judged by the wasm, which names what is wrong.
    if (!isPlain(options)) new (instance().core.PermissionChecker)(options).free();
    this.#options = options && copied(options);
  }

  /** @param {EntityIds} entityIds @param {CheckOptions} [options] */
  async check(entityIds, options) {
    const { on, checker } = this.#start();
    return settled(on, () => checker.check(entityIds, options));
  }

  /** @param {EntityIds} entityIds @param {CheckOptions} [options] */
  async *stream(entityIds, options) {
    const { on, checker } = this.#start();
    yield* each(on, checker.verdicts(entityIds, options), true);
  }

  /** @param {EntityIds} entityIds @param {CheckOptions} [options] */
  async *streamBatches(entityIds, options) {
    const { on, checker } = this.#start();
    yield* each(on, checker.verdicts(entityIds, options));
  }

  /** @param {EntityIds} entityIds @param {ExplainOptions} [options] */
  async explain(entityIds, options) {
    const { on, checker } = this.#start();
    return settled(on, () => checker.explain(entityIds, options));
  }

  /** For the extension. @param {EntityIds} entityIds @param {string} page @param {ExplainOptions} [options] */
  async explainOnPage(entityIds, page, options) {
    const { on, checker } = this.#start();
    return settled(on, () => checker.explainOnPage(entityIds, page, options));
  }

  /** @param {EntityIds} entityIds @param {ExplainOptions} [options] */
  async *explainStream(entityIds, options) {
    const { on, checker } = this.#start();
    yield* each(on, checker.explanations(entityIds, options));
  }

  /** @param {Iterable<import("./index.js").ModelIdLike> & object} models @param {ExplainOptions} [options] */
  async versions(models, options) {
    const { on, checker } = this.#start();
    return settled(on, () => checker.versions(models, options));
  }

  /** @param {EntityIds} [entityIds] */
  clear(entityIds) {
    this.#start().checker.clear(entityIds);
  }

  snapshot() {
    return this.#start().checker.snapshot();
  }

  /** @param {string} snapshot */
  restore(snapshot) {
    return this.#start().checker.restore(snapshot);
  }

  /** Where `Symbol.dispose` is not known yet, `using` is compiled to this name. */
  [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() {
    this.#disposed = true;
    // Not freed by hand: a call may be reading its arguments right now. The collector does it.
    if (this.#started) this.#started.checker.end(disposed());
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
    return this.#started;
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

/** Whether options can be nothing but right, without the wasm. @param {any} options */
function isPlain(options) {
  if (options === undefined) return true;
  if (typeof options !== "object" || ![Object.prototype, null].includes(Object.getPrototypeOf(options)))
    return false;
  return Object.entries(options).every(([name, value]) => {
    if (value === undefined) return plain.has(name);
    return plain.get(name)?.(value);
  });
}

/** Inherited ones as well, but not what somebody's library put on `Object.prototype`. @param {any} options */
function copied(options) {
  const own = [...plain.keys()].filter(
    (name) => options[name] !== undefined && (Object.hasOwn(options, name) || !(name in Object.prototype)),
  );
  return Object.fromEntries(own.map((name) => [name, options[name]]));
}

/** @param {number} least @param {number} most */
const whole = (least, most) => (/** @type {any} */ value) =>
  Number.isInteger(value) && value >= least && value <= most;

/** @type {Map<string, (value: any) => boolean>} */
const plain = new Map([
  ["baseUrl", (value) => /^https?:\/\/[a-z\d.-]+(:\d+)?\/?$/.test(value.href ?? value)],
  ["maxBatchSize", whole(1, 10_000)],
  ["concurrency", whole(1, 16)],
  ["maxAge", whole(0, Number.MAX_SAFE_INTEGER)],
  ["timeout", whole(1, 2 ** 31 - 1)],
  ["retries", whole(0, 10)],
  ["fetch", (value) => typeof value === "function"],
]);

/**
 * The answers of a reader, in batches as they arrive, or one by one.
 * @param {Instance} on
 * @param {import("../../pkg/raw/bindings.js").Reader} reader
 * @param {boolean} [single]
 * @returns {AsyncGenerator<any, void>}
 */
async function* each(on, reader, single) {
  try {
    for (;;) {
      const batch = await settled(on, () => reader.next());
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
