// A checker joins calls, caches verdicts, and spares the server.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { checkPermissions, PermissionChecker } from "civitai-permissions";
import { startStandIn } from "../helpers/stand-in.js";
import { failureOf, idsOf, recordingFetch, span } from "./support.js";

/** @type {import("../helpers/stand-in.js").StandIn} */
let standIn;
before(async () => {
  standIn = await startStandIn();
});
after(() => standIn.close());

test("calls of one turn share requests, and each gets its own answer", async () => {
  const { baseUrl, log } = standIn.session("joining");
  const checker = new PermissionChecker({ baseUrl });
  const answers = span(3000001, 3000150).map((id) => checker.check([id, id + 1]));
  for (const [nth, answer] of (await Promise.all(answers)).entries()) {
    assert.deepEqual(Object.keys(answer).map(Number), [3000001 + nth, 3000002 + nth]);
  }
  assert.equal((await log()).length, 1);
});

test("an id under way is not asked again, one that is known neither", async () => {
  const { fetch, calls } = recordingFetch(async (url) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return Response.json(Object.fromEntries(idsOf(url).map((id) => [id, true])));
  });
  const checker = new PermissionChecker({ fetch });
  const first = checker.check([1, 2]);
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(await checker.check([2, 3]), { 2: true, 3: true });
  await first;
  assert.deepEqual(await checker.check([1, 2, 3]), { 1: true, 2: true, 3: true });
  assert.deepEqual(
    calls.map(({ url }) => idsOf(url)),
    [[1, 2], [3]],
  );
});

test("checkPermissions caches nothing", async () => {
  const { fetch, calls } = recordingFetch();
  await checkPermissions([2], { fetch });
  await checkPermissions([2], { fetch });
  assert.equal(calls.length, 2);
});

test("clear removes some from the cache, or all; fresh bypasses it", async () => {
  const { fetch, calls } = recordingFetch();
  const checker = new PermissionChecker({ fetch });
  await checker.check([2, 4]);
  checker.clear([2]);
  await checker.check([2, 4]);
  checker.clear();
  await checker.check([2, 4]);
  await checker.check([4], { fresh: true });
  assert.deepEqual(
    calls.map(({ url }) => idsOf(url)),
    [[2, 4], [2], [2, 4], [4]],
  );
  assert.notEqual(calls[3]?.url.search, "?entityIds=4", "nobody shares that address");
});

test("failures are not cached", async () => {
  let fails = true;
  const { fetch } = recordingFetch((url) =>
    fails
      ? new Response("", { status: 404 })
      : Response.json(Object.fromEntries(idsOf(url).map((id) => [id, true]))),
  );
  const checker = new PermissionChecker({ fetch });
  await failureOf(checker.check([1]));
  fails = false;
  assert.deepEqual(await checker.check([1]), { 1: true });
});

test("a snapshot carries the memory over", async () => {
  const { fetch, calls } = recordingFetch();
  const old = new PermissionChecker({ fetch });
  await old.check([2, 3]);
  const snapshot = old.snapshot();
  const young = new PermissionChecker({ fetch });
  assert.equal(young.restore(snapshot), true);
  assert.deepEqual(await young.check([2, 3]), { 2: true, 3: false });
  assert.equal(calls.length, 1);
});

test("a snapshot of elsewhere, or a damaged one, is ignored", async () => {
  const { fetch, calls } = recordingFetch();
  const old = new PermissionChecker({ fetch });
  await old.check([2]);
  const snapshot = old.snapshot();
  const elsewhere = new PermissionChecker({ fetch, baseUrl: "http://127.0.0.1:1" });
  for (const [checker, text] of /** @type {[PermissionChecker, any][]} */ ([
    [elsewhere, snapshot],
    [new PermissionChecker({ fetch }), snapshot.slice(0, -1)],
    [new PermissionChecker({ fetch }), `${snapshot}x`],
    [new PermissionChecker({ fetch }), ""],
    [new PermissionChecker({ fetch }), null],
    [new PermissionChecker({ fetch }), "\ud800"],
  ])) {
    assert.equal(checker.restore(text), false);
    await checker.check([2]);
  }
  assert.equal(calls.length, 7);
});

test("own gated ids cost two requests, 5 denied to a stranger three", async () => {
  const { baseUrl, log, clearLog } = standIn.session("owners");
  const checker = new PermissionChecker({ baseUrl });
  const own = [900301, 900302, 900303];
  assert.deepEqual(await checker.check(own, { userId: 12345 }), { 900301: true, 900302: true, 900303: true });
  assert.equal((await log()).length, 2);
  await clearLog();
  const gated = [900101, 900102, 900103, 900104, 900105];
  const answer = await new PermissionChecker({ baseUrl }).check([...gated, 2514310], { userId: 12345 });
  assert.deepEqual(answer, Object.fromEntries([...gated.map((id) => [id, false]), [2514310, true]]));
  assert.equal((await log()).length, 3);
});

test("a 500 that sticks at the edge is passed by", async () => {
  const { baseUrl, faults, settings, log } = standIn.session("sticky");
  await settings({ edge: true });
  await faults({ times: 1, status: 500 });
  assert.deepEqual(await checkPermissions([2514310], { baseUrl }), { 2514310: true });
  const [stuck, asked] = await log();
  assert.deepEqual([stuck?.status, asked?.status], [500, 200]);
  const again = await fetch(`${baseUrl}${stuck?.target}`);
  assert.deepEqual([again.status, again.headers.get("cf-cache-status")], [500, "HIT"]);
});

test("a host that asks for a pause is left alone by all checkers", async () => {
  // A host of its own, that nobody else asks.
  const host = await startStandIn();
  const { baseUrl, faults, log } = host.session("gate");
  await faults({ times: 1, status: 429, headers: { "Retry-After": "3600" } });
  const first = await failureOf(new PermissionChecker({ baseUrl }).check([2514310]));
  // Another path is the same host, and any number of other hosts push it out of no table.
  for (const nth of span(1, 400)) new PermissionChecker({ baseUrl: `https://host-${nth}.test` });
  const elsewhere = host.session("elsewhere");
  elsewhere.baseUrl = elsewhere.baseUrl.replace("http:", "HTTP:");
  const second = await failureOf(checkPermissions([2402203], { baseUrl: elsewhere.baseUrl }));
  assert.deepEqual([first.code, second.code], ["RATE_LIMITED", "RATE_LIMITED"]);
  assert.ok((second.retryAfter ?? 0) > 3_500_000);
  assert.deepEqual([(await log()).length, (await elsewhere.log()).length], [1, 0]);
  host.close();
});

test("a snapshot carries a pause over, whichever checker takes it", async () => {
  const baseUrl = "https://pause.test";
  const limited = recordingFetch(() => new Response("", { status: 429, headers: { "Retry-After": "600" } }));
  const dead = await import(`${import.meta.resolve("civitai-permissions")}?dead-worker`);
  const idle = new dead.PermissionChecker({ baseUrl, fetch: limited.fetch });
  await failureOf(new dead.PermissionChecker({ baseUrl, fetch: limited.fetch }).check([2]));
  const { fetch, calls } = recordingFetch();
  const checker = new PermissionChecker({ baseUrl, fetch });
  assert.ok(checker.restore(idle.snapshot()));
  assert.equal((await failureOf(checker.check([2]))).code, "RATE_LIMITED");
  assert.equal((await failureOf(checkPermissions([2], { baseUrl, fetch }))).code, "RATE_LIMITED");
  assert.equal(calls.length, 0);
});

test("401 ends every ask that waits", async () => {
  const { fetch, calls } = recordingFetch(() => new Response("", { status: 401 }));
  const checker = new PermissionChecker({ fetch, concurrency: 1, maxBatchSize: 1 });
  const errors = await Promise.all([failureOf(checker.check([1, 2])), failureOf(checker.check([3]))]);
  assert.deepEqual(
    errors.map(({ code }) => code),
    ["UNAUTHORIZED", "UNAUTHORIZED"],
  );
  assert.equal(calls.length, 1);
});

test("a checker that is disposed ends its calls and refuses further ones", async () => {
  const { fetch, calls } = recordingFetch(() => new Promise(() => {}));
  const checker = new PermissionChecker({ fetch });
  const waiting = [checker.check([1]), checker.explain([2]), checker.stream([3]).next()];
  while (calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  checker[Symbol.dispose]();
  checker[Symbol.dispose]();
  for (const call of [...waiting, checker.check([1]), checker.stream([1]).next(), checker.versions([1])]) {
    const error = await failureOf(call);
    assert.equal(error.code, "INVALID_ARGUMENT");
    assert.match(error.message, /disposed/);
  }
  assert.throws(() => checker.clear(), /disposed/);
  assert.ok(calls.length > 0 && calls.every(({ init }) => init.signal?.aborted));
});

test("a list that throws while it is read does not spoil the checker's end", async () => {
  const checker = new PermissionChecker();
  const list = [1];
  Object.defineProperty(list, 0, {
    get() {
      throw new Error("mine");
    },
  });
  await assert.rejects(checker.check(list), /mine/);
  checker[Symbol.dispose ?? Symbol.for("Symbol.dispose")]();
  await assert.rejects(checker.check([1]), /was disposed/);
});
