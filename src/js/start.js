// Starts the wasm at first use, and starts it anew after it trapped.

import { bytes, precompiled } from "../../pkg/raw/bytes.js";
import { makeCore } from "../../pkg/raw/core.js";
import { PermissionsError } from "./errors.js";

/**
 * @typedef {typeof import("../../pkg/raw/bindings.js")} Core
 *
 * @typedef {object} Instance
 * @property {Core} core its exports
 * @property {PermissionsError} [ended] why it is not entered any more
 */

/** On workerd it was compiled beforehand. @type {WebAssembly.Module | undefined} */
let compiled = precompiled;
/** @type {Instance | undefined} */
let current;

/** The instance in use, which is started if there is none. @returns {Instance} */
export function instance() {
  if (!current || current.ended) {
    try {
      const module = compiled ?? new WebAssembly.Module(bytes());
      const { imports, run } = prepared(module);
      current = run(new WebAssembly.Instance(module, imports));
    } catch (cause) {
      throw unavailable(cause);
    }
  }
  return current;
}

/** @param {BufferSource | WebAssembly.Module} [source] */
export async function init(source) {
  if (current) return;
  try {
    const given = source ?? compiled ?? bytes();
    const module = given instanceof WebAssembly.Module ? given : await WebAssembly.compile(given);
    const { imports, run } = prepared(module);
    const instance = await WebAssembly.instantiate(module, imports);
    current ??= run(instance);
  } catch (cause) {
    throw unavailable(cause);
  }
}

/**
 * @param {WebAssembly.Module} module
 * @returns {{ imports: WebAssembly.Imports, run: (raw: WebAssembly.Instance) => Instance }}
 */
function prepared(module) {
  // A stranger's would start, and stay.
  if (!WebAssembly.Module.exports(module).some(({ name }) => name === "checkPermissions"))
    throw new TypeError("the source given to init is not the module of civitai-permissions");
  compiled = module;
  const { core, imports, start } = makeCore();
  /** @type {Instance} */
  const instance = { core };
  const run = (/** @type {WebAssembly.Instance} */ raw) => {
    start(guarded(raw.exports, instance));
    // There one instance serves requests that must not wait for each other.
    if (precompiled) core.separateCalls();
    core.makePromisesWith(() => new Deferred());
    core.makeErrorsWith((message, details) => /** @type {any} */ (new PermissionsError(message, details)));
    return instance;
  };
  return { imports, run };
}

/**
 * The exports, none of which is entered any more once one has thrown: after a trap nothing in there can be relied on.
 * Rust's errors are returned, so what is thrown is a trap. Callbacks (from timers and promises) have no caller who
 * could catch it: they end quietly, since all calls under way are rejected.
 * @param {WebAssembly.Exports} exports
 * @param {Instance} instance
 */
function guarded(exports, instance) {
  let depth = 0;
  /** @type {Record<string, unknown>} */
  const guards = {};
  for (const [name, value] of Object.entries(exports)) {
    const quiet = name.startsWith("_") || name.startsWith("wasm_bindgen_");
    guards[name] =
      typeof value !== "function"
        ? value
        : (/** @type {unknown[]} */ ...given) => {
            if (!instance.ended) {
              depth++;
              try {
                return value(...given);
              } catch (cause) {
                end(instance, exports, cause);
              } finally {
                depth--;
              }
            }
            if (depth > 0 || !quiet) throw instance.ended;
            // No error: the glue of some looks for one in the list that they return.
            return [];
          };
  }
  return guards;
}

/** @param {Instance} instance @param {WebAssembly.Exports} exports @param {unknown} cause */
function end(instance, exports, cause) {
  if (instance.ended) return;
  let why = "it trapped";
  try {
    /** @type {WebAssembly.Memory} */ (exports.memory).grow(1);
  } catch {
    why = "out of memory";
  }
  instance.ended = new PermissionsError(
    `the WebAssembly of civitai-permissions had to end: ${why}. The calls under way have no answer; the next one starts anew`,
    { code: "WASM_UNAVAILABLE", cause },
  );
  // Rust keeps what settles the calls under way in the table of its JavaScript values.
  const values = /** @type {WebAssembly.Table} */ (exports.__wbindgen_externrefs);
  for (let at = 0; at < values.length; at++) {
    const value = values.get(at);
    if (value instanceof Deferred) value.reject(instance.ended);
  }
}

class Deferred {
  /** @type {(answer: unknown) => void} */
  resolve = () => {};
  /** @type {(reason: unknown) => void} */
  reject = () => {};
  promise = new Promise((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });
}

/** Why it could not start, by the platform's own words. @param {any} cause */
function unavailable(cause) {
  const words = String(cause?.message ?? cause);
  const why =
    typeof WebAssembly === "undefined"
      ? "there is none here: the browser's Lockdown Mode or a setting switches it off"
      : /main thread|larger than/i.test(words)
        ? "this browser does not compile it synchronously on its main thread. Call `await init()` first, or use a worker"
        : /memory/i.test(words)
          ? "out of memory"
          : /CSP|content security|unsafe-eval|wasm-eval|embedder/i.test(words)
            ? "a Content-Security-Policy forbids it. Its script-src needs 'wasm-unsafe-eval'"
            : words;
  return new PermissionsError(`WebAssembly could not start: ${why}`, { code: "WASM_UNAVAILABLE", cause });
}
