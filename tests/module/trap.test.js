// After a trap nothing in an instance of the wasm can be relied on: its calls are rejected, the next one starts anew.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { checkPermissions, PermissionChecker } from "civitai-permissions";
import { failureOf, recordingFetch, span } from "./support.js";

const { Instance } = WebAssembly;
/** What ran so far: its memory, and what fails from now on. @type {{ memory: WebAssembly.Memory, broken: boolean }[]} */
const started = [];

/** Instances whose callbacks can be made to trap. */
class Breakable {
  /** @param {WebAssembly.Module} module @param {WebAssembly.Imports} imports */
  constructor(module, imports) {
    const { exports } = new Instance(module, imports);
    const run = { memory: /** @type {WebAssembly.Memory} */ (exports.memory), broken: false };
    started.push(run);
    const guards = Object.entries(exports).map(([name, value]) => {
      if (typeof value !== "function" || !name.includes("invoke")) return [name, value];
      const call = (/** @type {unknown[]} */ ...given) => {
        if (run.broken) throw new WebAssembly.RuntimeError("unreachable");
        return value(...given);
      };
      return [name, call];
    });
    this.exports = Object.fromEntries(guards);
  }
}
WebAssembly.Instance = /** @type {any} */ (Breakable);
after(() => {
  WebAssembly.Instance = Instance;
});

/** @param {Promise<unknown>} call */
async function endedBy(call) {
  const error = await failureOf(call);
  assert.equal(error.code, "WASM_UNAVAILABLE");
  return error;
}

test("a trap in a callback rejects every call under way, of every checker, and the next ones work", async () => {
  const silent = () => /** @type {Promise<never>} */ (new Promise(() => {}));
  const [one, other] = [new PermissionChecker({ fetch: silent }), new PermissionChecker({ fetch: silent })];
  const stream = other.stream([4]);
  const waiting = [one.check([1]), one.explain([2]), other.versions([3]), stream.next()];
  waiting.push(checkPermissions([5], { fetch: silent, timeout: 20 }));
  const run = started.at(-1);
  assert.ok(run);
  run.broken = true;
  for (const call of waiting) {
    const error = await endedBy(call);
    assert.match(error.message, /it trapped/);
    assert.ok(error.cause instanceof WebAssembly.RuntimeError);
  }
  assert.deepEqual(await stream.next(), { done: true, value: undefined });

  const { fetch } = recordingFetch();
  assert.deepEqual(await checkPermissions([2], { fetch }), { 2: true });
  const again = new PermissionChecker({ fetch });
  assert.deepEqual(await again.check([3]), { 3: false });
  const last = started.at(-1);
  assert.ok(last && last !== run);
  last.broken = true;
  await endedBy(again.check([4]));
  assert.deepEqual(await again.check([4]), { 4: true }, "the same checker, on a fresh instance");
});

test("memory that runs out is named, and the next call works", async () => {
  const { fetch } = recordingFetch();
  await checkPermissions([2], { fetch });
  const memory = /** @type {WebAssembly.Memory} */ (started.at(-1)?.memory);
  const most = 65_536;
  memory.grow(most - memory.buffer.byteLength / 65_536);
  const silent = () => /** @type {Promise<never>} */ (new Promise(() => {}));
  const checker = new PermissionChecker({ fetch: silent });
  const stops = new AbortController();
  const before = started.length;
  const calls = [];
  while (started.length === before) {
    const call = checker.check(span(1, 100_000), { signal: stops.signal });
    call.catch(() => {});
    calls.push(call);
  }
  // The one that began the fresh instance.
  stops.abort("enough");
  const last = calls.pop();
  for (const call of calls) assert.match((await endedBy(call)).message, /out of memory/);
  await assert.rejects(last ?? Promise.resolve(), (reason) => reason === "enough");
  assert.deepEqual(await checkPermissions([2], { fetch }), { 2: true });
});
