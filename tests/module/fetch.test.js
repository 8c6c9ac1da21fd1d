// A fetch of one's own may be anything: mocks, other realms, bugs.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createContext, runInContext } from "node:vm";
import { checkPermissions } from "civitai-permissions";
import { failureOf } from "./support.js";

const body = '{"2":true}';
const bytes = new TextEncoder().encode(body);

/** A stream of these chunks. @param {unknown[]} chunks */
function streamOf(chunks) {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

/** @param {unknown} reply */
const answer = (reply) => /** @type {any} */ (async () => reply);

/** @type {[string, () => unknown][]} */
const good = [
  ["a plain object with text()", () => ({ status: 200, headers: new Headers(), text: async () => body })],
  ["text() that is no promise", () => ({ status: 200, text: () => body })],
  ["arrayBuffer() without headers", () => ({ status: 200, arrayBuffer: async () => bytes.buffer })],
  [
    "headers that throw",
    () => ({
      status: 200,
      headers: {
        get() {
          throw 5;
        },
      },
      text: () => body,
    }),
  ],
  [
    "a body in single bytes",
    () => ({ status: 200, body: streamOf([...bytes].map((byte) => Uint8Array.of(byte))) }),
  ],
  [
    "another realm's bytes",
    () => ({
      status: 200,
      body: streamOf([runInContext(`Uint8Array.from([${bytes}])`, createContext())]),
    }),
  ],
];

for (const [name, make] of good) {
  test(`works: ${name}`, async () => {
    assert.deepEqual(await checkPermissions([2], { fetch: answer(make()) }), { 2: true });
  });
}

test("works: a thenable", async () => {
  const fetch = /** @type {any} */ (
    // biome-ignore lint/suspicious/noThenProperty: what is tested
    () => ({ then: (/** @type {any} */ resolve) => resolve(new Response(body)) })
  );
  assert.deepEqual(await checkPermissions([2], { fetch }), { 2: true });
});

/** @type {[string, () => any, string, unknown?][]} */
const bad = [
  [
    "throws at once",
    () => {
      throw "early";
    },
    "NETWORK",
    "early",
  ],
  ["rejects with a string", () => Promise.reject("why"), "NETWORK", "why"],
  ["rejects with undefined", () => Promise.reject(), "NETWORK", undefined],
  ["rejects with a frozen object", () => Promise.reject(Object.freeze({})), "NETWORK"],
  ["gives undefined", () => undefined, "NETWORK"],
  ["gives null", () => null, "NETWORK"],
  ["gives a number", () => 200, "NETWORK"],
  ["gives an empty object", () => ({}), "NETWORK"],
  ["gives an opaque answer", () => Response.error(), "NETWORK"],
  ["gives a status of text", () => ({ status: "200", text: () => body }), "NETWORK"],
  ["gives a status that is NaN", () => ({ status: Number.NaN, text: () => body }), "NETWORK"],
  ["gives no body at all", () => ({ status: 200 }), "NETWORK"],
  ["gives a body of strings", () => ({ status: 200, body: streamOf(["x"]) }), "NETWORK"],
  ["gives a body of a huge number", () => ({ status: 200, body: streamOf([5e9]) }), "NETWORK"],
  [
    "gives a reader that throws",
    () => ({
      status: 200,
      body: {
        getReader() {
          throw "reader";
        },
      },
    }),
    "NETWORK",
    "reader",
  ],
  [
    "gives a reader of nonsense",
    () => ({ status: 200, body: { getReader: () => ({ read: () => 5 }) } }),
    "NETWORK",
  ],
  [
    "gives a locked body",
    () => {
      const reply = new Response(body);
      reply.body?.getReader();
      return reply;
    },
    "NETWORK",
  ],
  [
    "gives a getter that throws",
    () => ({
      get status() {
        throw "getter";
      },
    }),
    "NETWORK",
    "getter",
  ],
  [
    "gives text() that rejects",
    () => ({ status: 200, text: () => Promise.reject("text") }),
    "NETWORK",
    "text",
  ],
  ["gives text() that is no text", () => ({ status: 200, text: () => ({}) }), "INVALID_RESPONSE"],
  ["never settles", () => new Promise(() => {}), "TIMEOUT"],
  ["gives a body that never ends", () => ({ status: 200, body: new ReadableStream() }), "TIMEOUT"],
];

for (const [name, fetch, code, cause] of bad) {
  test(`fails well: ${name}`, async () => {
    const from = performance.now();
    const error = await failureOf(checkPermissions([2], { fetch, retries: 0, timeout: 50 }));
    assert.equal(error.code, code);
    assert.ok(performance.now() - from < 2000, "`timeout` holds");
    assert.deepEqual([error.verdicts, error.unknown], [{}, [2]]);
    if (cause !== undefined) assert.equal(error.cause, cause);
    assert.deepEqual(await checkPermissions([2], { fetch: answer(new Response(body)) }), { 2: true });
  });
}

/** `await` looks at the constructor of a promise, and not at a `then` that was put over its own. @type {[string, PropertyDescriptor & { key: "then" | "constructor" }, boolean][]} */
const oddPromises = [
  ["a constructor that throws", { key: "constructor", get: thrower }, false],
  ["a constructor of its own", { key: "constructor", value: class {} }, true],
  ["no constructor", { key: "constructor", value: undefined }, true],
  ["a then that cannot be read", { key: "then", get: thrower }, true],
  ["a then that throws", { key: "then", value: thrower }, true],
  ["a then that is none", { key: "then", value: 5 }, true],
  ["a then that never calls back", { key: "then", value: () => {} }, true],
  [
    "a then that calls back twice",
    { key: "then", value: (/** @type {any} */ take) => [take(new Response(body)), take(5)] },
    true,
  ],
];

function thrower() {
  throw new Error("odd");
}

for (const [nth, [name, { key, ...property }, works]] of oddPromises.entries()) {
  test(`a promise with ${name} harms nothing`, async () => {
    /** @param {unknown} value */
    const odd = (value) =>
      /** @type {Promise<any>} */ (Object.defineProperty(Promise.resolve(value), key, property));
    // A host for each, since three requests without a response pause it.
    const options = { retries: 0, timeout: 50, baseUrl: `https://odd-${nth}.test` };
    const call = checkPermissions([2], { fetch: () => odd(new Response(body)), ...options });
    if (works) assert.deepEqual(await call, { 2: true });
    else assert.ok((await failureOf(call)).code);
    for (const reply of [
      { status: 200, text: () => odd(body) },
      { status: 200, body: { getReader: () => ({ read: () => odd({ done: true }) }) } },
    ]) {
      await failureOf(checkPermissions([3], { fetch: answer(reply), ...options }));
    }
    assert.deepEqual(await checkPermissions([2], { fetch: answer(new Response(body)) }), { 2: true });
  });
}

test("an Error of a foreign realm keeps its identity as the cause", async () => {
  const thrown = runInContext("new TypeError('elsewhere')", createContext());
  const error = await failureOf(checkPermissions([2], { fetch: () => Promise.reject(thrown), retries: 0 }));
  assert.equal(error.cause, thrown);
});

test("a fetch that calls back in does no harm", async () => {
  const inner = /** @type {Promise<unknown>[]} */ ([]);
  const fetch = answer(undefined);
  const outer = /** @type {any} */ (
    async () => {
      inner.push(checkPermissions([4], { fetch: answer(new Response('{"4":false}')) }));
      await failureOf(checkPermissions([1], { fetch, retries: 0 }));
      return new Response(body);
    }
  );
  assert.deepEqual(await checkPermissions([2], { fetch: outer }), { 2: true });
  assert.deepEqual(await Promise.all(inner), [{ 4: false }]);
});

test("a body of anything but bytes is no answer, and harms nothing", async () => {
  const detached = new Uint8Array(8);
  structuredClone(detached.buffer, { transfer: [detached.buffer] });
  for (const chunk of [detached, new Uint16Array(4), new DataView(new ArrayBuffer(4)), 5e9, "text"]) {
    const body = () =>
      new ReadableStream({
        start(controller) {
          controller.enqueue(chunk);
          controller.close();
        },
      });
    const fetch = async () => /** @type {any} */ ({ status: 200, body: body() });
    const error = await failureOf(checkPermissions([1], { fetch, retries: 0 }));
    assert.equal(error.code, "NETWORK");
  }
  for (const whole of [detached.buffer, -1, 5e9, Symbol("x")]) {
    const fetch = async () => /** @type {any} */ ({ status: 200, arrayBuffer: async () => whole });
    await failureOf(checkPermissions([1], { fetch, retries: 0 }));
  }
});

test("a body of empty chunks without end is no answer", async () => {
  const fetch = answer({
    status: 200,
    body: { getReader: () => ({ read: async () => ({ value: new Uint8Array() }) }) },
  });
  const error = await failureOf(checkPermissions([1], { fetch, retries: 0, timeout: 50 }));
  assert.equal(error.code, "INVALID_RESPONSE");
});

/** A body that minds no signal, and tells when it is cancelled. */
function deafBody() {
  const state = {
    cancelled: false,
    body: new ReadableStream({
      cancel: () => {
        state.cancelled = true;
      },
    }),
  };
  return state;
}

test("a body that minds no signal is cancelled all the same", async () => {
  const late = deafBody();
  const error = await failureOf(
    checkPermissions([1], { fetch: answer({ status: 200, body: late.body }), retries: 0, timeout: 50 }),
  );
  assert.deepEqual([error.code, late.cancelled], ["TIMEOUT", true]);

  const left = deafBody();
  const controller = new AbortController();
  const call = checkPermissions([1], {
    fetch: answer({ status: 200, body: left.body }),
    signal: controller.signal,
  });
  setTimeout(() => controller.abort("left"), 20);
  await assert.rejects(call, (reason) => reason === "left");
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.ok(left.cancelled);

  const refused = deafBody();
  await failureOf(checkPermissions([1], { fetch: answer({ status: 404, body: refused.body }), retries: 0 }));
  assert.ok(refused.cancelled, "nobody reads what comes with a refusal");
});

test("an answer that comes after the abort is cancelled", async () => {
  const late = deafBody();
  const fetch = /** @type {any} */ (
    () => new Promise((resolve) => setTimeout(resolve, 60, { status: 200, body: late.body }))
  );
  assert.equal((await failureOf(checkPermissions([1], { fetch, retries: 0, timeout: 20 }))).code, "TIMEOUT");
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.ok(late.cancelled);
});

test("a body that cannot be cancelled harms nothing", async () => {
  const thrower = () => {
    throw new Error("cancel");
  };
  for (const cancel of [thrower, () => Promise.reject("cancel"), 5, undefined]) {
    const error = await failureOf(
      checkPermissions([1], { fetch: answer({ status: 404, body: { cancel } }), retries: 0 }),
    );
    assert.deepEqual([error.code, error.status], ["HTTP", 404]);
  }
});

test("the signal that a fetch gets is not aborted once it has answered", async () => {
  /** @type {AbortSignal[]} */
  const signals = [];
  const fetch = /** @type {any} */ (
    async (/** @type {string} */ _, /** @type {{ signal: AbortSignal }} */ { signal }) => {
      signals.push(signal);
      return new Response(body, { status: signals.length === 1 ? 200 : 404 });
    }
  );
  await checkPermissions([2], { fetch });
  await failureOf(checkPermissions([2], { fetch, retries: 0 }));
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.deepEqual(
    signals.map(({ aborted }) => aborted),
    [false, false],
  );
});

test("a header of two lines is no body", async () => {
  const headers = { get: () => '1\n{"1":true}' };
  const error = await failureOf(
    checkPermissions([1], { fetch: answer({ status: 200, headers, text: () => "" }), retries: 0 }),
  );
  assert.deepEqual([error.code, error.retryAfter, error.verdicts], ["INVALID_RESPONSE", 1000, {}]);
});

test("a pause that comes with a bad answer is reported", async () => {
  const headers = new Headers({ "Retry-After": "7" });
  const error = await failureOf(
    checkPermissions([1], { fetch: answer(new Response("<html>", { headers })), retries: 0 }),
  );
  assert.deepEqual([error.code, error.retryAfter], ["INVALID_RESPONSE", 7000]);
});
