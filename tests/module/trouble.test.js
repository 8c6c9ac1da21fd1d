// Whatever the server does: the right code, no verdict invented, and the next call works.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { after, before, test } from "node:test";
import { checkPermissions, PermissionChecker, PermissionsError } from "civitai-permissions";
import { startStandIn } from "../helpers/stand-in.js";
import { failureOf, rudeServer } from "./support.js";

/** @type {import("../helpers/stand-in.js").StandIn} */
let standIn;
before(async () => {
  standIn = await startStandIn();
});
after(() => standIn.close());

/** @type {{ name: string, fault: object, code: string, status?: number, retryAfter?: number, options?: object }[]} */
const troubles = [
  { name: "400 as documented", fault: { status: 400 }, code: "HTTP", status: 400 },
  {
    name: "400 with the other body",
    fault: { status: 400, body: { error: "Invalid permission" } },
    code: "HTTP",
    status: 400,
  },
  { name: "401", fault: { status: 401 }, code: "UNAUTHORIZED", status: 401 },
  { name: "403", fault: { status: 403 }, code: "HTTP", status: 403 },
  { name: "404", fault: { status: 404 }, code: "HTTP", status: 404 },
  {
    name: "429 with Retry-After",
    fault: { status: 429, headers: { "Retry-After": "120" } },
    code: "RATE_LIMITED",
    status: 429,
    retryAfter: 120_000,
  },
  { name: "451", fault: { status: 451 }, code: "REGION_BLOCKED", status: 451 },
  { name: "500", fault: { status: 500 }, code: "HTTP", status: 500 },
  { name: "503", fault: { status: 503 }, code: "HTTP", status: 503 },
  {
    name: "503 with Retry-After",
    fault: { status: 503, headers: { "Retry-After": "90" } },
    code: "RATE_LIMITED",
    status: 503,
    retryAfter: 90_000,
  },
  { name: "HTML with status 200", fault: { html: true }, code: "INVALID_RESPONSE" },
  { name: "truncated JSON", fault: { truncate: 12 }, code: "INVALID_RESPONSE", status: 200 },
  {
    name: "verdicts that are no booleans",
    fault: { set: { 2402203: "yes", 2514310: 1 } },
    code: "INVALID_RESPONSE",
    status: 200,
  },
  { name: "a cut connection", fault: { cut: "before" }, code: "NETWORK" },
  { name: "a body cut in the middle", fault: { cut: "middle" }, code: "NETWORK" },
  { name: "no answer at all", fault: { hang: true }, code: "TIMEOUT", options: { timeout: 100 } },
  { name: "a body that drips", fault: { bytesPerSecond: 5 }, code: "TIMEOUT", options: { timeout: 200 } },
  { name: "a body of 200 MB", fault: { oversizeBytes: 200_000_000 }, code: "INVALID_RESPONSE" },
];

for (const { name, fault, code, status, retryAfter, options } of troubles) {
  test(name, async () => {
    // A gate that was closed is the host's, so that takes a host of its own.
    const host = code === "RATE_LIMITED" ? await startStandIn() : standIn;
    const { baseUrl, faults, clearFaults } = host.session(`trouble ${name}`.replace(/\W+/g, "-"));
    await faults(fault);
    const ids = [2514310, 2402203];
    const error = await failureOf(checkPermissions(ids, { baseUrl, retries: 0, ...options }));
    assert.equal(error.code, code, error.message);
    assert.ok(error instanceof PermissionsError && error instanceof Error);
    if (status !== undefined) assert.equal(error.status, status);
    assert.equal(error.retryAfter, retryAfter);
    assert.deepEqual([error.verdicts, error.unknown], [{}, [2402203, 2514310]]);
    assert.match(error.message, /^no verdict for 2 of 2 model versions \(2402203, 2514310\): /);
    assert.ok(error.message.includes(baseUrl), error.message);
    await clearFaults();
    const other = host === standIn ? baseUrl : standIn.session(`${name}-after`.replace(/\W+/g, "-")).baseUrl;
    if (host !== standIn) host.close();
    assert.deepEqual(await checkPermissions(ids, { baseUrl: other }), { 2402203: false, 2514310: true });
  });
}

test("an answer that lacks an id keeps the others", async () => {
  const { baseUrl, faults } = standIn.session("lacking");
  await faults({ omit: [2402203] });
  const error = await failureOf(checkPermissions([2514310, 2402203], { baseUrl, retries: 0 }));
  assert.deepEqual(
    [error.code, error.verdicts, error.unknown],
    ["INVALID_RESPONSE", { 2514310: true }, [2402203]],
  );
});

test("foreign ids in an answer are nobody's verdict", async () => {
  const { baseUrl, faults } = standIn.session("foreign");
  await faults({ set: { 7: true, 0: false, x: true, __proto__: true } });
  assert.deepEqual(await checkPermissions([2514310], { baseUrl }), { 2514310: true });
});

test("a poisonous id fails alone", async () => {
  const { baseUrl, faults, log } = standIn.session("poison");
  await faults({ poison: [3000007] });
  const ids = Array.from({ length: 64 }, (_, nth) => 3000001 + nth);
  const error = await failureOf(checkPermissions(ids, { baseUrl }));
  assert.deepEqual([error.code, error.status, error.unknown], ["HTTP", 500, [3000007]]);
  assert.equal(Object.keys(error.verdicts).length, 63);
  assert.ok((await log()).length <= 2 + 2 * 6, "2 + 2·⌈log2 n⌉ requests");
});

test("a transient failure is retried", async () => {
  const { baseUrl, faults, log } = standIn.session("passing");
  await faults({ times: 1, status: 502 });
  assert.deepEqual(await checkPermissions([2514310], { baseUrl }), { 2514310: true });
  const [first, second] = (await log()).map(({ target }) => target);
  assert.notEqual(first, second, "the second bypasses the CDN cache");
});

test("a wait within the timeout is waited", async () => {
  const { baseUrl, faults } = standIn.session("pause");
  await faults({ times: 1, status: 429, headers: { "Retry-After": "1" } });
  const from = performance.now();
  assert.deepEqual(await checkPermissions([2514310], { baseUrl }), { 2514310: true });
  assert.ok(performance.now() - from >= 900);
});

test("the platform's own error is the cause", async (context) => {
  const baseUrl = await rudeServer(context, (request) => request.socket.destroy());
  const error = await failureOf(checkPermissions([1], { baseUrl, retries: 0 }));
  assert.equal(error.code, "NETWORK");
  assert.ok(error.cause instanceof TypeError, "as Node's fetch has it");
});

test("in Node the platform's cause is named", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  const checking = checkPermissions([1], { baseUrl: `http://127.0.0.1:${port}`, retries: 0 });
  const { code, message } = await failureOf(checking);
  assert.equal(code, "NETWORK");
  assert.match(message, /no response: ECONNREFUSED; try later/);
});

test("a redirect to nowhere, and headers without end, are no answer", async (context) => {
  const around = await rudeServer(context, (_, reply) => reply.writeHead(302, { Location: "/again" }).end());
  assert.equal((await failureOf(checkPermissions([1], { baseUrl: around, retries: 0 }))).code, "NETWORK");
  const huge = await rudeServer(context, (_, reply) =>
    reply.writeHead(200, { X: "x".repeat(100_000) }).end("{}"),
  );
  assert.equal((await failureOf(checkPermissions([1], { baseUrl: huge, retries: 0 }))).code, "NETWORK");
});

test("204 and an empty body are no verdicts", async (context) => {
  for (const status of [200, 204, 205]) {
    const baseUrl = await rudeServer(context, (_, reply) => reply.writeHead(status).end());
    const error = await failureOf(checkPermissions([1], { baseUrl, retries: 0 }));
    assert.equal(error.code, "INVALID_RESPONSE", String(status));
  }
});

// Test frameworks stop `Date` and leave the timers alone.
test("a clock that stands still does not keep a retry from being sent", {
  timeout: 10_000,
}, async (context) => {
  context.mock.timers.enable({ apis: ["Date"], now: Date.now() });
  const replies = [{ status: 503 }, { status: 503 }, { status: 200 }];
  const fetch = async () => ({ status: replies.shift()?.status ?? 200, text: async () => '{"1":true}' });
  const checker = new PermissionChecker({ fetch, baseUrl: "https://clock.test" });
  assert.deepEqual(await checker.check([1]), { 1: true });
  assert.equal(replies.length, 0);
});
