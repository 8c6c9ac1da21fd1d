// What the content script's modules find in a page, played: an address, clocks that a test sets, a background.

import { setImmediate } from "node:timers/promises";

/** No page's clock goes back, not from one test to the next either. */
let began = 1_000_000;

/**
 * The page's own clock and its timers, and beside it a wall clock that a person may set.
 *
 * @param {import("node:test").TestContext} t
 */
export function useClocks(t) {
  let now = began;
  t.after(() => {
    began = now + 3_600_000;
  });
  let wall = Date.parse("2026-11-20T12:00:00Z");
  t.mock.timers.enable({ apis: ["setTimeout"] });
  t.mock.method(performance, "now", () => now);
  t.mock.method(Date, "now", () => wall);
  return {
    /** Lets time pass on both, in steps, so that what a timer begins goes on. @param {number} ms */
    async pass(ms) {
      for (let left = ms; left > 0; left -= 100) {
        now += Math.min(100, left);
        wall += Math.min(100, left);
        t.mock.timers.tick(Math.min(100, left));
        await setImmediate();
      }
      await setImmediate();
    },
    /** @param {number} ms */
    setWallClock(ms) {
      wall += ms;
    },
    wall: () => wall,
  };
}

/**
 * @param {(message: any) => unknown} answer
 * @param {string} [address]
 * @returns {any[]} the messages, as they were sent
 */
export function useBackground(answer, address = "https://civitai.com/models") {
  /** @type {any[]} */
  const sent = [];
  const sendMessage = async (/** @type {any} */ message) => {
    sent.push(message);
    return answer(message);
  };
  Object.assign(globalThis, {
    chrome: { runtime: { id: "x", sendMessage } },
    location: new URL(address),
    requestAnimationFrame: () => 0,
  });
  return sent;
}

const version = {
  ...{ modelId: 1, versionName: "v1", state: "open", gate: "none", endsAt: null, trials: null },
  ...{ by: null, asOf: null, error: null, complete: true, exists: true },
};

/** A version as the background answers. @param {number} versionId @param {object} [more] @returns {any} */
export const versionAnswer = (versionId, more = {}) => ({ ...version, versionId, ...more });

/** A model as the background answers. @param {number} modelId @param {any[]} versions @param {object} [more] @returns {any} */
export const modelAnswer = (modelId, versions, more = {}) => ({
  ...{ modelId, modelName: `Model ${modelId}`, error: null },
  versions: versions.map((one) => ({ ...one, modelId })),
  ...more,
});

/** A failure. @param {string} code @param {number | null} status @param {number} askAgainAt */
export const trouble = (code, status, askAgainAt) => ({ code, status, message: "", askAgainAt });
