import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { loadClassic } from "./classic.js";

/**
 * What the content script is told, with the background that a function plays; timers run a thousand times as fast.
 *
 * @param {(nth: number) => Promise<unknown>} background
 */
function sender(background) {
  let asked = 0;
  const chrome = { runtime: { id: "x", sendMessage: () => background(asked++) } };
  /** @param {() => void} then @param {number} ms */
  const soon = (then, ms) => setTimeout(then, ms / 1000);
  const scope = { chrome, schedulePass() {}, setTimeout: soon, clearTimeout, Promise, Date };
  const { send } = loadClassic(["send.js"], ["send"], scope);
  return { send, asked: () => asked };
}

const answer = { ok: true, settings: {} };
const never = () => new Promise(() => {});

describe("a message to the background", () => {
  test("an answer is given as it came", async () => {
    const { send, asked } = sender(async () => answer);
    assert.deepEqual(await send({ kind: "settings" }), answer);
    assert.equal(asked(), 1);
  });

  test("a worker that dies over it, then one that is silent: asked again", async () => {
    const { send, asked } = sender((nth) =>
      nth === 0
        ? Promise.reject(new Error("The message port closed"))
        : nth === 1
          ? never()
          : Promise.resolve(answer),
    );
    assert.deepEqual(await send({ kind: "settings" }), answer);
    assert.equal(asked(), 3);
  });

  test("no answer ever: a failure, with a time to ask again", async () => {
    const { send, asked } = sender(never);
    const { ok, error } = await send({ kind: "look" });
    assert.deepEqual([ok, error.code, asked()], [false, "NETWORK", 4]);
    assert.ok(error.askAgainAt > Date.now());
  });
});
