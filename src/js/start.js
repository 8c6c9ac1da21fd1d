// Starts the wasm at first use, and starts it anew after it trapped.

import { bytes } from "../../pkg/raw/bytes.js";
import { makeCore } from "../../pkg/raw/core.js";
import { PermissionsError } from "./errors.js";

/**
 * @typedef {typeof import("../../pkg/raw/bindings.js")} Core
 *
 * @typedef {object} Instance
 * @property {Core} core its exports
 * @property {Set<(reason: unknown) => void>} waiting rejects the calls under way
 * @property {PermissionsError} [ended] why it is not entered any more
 */

/** @type {WebAssembly.Module | undefined} */
let compiled;
/** @type {Instance | undefined} */
let current;

/** The instance in use, which is started if there is none. @returns {Instance} */
export function instance() {
  if (!current || current.ended) {
    try {
      compiled ??= checked(new WebAssembly.Module(bytes()));
      const { imports, run } = prepared();
      current = run(new WebAssembly.Instance(compiled, imports));
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
    const module =
      source instanceof WebAssembly.Module ? source : await WebAssembly.compile(source ?? bytes());
    compiled = checked(module);
    const { imports, run } = prepared();
    const instance = await WebAssembly.instantiate(compiled, imports);
    current ??= run(instance);
  } catch (cause) {
    throw unavailable(cause);
  }
}

/** Whether one instance serves requests that must not wait for each other. */
let separate = false;

/** For workerd, which compiles a module beforehand: taken at first use. @param {WebAssembly.Module} module */
export function startFrom(module) {
  compiled = module;
  separate = true;
}

/** A stranger's module would start, and stay. @param {WebAssembly.Module} module */
function checked(module) {
  if (!WebAssembly.Module.exports(module).some(({ name }) => name === "checkPermissions"))
    throw new TypeError("the source given to init is not the module of civitai-permissions");
  return module;
}

/** @returns {{ imports: WebAssembly.Imports, run: (raw: WebAssembly.Instance) => Instance }} */
function prepared() {
  const { core, imports, start } = makeCore();
  /** @type {Instance} */
  const instance = { core, waiting: new Set() };
  const run = (/** @type {WebAssembly.Instance} */ raw) => {
    start(guarded(raw.exports, instance));
    if (separate) core.separateCalls();
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
  const why = isFull(/** @type {WebAssembly.Memory} */ (exports.memory)) ? "out of memory" : "it trapped";
  instance.ended = new PermissionsError(
    `the WebAssembly of civitai-permissions had to end: ${why}. The calls under way have no answer; the next one starts anew`,
    { code: "WASM_UNAVAILABLE", cause },
  );
  for (const reject of instance.waiting) reject(instance.ended);
  instance.waiting.clear();
}

/** @param {WebAssembly.Memory} memory */
function isFull(memory) {
  try {
    memory.grow(1);
    return false;
  } catch {
    return true;
  }
}

/**
 * A promise of the wasm, rejected as well when its instance ends.
 * @template T
 * @param {Instance} instance
 * @param {(core: Core) => Promise<T>} call
 * @returns {Promise<T>}
 */
export function settled(instance, call) {
  return new Promise((resolve, reject) => {
    const { waiting } = instance;
    const leave = () => waiting.delete(reject);
    waiting.add(reject);
    try {
      call(instance.core).then(
        (value) => {
          leave();
          resolve(value);
        },
        (reason) => {
          leave();
          reject(reason);
        },
      );
    } catch (thrown) {
      leave();
      reject(thrown);
    }
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
