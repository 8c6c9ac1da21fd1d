// What a caller, or somebody who writes into a caller's values, could try: addresses, a fetch, prototypes.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { checkPermissions, PermissionChecker, parseEntityId } from "civitai-permissions";
import { failureOf, recordingFetch } from "../module/support.js";

const before = Object.getOwnPropertyNames(Object.prototype);
afterEach(() => assert.deepEqual(Object.getOwnPropertyNames(Object.prototype), before));

for (const baseUrl of [
  "javascript:alert(1)",
  "data:text/plain,x",
  "file:///etc/passwd",
  "blob:https://civitai.com/1",
  "ws://civitai.com",
  "//civitai.com",
  "https://user:hunter2@civitai.com",
  "https://civitai.com@elsewhere.test@",
  "https://civitai.com/?next=https://elsewhere.test",
  "https://civitai.com/#fragment",
  "https://civitai.com\\@elsewhere.test",
  "https://civitai.com/\r\nHost: elsewhere.test",
  "https://",
  " ",
]) {
  test(`baseUrl ${JSON.stringify(baseUrl)} is refused before any request`, async () => {
    const { fetch, calls } = recordingFetch();
    const error = await failureOf(() => checkPermissions([1], { baseUrl, fetch }));
    assert.equal(error.code, "INVALID_ARGUMENT");
    assert.doesNotMatch(error.message, /hunter2|next=|#fragment/);
    assert.deepEqual(calls, []);
  });
}

test("a fetch that changes what it is given changes nothing of ours", async () => {
  const seen = [];
  /** @type {any} */
  const fetch = async (/** @type {string} */ url, /** @type {any} */ init) => {
    seen.push(url);
    for (const key of Object.keys(init)) delete init[key];
    init.headers = { Authorization: "Bearer x" };
    const ids = new URL(url).searchParams.get("entityIds")?.split(",") ?? [];
    return Response.json(Object.fromEntries(ids.map((id) => [id, true])));
  };
  const checker = new PermissionChecker({ fetch });
  assert.deepEqual(await checker.check([1]), { 1: true });
  assert.deepEqual(await checker.check([2]), { 2: true });
  assert.equal(seen.length, 2);
});

/** Replies of a fetch that is not one. @type {[string, () => unknown][]} */
const replies = [
  [
    "a proxy that throws at everything",
    () =>
      new Proxy(
        {},
        {
          get: () => {
            throw new Error("trap");
          },
          has: () => {
            throw new Error("trap");
          },
        },
      ),
  ],
  [
    "an object with a prototype of getters",
    () =>
      Object.create({
        get status() {
          throw new Error("status");
        },
        ok: true,
      }),
  ],
  ["__proto__ in its JSON", () => Response.json(JSON.parse('{"__proto__":{"1":true}}'))],
  [
    "a body that is a promise for ever",
    () => ({
      status: 200,
      ok: true,
      headers: new Headers(),
      body: null,
      arrayBuffer: () => new Promise(() => {}),
      text: () => new Promise(() => {}),
    }),
  ],
  ["null", () => null],
  ["a function", () => () => {}],
];
for (const [name, reply] of replies) {
  test(`fetch gives ${name}: no verdict, no exception of another kind`, { timeout: 10_000 }, async () => {
    const error = await failureOf(
      checkPermissions([1], { fetch: /** @type {any} */ (async () => reply()), retries: 0, timeout: 300 }),
    );
    assert.deepEqual(error.verdicts, {});
    assert.deepEqual(error.unknown, [1]);
  });
}

test("prototype pollution: neither options nor ids nor a snapshot reach a prototype", async () => {
  const { fetch } = recordingFetch();
  const options = JSON.parse('{"__proto__":{"polluted":1}}');
  await checkPermissions([2], { ...options, fetch }).catch(() => {});
  await failureOf(() => checkPermissions(/** @type {any} */ (["__proto__", "constructor"]), { fetch }));
  const checker = new PermissionChecker({ fetch });
  for (const snapshot of ['{"__proto__":{"polluted":1}}', "__proto__", "constructor", '{"constructor":1}'])
    checker.restore(snapshot);
  assert.equal(/** @type {any} */ ({}).polluted, undefined);
});

test("prototype pollution: verdicts are read as own keys, whatever a prototype has", async () => {
  const { fetch } = recordingFetch(() => Response.json({ 2: true }));
  try {
    Object.defineProperty(Object.prototype, "4", { value: true, configurable: true, enumerable: true });
    const error = await failureOf(checkPermissions([2, 4], { fetch, retries: 0 }));
    assert.deepEqual([...error.unknown], [4]);
    assert.ok(!Object.hasOwn(error.verdicts, 4));
  } finally {
    delete (/** @type {any} */ (Object.prototype)[4]);
  }
});

test("a value that throws at every touch ends no call of others", async () => {
  const { fetch } = recordingFetch(() => new Promise(() => {}));
  const underWay = new PermissionChecker({ fetch }).check([1], { signal: AbortSignal.timeout(1000) });
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  /** @type {any} */
  const revoked = proxy;
  const own = recordingFetch();
  for (const call of [
    () => parseEntityId(revoked),
    () => checkPermissions([revoked], { fetch: own.fetch }),
    () => checkPermissions([1], revoked),
    () => checkPermissions([1], { fetch: own.fetch, userId: revoked }),
    () => checkPermissions([1], { fetch: own.fetch, maxAge: revoked }),
    () => new PermissionChecker({ maxAge: revoked }),
  ])
    await assert.rejects(
      async () => call(),
      ({ code }) => code === undefined || code === "INVALID_ARGUMENT",
    );
  const trap = new Error("mine");
  const throwing = new Proxy(
    { fetch: own.fetch },
    {
      getPrototypeOf: () => {
        throw trap;
      },
    },
  );
  await assert.rejects(checkPermissions([1], throwing), trap);
  assert.deepEqual(own.calls, []);
  await assert.rejects(underWay, { name: "TimeoutError" });
});

test("options that are no options are named, also where a checker judges them by itself", async () => {
  for (const options of [
    null,
    { baseUrl: null },
    { baseUrl: Symbol("x") },
    { baseUrl: Object.create(null) },
    { baseUrl: { href: 5 } },
  ]) {
    const error = await failureOf(() => new PermissionChecker(/** @type {any} */ (options)));
    assert.equal(error.code, "INVALID_ARGUMENT");
  }
});
