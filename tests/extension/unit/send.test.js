import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { send } from "../../../src/extension/content/send.js";

/**
 * What the content script gets, with a function in place of the background; timers run a thousand times as fast.
 *
 * @param {import("node:test").TestContext} t
 * @param {(nth: number) => Promise<unknown>} background
 */
function sender(t, background) {
  let asked = 0;
  Object.assign(globalThis, { chrome: { runtime: { id: "x", sendMessage: () => background(asked++) } } });
  const { setTimeout: real } = globalThis;
  t.mock.method(globalThis, "setTimeout", (/** @type {() => void} */ then, ms = 0) => real(then, ms / 1000));
  return { send, asked: () => asked };
}

const answer = { ok: true, settings: {} };
const never = () => new Promise(() => {});

describe("a message to the background", () => {
  test("an answer is given as it came", async (t) => {
    const { send, asked } = sender(t, async () => answer);
    assert.deepEqual(await send({ kind: "settings" }), answer);
    assert.equal(asked(), 1);
  });

  test("a worker that dies over it, then one that is silent: asked again", async (t) => {
    const { send, asked } = sender(t, (nth) =>
      nth === 0
        ? Promise.reject(new Error("The message port closed"))
        : nth === 1
          ? never()
          : Promise.resolve(answer),
    );
    assert.deepEqual(await send({ kind: "settings" }), answer);
    assert.equal(asked(), 3);
  });

  test("no answer ever: a failure, with a time to ask again", async (t) => {
    const { send, asked } = sender(t, never);
    const { ok, error } = await send({ kind: "look" });
    assert.deepEqual([ok, error.code, asked()], [false, "NETWORK", 4]);
    assert.ok(error.askAgainAt > Date.now());
  });
});
