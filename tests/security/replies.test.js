// Replies that are meant to do harm. Each id gets its right verdict or none, nothing is thrown that is not a
// PermissionsError, nothing outlives the timeout, and no prototype changes. SECURITY.md lists these tests.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { checkPermissions, PermissionChecker } from "civitai-permissions";
import { failureOf, rudeServer } from "../module/support.js";

const IDS = [2402203, 2514310];
const TRUE_VERDICTS = { 2402203: false, 2514310: true };
const true_ = JSON.stringify(TRUE_VERDICTS).slice(1, -1);

const builtins = [Object.prototype, Array.prototype, Function.prototype, Promise.prototype];
const before = builtins.map((one) => Object.getOwnPropertyNames(one));
afterEach(() => {
  assert.deepEqual(
    builtins.map((one) => Object.getOwnPropertyNames(one)),
    before,
    "no prototype has changed",
  );
});

/** Bodies around or in place of the right verdicts, and whether those still count. @type {[string, string | Buffer, boolean][]} */
const bodies = [
  [
    "keys called __proto__ and constructor",
    `{"__proto__":{"2402203":true},"constructor":{"prototype":{"x":1}},${true_}}`,
    true,
  ],
  ["__proto__ as the whole", `{"__proto__":{${true_}}}`, false],
  [
    "a million keys of nobody",
    `{${Array.from({ length: 1_000_000 }, (_, key) => `"k${key}":0`).join()},${true_}}`,
    false,
  ],
  [
    "200,000 keys of nobody",
    `{${Array.from({ length: 200_000 }, (_, key) => `"k${key}":0`).join()},${true_}}`,
    true,
  ],
  ["a value 100,000 levels deep", `{"x":${"[".repeat(100_000)}${"]".repeat(100_000)},${true_}}`, false],
  ["100,000 opening brackets", "[".repeat(100_000), false],
  ["a lone surrogate in a key", `{"\\ud800":true,${true_}}`, true],
  ["a lone surrogate in a value", `{"x":"\\udfff",${true_}}`, true],
  ["bytes that are no UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), false],
  ["UTF-16", Buffer.from(`{${true_}}`, "utf16le"), false],
  ["a NUL in the middle", `{"2402203":false,\0"2514310":true}`, false],
  ["a key of 4 MB", `{"${"9".repeat(4_000_000)}":true,${true_}}`, true],
  ["ids beyond 32 bits that wrap to ours", `{"4297369499":true,"4297481606":true}`, false],
  ["ids in other spellings", `{"2402203.0":true,"+2514310":true,"0x24aa6b":true," 2402203":true}`, false],
  ["verdicts as text", `{"2402203":"false","2514310":"true"}`, false],
  ["verdicts as numbers", `{"2402203":0,"2514310":1}`, false],
  ["verdicts in a list", `[false,true]`, false],
  ["two replies after one another", `{${true_}}{"2402203":true}`, false],
  ["a script", `<script>alert(1)</script>`, false],
];

for (const [name, body, counts] of bodies) {
  test(`reply: ${name}`, { timeout: 20_000 }, async (context) => {
    const baseUrl = await rudeServer(context, (_, response) => {
      response.setHeader("Content-Type", "application/json").end(body);
    });
    const options = { baseUrl, retries: 0, timeout: 5000, maxBatchSize: 2 };
    // What is right must stay right. What may be refused must not become a guess.
    const verdicts = await checkPermissions(IDS, options).catch((error) => {
      assert.equal(error.code, "INVALID_RESPONSE", error.message);
      assert.ok(!counts, error.message);
      return error.verdicts;
    });
    for (const [id, verdict] of Object.entries(verdicts))
      assert.equal(verdict, TRUE_VERDICTS[/** @type {2402203} */ (Number(id))], id);
    if (counts) assert.deepEqual({ ...verdicts }, TRUE_VERDICTS);
  });
}

test("reply: two verdicts on one id are no reason for another one's", async (context) => {
  const baseUrl = await rudeServer(context, (_, response) => {
    response.end(`{"2402203":true,"2402203":false,"2514310":true}`);
  });
  assert.deepEqual(
    await checkPermissions(IDS, { baseUrl }),
    TRUE_VERDICTS,
    "the last one counts, as in JSON.parse",
  );
});

test("reply: 200 MB are cut off, not read", async (context) => {
  let sent = 0;
  const chunk = Buffer.alloc(1 << 20, " ");
  const baseUrl = await rudeServer(context, (_, response) => {
    const write = () => {
      while (sent < 200 && !response.destroyed) {
        sent++;
        if (!response.write(chunk)) return void response.once("drain", write);
      }
      response.end();
    };
    write();
  });
  const error = await failureOf(checkPermissions([1], { baseUrl, retries: 0 }));
  assert.equal(error.code, "INVALID_RESPONSE");
  assert.ok(sent < 60, `${sent} MB were taken`);
});

test("reply: a slow drip ends with the timeout", async (context) => {
  const baseUrl = await rudeServer(context, (_, response) => {
    response.writeHead(200);
    const drip = setInterval(() => response.write(" "), 20);
    response.on("close", () => clearInterval(drip));
  });
  const started = performance.now();
  const error = await failureOf(checkPermissions([1], { baseUrl, retries: 0, timeout: 300 }));
  assert.equal(error.code, "TIMEOUT");
  assert.ok(performance.now() - started < 3000);
});

test("redirect: without end, it is no answer", async (context) => {
  const baseUrl = await rudeServer(context, (request, response) => {
    response.writeHead(302, { Location: request.url }).end();
  });
  assert.equal((await failureOf(checkPermissions([1], { baseUrl, retries: 0 }))).code, "NETWORK");
});

test("redirect: one that carries a user's number is not followed", async (context) => {
  /** @type {string[]} */
  const elsewhere = [];
  const other = await rudeServer(context, (request, response) => {
    elsewhere.push(request.url ?? "");
    response.end(`{${true_}}`);
  });
  const baseUrl = await rudeServer(context, (request, response) => {
    if (request.url?.includes("userId="))
      return void response.writeHead(302, { Location: `${other}${request.url}` }).end();
    response.end(`{"2402203":false,"2514310":false}`);
  });
  const error = await failureOf(checkPermissions(IDS, { baseUrl, userId: 12345, retries: 0 }));
  assert.deepEqual(elsewhere, [], "nothing went to the other host");
  assert.deepEqual(error.verdicts, {}, "anonymous denials are no answer for a user");
});

test("names: markup and bidirectional marks come back as data, cut to a bounded length", async (context) => {
  const name = `<img src=x onerror=alert(1)>\u202e${"x".repeat(300_000)}`;
  const baseUrl = await rudeServer(context, (request, response) => {
    const path = request.url ?? "";
    if (path.includes("permissions/check")) return void response.end(`{"900201":false}`);
    const version = {
      id: 900201,
      name,
      availability: "Public",
      paidAccess: { endsAt: null, permanent: true },
    };
    if (path.includes("/mini/"))
      return void response.end(
        JSON.stringify({
          ...version,
          versionName: name,
          modelName: name,
          canGenerate: true,
          checkPermission: true,
        }),
      );
    response.end(JSON.stringify({ items: [{ id: 900200, name, modelVersions: [version] }], metadata: {} }));
  });
  const checker = new PermissionChecker({ baseUrl, retries: 0 });
  const [explanation] = await checker.explain([900201]);
  assert.equal(explanation?.state, "denied");
  for (const text of [explanation?.modelName, explanation?.versionName]) {
    assert.ok((text?.length ?? 0) < 2000, `${text?.length} characters`);
    assert.ok(text === null || text === undefined || name.startsWith(text.replace(/…$/, "")));
  }
});

test("a hostile reply harms no later one", { timeout: 60_000 }, async (context) => {
  const queue = bodies.map(([, body]) => body);
  const baseUrl = await rudeServer(context, (_, response) => void response.end(queue.pop() ?? `{${true_}}`));
  const checker = new PermissionChecker({ baseUrl, retries: 0, timeout: 5000, maxBatchSize: 2 });
  while (queue.length > 0) {
    const verdicts = await checker.check(IDS, { fresh: true }).catch(({ verdicts }) => verdicts);
    for (const [id, verdict] of Object.entries(verdicts))
      assert.equal(verdict, TRUE_VERDICTS[/** @type {2402203} */ (Number(id))]);
    await sleep(0);
  }
  assert.deepEqual(await checker.check(IDS, { fresh: true }), TRUE_VERDICTS);
});
