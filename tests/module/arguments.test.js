// Whatever is handed in: rejected before any request, with a message that names it, and without harm.

import assert from "node:assert/strict";
import { test } from "node:test";
import { checkPermissions, PermissionChecker, parseEntityId } from "civitai-permissions";
import { failureOf, recordingFetch } from "./support.js";

/** @type {any} */
const check = checkPermissions;

/** @type {[unknown, RegExp][]} */
const badIds = [
  ["abc", /entityIds\[2\] is "abc": expected a model version id/],
  [1.5, /entityIds\[2\] is 1\.5: .*without sign.*fraction/],
  [-1, /entityIds\[2\] is -1: .*between 1 and 2147483647/],
  [-0, /entityIds\[2\] is 0: .*between 1/],
  [0, /entityIds\[2\] is 0: .*between 1/],
  [2147483648, /entityIds\[2\] is 2147483648: .*between 1/],
  [1e300, /entityIds\[2\] is 1e\+300: .*between 1/],
  [Number.NaN, /entityIds\[2\] is NaN: /],
  [Number.POSITIVE_INFINITY, /entityIds\[2\] is Infinity: /],
  [null, /entityIds\[2\] is null: /],
  [undefined, /entityIds\[2\] is undefined: /],
  [{}, /entityIds\[2\] is an object: /],
  [Object.create(null), /entityIds\[2\] is an object: /],
  [[5], /entityIds\[2\] is an array: /],
  [true, /entityIds\[2\] is true: /],
  [() => 5, /entityIds\[2\] is a function: /],
  [Symbol("five"), /entityIds\[2\] is Symbol\(five\): /],
  [-5n, /entityIds\[2\] is -5n: .*between 1/],
  [10n ** 40n, /entityIds\[2\] is 10000+…n: .*between 1/],
  ["", /entityIds\[2\] is "": .*empty/],
  ["007", /entityIds\[2\] is "007": .*leading zero/],
  ["a\nb", /entityIds\[2\] is "a\\nb": /],
  ["x".repeat(1000), /entityIds\[2\] is "x{80}…": /],
  ["https://civitai.com/models/827184", /entityIds\[2\] .*names a model.*modelVersionId/],
  ["https://example.com/models/1?modelVersionId=2", /entityIds\[2\] .*only links to civitai\.com/],
  ["urn:air:sdxl:lora:huggingface:1@2", /entityIds\[2\] .*only an AIR whose source is civitai/],
];

/** @type {[unknown, RegExp][]} */
const badLists = [
  ["2514311", /entityIds is "2514311": expected a list/],
  [new String("2514311"), /entityIds is an object: expected a list/],
  [5, /entityIds is 5: expected a list/],
  [5n, /entityIds is 5n: expected a list/],
  [null, /entityIds is null: expected a list/],
  [undefined, /entityIds is undefined: expected a list/],
  [{}, /entityIds is an object: expected a list/],
  [() => [5], /entityIds is a function: expected a list/],
  [Symbol.iterator, /entityIds is Symbol\(Symbol\.iterator\): expected a list/],
];

/** @type {[unknown, RegExp][]} */
const badOptions = [
  [5, /options is 5: expected an object/],
  [null, /options is null: expected an object/],
  [[], /options is an array: expected an object/],
  ["x", /options is "x": expected an object/],
  [{ entityType: "Model" }, /entityType is "Model": .*"ModelVersion"/],
  [{ permission: "generate" }, /permission is "generate": .*"Generate"/],
  [{ userId: -5 }, /userId is -5: .*between 1 and 2147483647/],
  [{ userId: "abc" }, /userId is "abc": /],
  [{ userId: 0 }, /userId is 0: /],
  [{ userId: 1.5 }, /userId is 1\.5: /],
  [{ usrId: 1 }, /no option "usrId"; there are userId, signal/],
  [{ colour: 1 }, /no option "colour"; there are userId, signal/],
  [{ token: "x" }, /option "token" is refused: .*no token.*civitai-permissions\/server/],
  [{ api_key: "x" }, /option "api_key" is refused/],
  [{ Authorization: "x" }, /option "Authorization" is refused/],
  [{ headers: {} }, /option "headers" is refused/],
  [{ "X-Api-Key": "x" }, /option "X-Api-Key" is refused: .*takes no token/],
  [{ civitaiToken: "x" }, /option "civitaiToken" is refused: .*takes no token/],
  [{ userToken: "x" }, /option "userToken" is refused: .*takes no token/],
  [{ clientSecret: "x" }, /option "clientSecret" is refused: .*takes no token/],
  [{ PASSWORD: "x" }, /option "PASSWORD" is refused: .*takes no token/],
  [{ "Bearer s3cret": 1 }, /^the option of that name is refused: (?!.*s3cret)/],
  [{ "0123456789abcdef": 1 }, /^there is no option of that name; there are userId, (?!.*0123)/],
  [{ baseUrl: "ftp://x" }, /baseUrl is "ftp:\/\/x": .*http:\/\/ or https:\/\//],
  [{ baseUrl: "https://me:secret@civitai.com" }, /^baseUrl: (?!.*secret).*no user and no password/],
  [{ baseUrl: "htps://me:secret@civitai.com" }, /^baseUrl: (?!.*secret).*begins with http/],
  [{ baseUrl: "https://civitai.com/?token=secret" }, /^baseUrl: (?!.*secret).*no query/],
  [{ baseUrl: 5 }, /baseUrl is 5: /],
  [{ baseUrl: {} }, /baseUrl is an object: expected a URL, as text or as a URL object/],
  [{ baseUrl: "https://civitai.com/api/v1/" }, /baseUrl is "https.*v1": .*so give "https:\/\/civitai\.com"/],
  [{ timeout: Number.POSITIVE_INFINITY }, /timeout is Infinity: .*milliseconds.* 1 to 2147483647/],
  [{ timeout: 0 }, /timeout is 0: /],
  [{ timeout: "5" }, /timeout is "5": /],
  [{ retries: 11 }, /retries is 11: .*0 to 10/],
  [{ retries: -1 }, /retries is -1: /],
  [{ concurrency: 0 }, /concurrency is 0: .*1 to 16/],
  [{ concurrency: 17 }, /concurrency is 17: /],
  [{ maxBatchSize: 0 }, /maxBatchSize is 0: .*1 to 10000/],
  [{ maxBatchSize: 1e9 }, /maxBatchSize is 1000000000: /],
  [{ maxAge: -1 }, /maxAge is -1: /],
  [{ maxAge: Number.NaN }, /maxAge is NaN: /],
  [{ fetch: "fetch" }, /fetch is "fetch": expected a function/],
  [{ fresh: 1 }, /fresh is 1: expected true or false/],
  [{ bulk: true }, /bulk belongs to explain and versions/],
  [{ notOwned: 1 }, /notOwned is 1: expected true or false/],
  [{ signal: new AbortController() }, /signal is an object: expected an AbortSignal/],
  [{ signal: "x" }, /signal is "x": expected an AbortSignal/],
];

test("what a library put on Object.prototype is no option of ours", async () => {
  const { fetch, calls } = recordingFetch();
  const before = Object.getOwnPropertyNames(Object.prototype);
  try {
    Object.assign(Object.prototype, { userId: 5, baseUrl: "https://elsewhere.test", bulk: true });
    assert.equal((await checkPermissions([1], { fetch }))[1], false);
    assert.equal((await new PermissionChecker({ fetch }).check([1]))[1], false);
  } finally {
    const strange = Object.getOwnPropertyNames(Object.prototype).filter((name) => !before.includes(name));
    for (const name of strange) delete (/** @type {any} */ (Object.prototype)[name]);
  }
  const check = "https://civitai.com/api/v1/permissions/check?entityIds=1";
  assert.deepEqual(
    calls.map(({ url }) => url.href),
    [check, check],
  );
});

test("an inherited option belongs where an own one does", async () => {
  const { fetch, calls } = recordingFetch();
  const checker = new PermissionChecker(Object.create({ fetch }));
  const error = await failureOf(checker.check([1], Object.create({ bulk: false })));
  assert.match(error.message, /bulk belongs to explain and versions/);
  await checker.check([2]);
  assert.equal(calls.length, 1);
});

test("a symbol or an object is no model id", async () => {
  const checker = new PermissionChecker({ fetch: recordingFetch().fetch });
  for (const bad of [Symbol("x"), Object.create(null)]) {
    const error = await failureOf(checker.versions(/** @type {any} */ ([bad])));
    assert.equal(error.code, "INVALID_ARGUMENT");
  }
});

for (const [what, cases] of /** @type {const} */ ([
  ["ids", badIds],
  ["lists", badLists],
  ["options", badOptions],
])) {
  test(`bad ${what} are named, and no request is sent`, async () => {
    const { fetch, calls } = recordingFetch();
    for (const [bad, message] of cases) {
      const call = () => {
        if (what === "ids") return check([1, 2, bad], { fetch });
        if (what === "lists") return check(bad, { fetch });
        return check(
          [1],
          bad !== null && typeof bad === "object" && !Array.isArray(bad) ? { fetch, ...bad } : bad,
        );
      };
      const error = await failureOf(call());
      assert.match(error.message, message);
      assert.equal(error.code, "INVALID_ARGUMENT");
      assert.deepEqual([error.verdicts, error.unknown], [{}, []]);
    }
    assert.equal(calls.length, 0);
    assert.deepEqual(await check([2], { fetch }), { 2: true }, "the next call works");
  });
}

test("an id is read from everything that names one", () => {
  for (const name of [
    2514310,
    2514310n,
    "2514310",
    " 2514310 ",
    "urn:air:sdxl:lora:civitai:827184@2514310",
    "827184@2514310",
    "civitai.com/models/827184?modelVersionId=2514310",
    "/api/v1/model-versions/2514310",
    "https://civitai.com/models/827184/slug?modelVersionId=2514310&modelVersionId=1",
    "http://www.civitai.red/model-versions/2514310",
    "https://civitai.com/api/download/models/2514310",
    "/models/827184?modelVersionId=2514310",
  ]) {
    assert.equal(parseEntityId(name), 2514310, String(name));
  }
});

test("parseEntityId says what was wrong", async () => {
  for (const [bad] of badIds) {
    const error = await failureOf(() => parseEntityId(/** @type {any} */ (bad)));
    assert.match(error.message, /^entityId is /);
  }
});

test("an endless iterator is stopped and closed", async () => {
  let [given, closed] = [0, 0];
  const endless = {
    [Symbol.iterator]: () => ({
      next: () => ({ done: false, value: 1 + given++ }),
      return() {
        closed++;
        return {};
      },
    }),
  };
  const { fetch, calls } = recordingFetch();
  const error = await failureOf(check(endless, { fetch }));
  assert.match(error.message, /more than 100000 ids/);
  assert.deepEqual([given, closed, calls.length], [100_001, 1, 0]);
});

test("an iterator is closed when one of its values is bad", async () => {
  let closed = false;
  function* ids() {
    try {
      yield 1;
      yield "abc";
      yield 2;
    } finally {
      closed = true;
    }
  }
  assert.match((await failureOf(check(ids()))).message, /entityIds\[1\]/);
  assert.equal(closed, true);
});

test("what an iterator or a getter throws comes through unchanged", async () => {
  const thrown = { mine: true };
  const throwing = () => {
    throw thrown;
  };
  const lists = [
    { [Symbol.iterator]: throwing },
    { [Symbol.iterator]: () => ({ next: throwing }) },
    new Proxy([], { get: throwing }),
  ];
  for (const list of lists) await assert.rejects(check(list), (error) => error === thrown);
  const options = [
    Object.defineProperty({}, "userId", { enumerable: true, get: throwing }),
    new Proxy({}, { ownKeys: throwing }),
    {
      signal: {
        get aborted() {
          return throwing();
        },
      },
    },
  ];
  for (const option of options) await assert.rejects(check([1], option), (error) => error === thrown);
});

test("anything that iterates is a list", async () => {
  const { fetch } = recordingFetch();
  for (const list of [
    [2, "3"],
    new Set([2, 3]),
    new Map([
      [2, 0],
      [3, 0],
    ]).keys(),
    Uint32Array.of(3, 2),
  ]) {
    assert.deepEqual(await check(list, { fetch }), { 2: true, 3: false });
  }
});

test("the arguments are read at once", async () => {
  const { fetch, calls } = recordingFetch();
  const ids = [2];
  const answer = check(ids, { fetch });
  ids.push(4);
  assert.deepEqual(await answer, { 2: true });
  assert.equal(calls.length, 1);
});

test("options of a checker and of a call are kept apart", async () => {
  const wrong = await failureOf(() => new PermissionChecker(/** @type {any} */ ({ userId: 5 })));
  assert.match(wrong.message, /userId belongs to each call/);
  const checker = new PermissionChecker();
  const call = await failureOf(checker.check([1], /** @type {any} */ ({ baseUrl: "https://x" })));
  assert.match(call.message, /baseUrl belongs to the checker/);
});

test("a checker's options that are no object are named", async () => {
  for (const bad of [null, 5, "x", [], () => {}]) {
    const error = await failureOf(() => new PermissionChecker(/** @type {any} */ (bad)));
    assert.equal(error.code, "INVALID_ARGUMENT");
    assert.match(error.message, /^options is .*: expected an object/);
  }
});

test("undefined options are absent ones", async () => {
  const { fetch, calls } = recordingFetch();
  const none = {
    userId: undefined,
    signal: undefined,
    baseUrl: undefined,
    timeout: undefined,
    fresh: undefined,
  };
  assert.deepEqual(await check([2], { ...none, fetch, userId: null, signal: null }), { 2: true });
  assert.equal(calls[0]?.url.href, "https://civitai.com/api/v1/permissions/check?entityIds=2");
});

test("a base URL of slashes is read in no time", async () => {
  const from = performance.now();
  const error = await failureOf(
    checkPermissions([1], { baseUrl: `https://civitai.com${"/".repeat(200_000)}x` }),
  );
  assert.match(error.message, /at most 2,000 bytes/);
  assert.ok(performance.now() - from < 1000);
});
