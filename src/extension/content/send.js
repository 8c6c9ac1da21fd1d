import { schedulePass } from "./schedule.js";
import { state } from "./state.js";

/**
 * Sends a message, and sends it again if the worker died or does not answer.
 *
 * @param {{ kind: string, [more: string]: unknown }} message
 * @returns {Promise<any>} null: the extension is gone from under this page
 */
export async function send(message) {
  for (let tries = 0; tries < 4; tries++) {
    if (!chrome.runtime?.id) return stop();
    try {
      const reply = await inTime(chrome.runtime.sendMessage(message), limits[message.kind] ?? SLOWEST);
      if (isReply(reply)) return reply;
    } catch (error) {
      if (/context invalidated/i.test(`${error}`)) return stop();
    }
    await new Promise((resolve) => setTimeout(resolve, 300 * 2 ** tries));
  }
  return {
    ok: false,
    error: {
      code: "NETWORK",
      status: null,
      message: "the extension itself gives no answer: restart the browser if it stays so",
      askAgainAt: Date.now() + 30_000,
    },
  };
}

/** How long an answer may take that waits for slow requests and their retries, in milliseconds. A repeated message joins them. */
const SLOWEST = 60_000;
/** Without the network an answer comes at once, unless the worker hangs. @type {Record<string, number>} */
const limits = { settings: 3000, count: 3000 };

/**
 * @template T
 * @param {Promise<T>} reply
 * @param {number} limit milliseconds
 * @returns {Promise<T | undefined>}
 */
function inTime(reply, limit) {
  /** @type {ReturnType<typeof setTimeout>} */
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, limit);
  });
  return Promise.race([reply, late]).finally(() => clearTimeout(timer));
}

/** @param {any} reply */
function isReply(reply) {
  if (reply?.ok === false)
    return typeof reply.error?.code === "string" && typeof reply.error.askAgainAt === "number";
  return (
    reply?.ok === true &&
    (!("models" in reply) || (Array.isArray(reply.models) && Array.isArray(reply.versions)))
  );
}

/** The extension was updated: this old script keeps what it knew, asks no more, and says so. */
function stop() {
  state.stopped = true;
  schedulePass();
  return null;
}
