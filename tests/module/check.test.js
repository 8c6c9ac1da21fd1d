// What a check answers and what goes over the wire, against the stand-in.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { checkPermissions } from "civitai-permissions";
import { startStandIn } from "../helpers/stand-in.js";
import { recordingFetch, span } from "./support.js";

/** @type {import("../helpers/stand-in.js").StandIn} */
let standIn;
before(async () => {
  standIn = await startStandIn();
});
after(() => standIn.close());

test("the docs' own example", async () => {
  const { baseUrl, log } = standIn.session("example");
  const verdicts = await checkPermissions([2514310, 2402203], { baseUrl });
  assert.deepEqual(verdicts, { 2514310: true, 2402203: false });
  assert.equal(Object.getPrototypeOf(verdicts), Object.prototype);
  const [request, ...more] = await log();
  assert.deepEqual(more, []);
  assert.equal(request?.target, "/api/v1/permissions/check?entityIds=2402203,2514310");
  assert.deepEqual([request?.method, request?.cookie, request?.authorization], ["GET", false, false]);
});

test("nothing asked is {} without a request", async () => {
  const { baseUrl, log } = standIn.session("nothing");
  assert.deepEqual(await checkPermissions([], { baseUrl }), {});
  assert.deepEqual(await log(), []);
});

test("many forms of one id are one key and one id on the wire", async () => {
  const { baseUrl, log } = standIn.session("forms");
  const forms = [2514310, "2514310", 2514310n, "civitai:827184@2514310", "/model-versions/2514310", 2514310];
  assert.deepEqual(await checkPermissions(forms, { baseUrl }), { 2514310: true });
  assert.deepEqual(
    (await log()).map(({ target }) => target),
    ["/api/v1/permissions/check?entityIds=2514310"],
  );
});

test("450 ids make 3 requests", async () => {
  const { baseUrl, log } = standIn.session("crowd");
  const verdicts = await checkPermissions(span(3000001, 3000450), { baseUrl });
  assert.equal(Object.keys(verdicts).length, 450);
  assert.equal(Object.values(verdicts).filter((granted) => !granted).length, 90, "every fifth is gated");
  assert.equal((await log()).length, 3);
});

test("maxBatchSize and concurrency hold", async () => {
  let [flying, most] = [0, 0];
  const { fetch, calls } = recordingFetch(async (url) => {
    most = Math.max(most, ++flying);
    await new Promise((resolve) => setTimeout(resolve, 5));
    flying--;
    return Response.json(
      Object.fromEntries((url.searchParams.get("entityIds") ?? "").split(",").map((id) => [id, true])),
    );
  });
  await checkPermissions(span(1, 50), { fetch, maxBatchSize: 5, concurrency: 2 });
  assert.deepEqual([calls.length, most], [10, 2]);
});

test("a buyer and an owner are granted what is theirs, whatever it is asked with", async () => {
  const { baseUrl } = standIn.session("owner");
  const ids = [2514310, 2402203, 900201, 900301, 900302, 900401, 999999999];
  assert.deepEqual(await checkPermissions(ids, { baseUrl, userId: 12345 }), {
    2402203: false,
    2514310: true,
    900201: true,
    900301: true,
    900302: true,
    900401: true,
    999999999: false,
  });
});

test("no header of ours, no credentials, no copy of the browser's", async () => {
  const { fetch, calls } = recordingFetch();
  await checkPermissions([2], { fetch });
  const { signal, ...init } = calls[0]?.init ?? {};
  assert.ok(signal instanceof AbortSignal);
  assert.deepEqual(init, { method: "GET", credentials: "omit", cache: "no-store" });
});

test("a runtime whose Request knows no cache is sent none", async (context) => {
  const real = Object.getOwnPropertyDescriptor(Request.prototype, "cache");
  context.after(() => Object.defineProperty(Request.prototype, "cache", real ?? {}));
  Reflect.deleteProperty(Request.prototype, "cache");
  const { fetch, calls } = recordingFetch();
  await checkPermissions([2], { fetch });
  assert.equal("cache" in (calls[0]?.init ?? {}), false);
});

test("the global fetch is looked up at each call, and called unbound", async (context) => {
  const seen = /** @type {unknown[]} */ ([]);
  const { fetch } = recordingFetch();
  context.mock.method(globalThis, "fetch", function (/** @type {any} */ url, /** @type {any} */ init) {
    // @ts-expect-error what `this` is, is the question
    seen.push(this);
    return fetch(url, init);
  });
  assert.deepEqual(await checkPermissions([2]), { 2: true });
  assert.deepEqual(seen, [undefined]);
});

test("a path in the base URL is kept", async () => {
  const { fetch, calls } = recordingFetch();
  await checkPermissions([2], { fetch, baseUrl: "http://127.0.0.1:1/a/b/" });
  assert.equal(calls[0]?.url.href, "http://127.0.0.1:1/a/b/api/v1/permissions/check?entityIds=2");
});
