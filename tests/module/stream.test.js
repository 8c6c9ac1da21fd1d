// Verdicts as they arrive: failures are data, leaving early cancels the rest.

import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { isPermissionsError, PermissionChecker } from "civitai-permissions";
import { failureOf, granting, idsOf, recordingFetch, span } from "./support.js";

/** @param {AsyncIterable<import("civitai-permissions").Verdict>} stream */
async function all(stream) {
  const verdicts = [];
  for await (const verdict of stream) verdicts.push(verdict);
  return verdicts;
}

test("each distinct id once, as it is known", async () => {
  const slow = new AbortController();
  const { fetch } = recordingFetch(async (url) => {
    if (idsOf(url).includes(1)) await once(slow.signal, "abort");
    return granting(url);
  });
  const checker = new PermissionChecker({ fetch, maxBatchSize: 2 });
  const verdicts = [];
  for await (const verdict of checker.stream([1, 2, 3, 4, 4, "3"])) {
    verdicts.push(verdict);
    if (verdict.entityId === 4) slow.abort();
  }
  assert.deepEqual(verdicts, [
    { entityId: 3, state: "denied" },
    { entityId: 4, state: "granted", personal: false },
    { entityId: 1, state: "denied" },
    { entityId: 2, state: "granted", personal: false },
  ]);
  assert.deepEqual(await all(checker.stream([])), []);
});

test("in batches: what one reply holds comes together, each distinct id once", async () => {
  const slow = new AbortController();
  const { fetch } = recordingFetch(async (url) => {
    if (idsOf(url).includes(1)) await once(slow.signal, "abort");
    return idsOf(url).includes(5) ? new Response("", { status: 404 }) : granting(url);
  });
  const checker = new PermissionChecker({ fetch, maxBatchSize: 2 });
  const batches = [];
  for await (const batch of checker.streamBatches([1, 2, 3, 4, 4, "3", 5])) {
    batches.push(batch.map(({ entityId, state }) => `${entityId} ${state}`));
    if (batches.flat().length === 3) slow.abort();
  }
  assert.deepEqual(batches.at(-1), ["1 denied", "2 granted"], "the slow reply");
  assert.deepEqual(batches.slice(0, -1).sort(), [["3 denied", "4 granted"], ["5 unknown"]]);

  const cached = [];
  for await (const batch of checker.streamBatches([4, 1, 2, 3])) cached.push(batch.length);
  assert.deepEqual(cached, [4], "what is cached comes as one");
  assert.deepEqual(await checker.streamBatches([]).next(), { done: true, value: undefined });
});

for (const name of /** @type {const} */ (["streamBatches", "explainStream"])) {
  test(`${name}: bad arguments and aborts throw at the first next(); leaving early cancels`, async () => {
    let flying = 0;
    const { fetch, calls } = recordingFetch(async (url, { signal }) => {
      if (idsOf(url).includes(1)) return granting(url);
      flying++;
      return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(flying--)));
    });
    const checker = new PermissionChecker({ fetch, maxBatchSize: 1, concurrency: 2 });
    assert.equal((await failureOf(checker[name](["abc"]).next())).code, "INVALID_ARGUMENT");
    const aborted = checker[name]([1], { signal: AbortSignal.abort("why") });
    await assert.rejects(aborted.next(), (error) => error === "why");
    checker[name]([1]);
    await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(calls.length, 0, "nothing is asked before the first next()");

    for await (const [first] of checker[name](span(1, 50))) {
      assert.equal(first?.entityId, 1);
      break;
    }
    const asked = calls.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual([flying, calls.length], [0, asked]);
  });
}

test("a failure is data, with its error", async () => {
  const { fetch } = recordingFetch((url) =>
    idsOf(url).includes(1) ? new Response("", { status: 404 }) : granting(url),
  );
  const [good, bad] = (await all(new PermissionChecker({ fetch, maxBatchSize: 1 }).stream([1, 2]))).sort(
    (left, right) => right.entityId - left.entityId,
  );
  assert.deepEqual(good, { entityId: 2, state: "granted", personal: false });
  assert.ok(bad?.state === "unknown" && isPermissionsError(bad.error));
  assert.deepEqual([bad.error.code, bad.error.status, bad.error.unknown], ["HTTP", 404, [1]]);
  assert.match(bad.error.message, /^no verdict for model version 1: /);
});

test("bad arguments and aborts throw at the first next()", async () => {
  const { fetch, calls } = recordingFetch();
  const checker = new PermissionChecker({ fetch });
  const bad = checker.stream(["abc"]);
  assert.equal((await failureOf(bad.next())).code, "INVALID_ARGUMENT");
  const aborted = checker.stream([1], { signal: AbortSignal.abort("why") });
  await assert.rejects(aborted.next(), (error) => error === "why");
  assert.equal(calls.length, 0);
});

test("nothing is asked before the first next()", async () => {
  const { fetch, calls } = recordingFetch();
  new PermissionChecker({ fetch }).stream([1]);
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(calls.length, 0);
});

test("leaving the loop early cancels the rest", async () => {
  let flying = 0;
  const { fetch, calls } = recordingFetch(async (url, { signal }) => {
    if (idsOf(url).includes(1)) return granting(url);
    flying++;
    return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(flying--)));
  });
  const checker = new PermissionChecker({ fetch, maxBatchSize: 1, concurrency: 2 });
  for await (const { entityId } of checker.stream(span(1, 50))) {
    assert.equal(entityId, 1);
    break;
  }
  const asked = calls.length;
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual([flying, calls.length], [0, asked]);
});

test("an abort in the middle rejects the next one, and ends the stream", async () => {
  const { fetch } = recordingFetch((url) => (idsOf(url).includes(1) ? granting(url) : new Promise(() => {})));
  const controller = new AbortController();
  const stream = new PermissionChecker({ fetch, maxBatchSize: 1 }).stream([1, 2], {
    signal: controller.signal,
  });
  assert.equal((await stream.next()).value?.entityId, 1);
  controller.abort("enough");
  await assert.rejects(stream.next(), (error) => error === "enough");
  assert.deepEqual(await stream.next(), { done: true, value: undefined });
});

test("an abort between two verdicts of one answer rejects the next one", async () => {
  const controller = new AbortController();
  const stream = new PermissionChecker({ fetch: recordingFetch().fetch }).stream([1, 2, 3], {
    signal: controller.signal,
  });
  assert.equal((await stream.next()).value?.entityId, 1);
  controller.abort("enough");
  await assert.rejects(stream.next(), (error) => error === "enough");
});
