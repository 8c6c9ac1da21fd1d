// The server's entry: a token goes into one header, over https, and is never seen again.

import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { inspect } from "node:util";
import { isPermissionsError } from "civitai-permissions";
import { currentUser } from "civitai-permissions/server";
import { startStandIn } from "../helpers/stand-in.js";
import { failureOf, rudeServer } from "./support.js";

const token = "s3cret-of-12345";

/** Fails if a secret can be found anywhere in an error. @param {unknown} error */
function holdsNoToken(error) {
  const text = inspect(error, { depth: 20, showHidden: true }) + String(/** @type {any} */ (error).stack);
  assert.ok(!text.includes(token), text);
}

test("a token becomes a user, by the one header", async () => {
  const standIn = await startStandIn();
  const { baseUrl, log } = standIn.session("me");
  assert.deepEqual(await currentUser({ token: "token-of-12345", baseUrl }), {
    id: 12345,
    username: "first_buyer",
  });
  const [request] = await log();
  assert.deepEqual([request?.target, request?.authorization], ["/api/v1/me", true]);
  const error = await failureOf(currentUser({ token, baseUrl }));
  assert.deepEqual([error.code, error.status], ["UNAUTHORIZED", 401]);
  holdsNoToken(error);
  standIn.close();
});

test("a redirect is not followed", async (context) => {
  /** @type {(string | undefined)[]} */
  const seen = [];
  const elsewhere = await rudeServer(context, (request, reply) => {
    seen.push(request.headers.authorization);
    reply.end('{"id":1,"username":"x"}');
  });
  for (const status of [301, 302, 307, 308]) {
    const baseUrl = await rudeServer(context, (_, reply) =>
      reply.writeHead(status, { Location: elsewhere }).end(),
    );
    const error = await failureOf(currentUser({ token, baseUrl }));
    assert.equal(error.code, "HTTP");
    holdsNoToken(error);
  }
  assert.deepEqual(seen, []);
});

for (const [name, status, headers, body, code, retryAfter] of /** @type {const} */ ([
  ["429", 429, { "Retry-After": "2" }, "", "RATE_LIMITED", 2000],
  ["451", 451, {}, "", "REGION_BLOCKED", undefined],
  ["500", 500, {}, "", "HTTP", undefined],
  ["HTML", 200, {}, "<html>", "INVALID_RESPONSE", undefined],
  ["null", 200, {}, "null", "INVALID_RESPONSE", undefined],
  ["no username", 200, {}, '{"id":5}', "INVALID_RESPONSE", undefined],
  ["an id of text", 200, {}, '{"id":"5","username":"x"}', "INVALID_RESPONSE", undefined],
  ["a negative id", 200, {}, '{"id":-5,"username":"x"}', "INVALID_RESPONSE", undefined],
  ["id 0", 200, {}, '{"id":0,"username":"x"}', "INVALID_RESPONSE", undefined],
  ["half an id", 200, {}, '{"id":5.5,"username":"x"}', "INVALID_RESPONSE", undefined],
  ["an id beyond all ids", 200, {}, '{"id":2147483648,"username":"x"}', "INVALID_RESPONSE", undefined],
  ["2 MB", 200, {}, `{"id":5,"username":"${"x".repeat(2e6)}"}`, "INVALID_RESPONSE", undefined],
])) {
  test(`the server answers ${name}`, async (context) => {
    const baseUrl = await rudeServer(context, (_, reply) => reply.writeHead(status, headers).end(body));
    const error = await failureOf(currentUser({ token, baseUrl }));
    assert.deepEqual([error.code, error.retryAfter], [code, retryAfter]);
    holdsNoToken(error);
  });
}

test("no answer: NETWORK, TIMEOUT, or the signal's reason", async (context) => {
  const cut = await rudeServer(context, (request) => request.socket.destroy());
  const network = await failureOf(currentUser({ token, baseUrl: cut }));
  assert.equal(network.code, "NETWORK");
  holdsNoToken(network);
  const silent = await rudeServer(context, () => {});
  const late = await failureOf(currentUser({ token, baseUrl: silent, timeout: 50 }));
  assert.equal(late.code, "TIMEOUT");
  holdsNoToken(late);
  const controller = new AbortController();
  setTimeout(() => controller.abort("why"), 30);
  const aborted = currentUser({ token, baseUrl: silent, signal: controller.signal });
  await assert.rejects(aborted, (error) => error === "why");
  const before = currentUser({ token, baseUrl: silent, signal: AbortSignal.abort("early") });
  await assert.rejects(before, (error) => error === "early");
});

test("the timeout holds for the body too, and whatever `fetch` is", async (context) => {
  const halting = await rudeServer(context, (_, reply) => {
    reply.writeHead(200).write('{"id":');
  });
  assert.equal((await failureOf(currentUser({ token, baseUrl: halting, timeout: 50 }))).code, "TIMEOUT");
  for (const mock of [
    () => new Promise(() => {}),
    async () => ({ status: 200, body: new ReadableStream() }),
    async () => ({
      status: 200,
      body: { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) },
    }),
  ]) {
    context.mock.method(globalThis, "fetch", mock);
    const error = await failureOf(currentUser({ token, timeout: 50 }));
    assert.equal(error.code, "TIMEOUT");
    const controller = new AbortController();
    setTimeout(() => controller.abort("why"), 20);
    const aborted = currentUser({ token, signal: controller.signal });
    await assert.rejects(aborted, (error) => error === "why");
    context.mock.restoreAll();
  }
});

test("a status is an answer, also of a mock that has little else", async (context) => {
  const locked = new Response("x", { status: 401 });
  locked.body?.getReader();
  for (const [reply, code] of /** @type {const} */ ([
    [{ status: 401 }, "UNAUTHORIZED"],
    [{ status: 429 }, "RATE_LIMITED"],
    [{ status: 503, headers: undefined }, "HTTP"],
    [{ status: 401, headers: {} }, "UNAUTHORIZED"],
    [{ status: 401, body: {} }, "UNAUTHORIZED"],
    [locked, "UNAUTHORIZED"],
  ])) {
    context.mock.method(globalThis, "fetch", async () => reply);
    const error = await failureOf(currentUser({ token }));
    assert.deepEqual([error.code, error.status], [code, reply.status]);
    context.mock.restoreAll();
  }
});

test("a body of empty parts ends, also where each is there at once", async (context) => {
  let parts = 0;
  async function* empty() {
    for (; parts < 1_000_000; parts++) yield new Uint8Array();
  }
  context.mock.method(globalThis, "fetch", async () => ({ status: 200, body: empty() }));
  assert.equal((await failureOf(currentUser({ token }))).code, "INVALID_RESPONSE");
  assert.ok(parts < 100_000, `${parts}`);
});

test("a signal that cannot be listened to leaves nothing that ends the process", async (context) => {
  context.mock.method(globalThis, "fetch", () => new Promise(() => {}));
  const signal = new AbortController().signal;
  const mine = new Error("mine");
  signal.addEventListener = () => {
    throw mine;
  };
  await assert.rejects(currentUser({ token, signal, timeout: 1 }), mine);
  // A rejection that nobody handles fails this test.
  await new Promise((later) => setTimeout(later, 50));
});

test("a signal that lives long holds nothing of the calls that it was given to", async (context) => {
  const { signal } = new AbortController();
  for (const status of [200, 500]) {
    context.mock.method(globalThis, "fetch", async () => new Response('{"id":1,"username":"x"}', { status }));
    for (let nth = 0; nth < 50; nth++) await currentUser({ token, signal, timeout: 300 }).catch(() => {});
    context.mock.restoreAll();
  }
  assert.equal(getEventListeners(signal, "abort").length, 0);
  // Where Node keeps what `AbortSignal.any` made of it.
  const own = Object.getOwnPropertySymbols(signal).find(({ description }) =>
    /dependant/i.test(`${description}`),
  );
  const dependants = own ? /** @type {any} */ (signal)[own] : null;
  assert.equal(dependants?.size ?? 0, 0);
});

test("bad arguments are named, without the token", async () => {
  for (const [options, message] of /** @type {[any, RegExp][]} */ ([
    [undefined, /expects \{ token \}/],
    [token, /expects \{ token \}/],
    [{}, /^token: /],
    [{ token: "" }, /^token: /],
    [{ token: `Bearer ${token}` }, /^token: .*Bearer/],
    [{ token: `${token}\r\nX: y` }, /^token: /],
    [{ token, tokn: 1 }, /no option "tokn"/],
    [{ [token]: 1 }, /^there is no such option; there are token, /],
    [{ token, [`Bearer ${token}`]: 1 }, /^there is no such option; /],
    [{ token, timeout: 0 }, /^timeout: /],
    [{ token, signal: {} }, /^signal: /],
    [{ token, signal: { aborted: false, addEventListener() {} } }, /^signal: /],
    [{ token, baseUrl: Object.create(null) }, /^baseUrl: /],
    [{ token, baseUrl: "http://civitai.com" }, /^baseUrl: .*https only/],
    [{ token, baseUrl: "http://127.0.0.1.evil.example" }, /^baseUrl: .*https only/],
    [{ token, baseUrl: `https://${token}@civitai.com` }, /^baseUrl: /],
    [{ token, baseUrl: `https://civitai.com/?token=${token}` }, /^baseUrl: /],
    [{ token, baseUrl: "civitai.com" }, /^baseUrl: /],
  ])) {
    const error = await failureOf(currentUser(options));
    assert.equal(error.code, "INVALID_ARGUMENT");
    assert.match(error.message, message);
    assert.ok(isPermissionsError(error));
    holdsNoToken(error);
  }
});

test("a browser build that imports it says why not", async () => {
  await assert.rejects(import("../../src/js/server-in-browser.js"), /is for servers: it sends an API token/);
});
