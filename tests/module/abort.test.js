// An abort rejects with the signal's reason itself, at once, and leaves nothing behind.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { getEventListeners } from "node:events";
import { after, before, test } from "node:test";
import { checkPermissions, PermissionChecker } from "civitai-permissions";
import { startStandIn } from "../helpers/stand-in.js";
import { failureOf, granting, recordingFetch } from "./support.js";

/** @type {import("../helpers/stand-in.js").StandIn} */
let standIn;
before(async () => {
  standIn = await startStandIn();
});
after(() => standIn.close());

const reasons = ["stop", undefined, null, 0, new Error("mine"), Object.freeze({ mine: true })];

test("a signal that has fired: its reason, and no request", async () => {
  const { fetch, calls } = recordingFetch();
  for (const reason of reasons) {
    const signal = AbortSignal.abort(reason);
    const expected = signal.reason;
    await assert.rejects(checkPermissions([1], { fetch, signal }), (error) => error === expected);
    assert.equal(getEventListeners(signal, "abort").length, 0);
  }
  assert.equal(calls.length, 0);
});

test("bad arguments come before the abort", async () => {
  const error = await failureOf(checkPermissions(["abc"], { signal: AbortSignal.abort() }));
  assert.equal(error.code, "INVALID_ARGUMENT");
});

test("an abort under way: its reason at once, and the request is taken back", async () => {
  const { baseUrl, faults, log } = standIn.session("under-way");
  await faults({ hang: true });
  /** @param {(requests: Awaited<ReturnType<typeof log>>) => boolean} condition */
  const logged = async (condition) => {
    for (const until = Date.now() + 5000; Date.now() < until && !condition(await log()); )
      await new Promise((resolve) => setTimeout(resolve, 20));
  };
  for (const [index, reason] of reasons.entries()) {
    const controller = new AbortController();
    const answer = checkPermissions([2514310], { baseUrl, signal: controller.signal });
    const rejected = assert.rejects(answer, (error) => error === controller.signal.reason);
    await logged(({ length }) => length > index);
    controller.abort(reason);
    await rejected;
    assert.equal(getEventListeners(controller.signal, "abort").length, 0);
  }
  await logged((requests) => requests.every(({ aborted }) => aborted));
  const requests = await log();
  assert.equal(requests.length, reasons.length);
  assert.ok(requests.every(({ aborted }) => aborted));
});

test("the listener is gone after an answer and after a failure", async () => {
  const { signal } = new AbortController();
  await checkPermissions([2], { signal, fetch: recordingFetch().fetch });
  await failureOf(checkPermissions([2], { signal, retries: 0, fetch: () => Promise.reject("no") }));
  assert.equal(getEventListeners(signal, "abort").length, 0);
});

test("fifty calls on one signal draw no warning, and all end with it", () => {
  const script = `
    import { PermissionChecker, checkPermissions } from "civitai-permissions";
    const controller = new AbortController();
    const options = { signal: controller.signal };
    const fetch = () => new Promise(() => {});
    const checker = new PermissionChecker({ fetch });
    const calls = Array.from({ length: 25 }, (_, nth) => [
      checker.check([nth + 1], options),
      checkPermissions([nth + 1], { ...options, fetch }),
    ]).flat();
    setTimeout(() => controller.abort("stop"), 20);
    const ends = await Promise.allSettled(calls);
    console.log(ends.filter(({ reason }) => reason === "stop").length);`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: import.meta.dirname,
    encoding: "utf8",
    timeout: 20_000,
  });
  assert.deepEqual([stdout, stderr], ["50\n", ""]);
});

test("400 calls that one signal ends step the engine together", async (context) => {
  const checker = new PermissionChecker({ fetch: recordingFetch(() => new Promise(() => {})).fetch });
  const controller = new AbortController();
  const { signal } = controller;
  const calls = Array.from({ length: 400 }, (_, nth) => checker.check([nth + 1], { signal }));
  const ended = Promise.allSettled(calls);
  await new Promise((resolve) => setTimeout(resolve, 20));
  // Each step looks at the clock.
  const { mock } = context.mock.method(Date, "now");
  controller.abort("stop");
  const ends = await ended;
  assert.ok(ends.every((end) => end.status === "rejected" && end.reason === "stop"));
  assert.ok(mock.callCount() > 0 && mock.callCount() < 10, `${mock.callCount()} looks at the clock`);
});

test("a signal that calls its listeners with another this is heard", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  /** @type {any} */
  const wrapped = {
    get aborted() {
      return signal.aborted;
    },
    get reason() {
      return signal.reason;
    },
    addEventListener: (/** @type {"abort"} */ type, /** @type {any} */ hear) =>
      signal.addEventListener(type, hear),
    removeEventListener: (/** @type {"abort"} */ type, /** @type {any} */ hear) =>
      signal.removeEventListener(type, hear),
  };
  setTimeout(() => controller.abort("stop"), 20);
  const fetch = () => /** @type {Promise<never>} */ (new Promise(() => {}));
  const [end] = await Promise.allSettled([checkPermissions([1], { signal: wrapped, fetch, timeout: 2000 })]);
  assert.equal(end.status === "rejected" && end.reason, "stop");
});

test("a deadline for the whole call", async () => {
  const { baseUrl, faults } = standIn.session("deadline");
  await faults({ hang: true });
  const late = checkPermissions([2514310], { baseUrl, signal: AbortSignal.timeout(50) });
  await assert.rejects(late, { name: "TimeoutError" });
});

test("a signal of another make works by its shape", async () => {
  const target = new EventTarget();
  const signal = Object.assign(target, { aborted: false, reason: "theirs" });
  const answer = checkPermissions([1], {
    signal: /** @type {any} */ (signal),
    fetch: () => new Promise(() => {}),
  });
  setTimeout(() => target.dispatchEvent(new Event("abort")), 10);
  await assert.rejects(answer, (error) => error === "theirs");
});

test("one caller's abort cancels nothing that another waits for", async () => {
  /** @type {(reply: Response) => void} */
  let release = () => {};
  const { fetch, calls } = recordingFetch(
    () =>
      new Promise((resolve) => {
        release = resolve;
      }),
  );
  const checker = new PermissionChecker({ fetch });
  const controller = new AbortController();
  const left = checker.check([2, 3], { signal: controller.signal });
  const stays = checker.check([2]);
  const soon = () => new Promise((resolve) => setTimeout(resolve, 10));
  await soon();
  assert.equal(calls.length, 1);
  controller.abort("left");
  await assert.rejects(left, (error) => error === "left");
  assert.equal(calls[0]?.init.signal?.aborted, false);
  release(granting(/** @type {URL} */ (calls[0]?.url)));
  assert.deepEqual(await stays, { 2: true });
});

test("when the last one leaves, the request is taken back", async () => {
  const { fetch, calls } = recordingFetch(() => new Promise(() => {}));
  const checker = new PermissionChecker({ fetch });
  const controllers = [new AbortController(), new AbortController()];
  const answers = controllers.map(({ signal }) => checker.check([2], { signal }));
  await new Promise((resolve) => setTimeout(resolve, 10));
  for (const controller of controllers) controller.abort("left");
  for (const answer of answers) await assert.rejects(answer, (error) => error === "left");
  assert.equal(calls[0]?.init.signal?.aborted, true);
});

test("what is aborted in the turn in which it was asked is never sent", async () => {
  const { fetch, calls } = recordingFetch();
  const checker = new PermissionChecker({ fetch });
  const controller = new AbortController();
  const answer = checker.check([2], { signal: controller.signal });
  controller.abort("at once");
  await assert.rejects(answer, (error) => error === "at once");
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(calls.length, 0);
});

test("aborting in an abort listener, and asking in one, do no harm", async () => {
  const checker = new PermissionChecker({ fetch: recordingFetch(() => new Promise(() => {})).fetch });
  const [first, second] = [new AbortController(), new AbortController()];
  const again = /** @type {Promise<unknown>[]} */ ([]);
  first.signal.addEventListener("abort", () => {
    second.abort("second");
    again.push(checkPermissions([2], { fetch: recordingFetch().fetch }));
  });
  const answers = [
    checker.check([2], { signal: first.signal }),
    checker.check([3], { signal: second.signal }),
  ];
  setTimeout(() => first.abort("first"), 10);
  const reasons = await Promise.allSettled(answers);
  assert.deepEqual(
    reasons.map((result) => result.status === "rejected" && result.reason),
    ["first", "second"],
  );
  assert.deepEqual(await Promise.all(again), [{ 2: true }]);
});
