/** Whether the extension was updated under this page: nothing can be asked any more. */
let stopped = false;

/**
 * Sends a message, again if the worker died over it.
 *
 * @param {object} message
 * @returns {Promise<any>} null: the extension is gone from under this page
 */
async function send(message) {
  for (let tries = 0; tries < 4; tries++) {
    if (!chrome.runtime?.id) return stop();
    try {
      const reply = await chrome.runtime.sendMessage(message);
      if (isReply(reply)) return reply;
    } catch (error) {
      if (/context invalidated/i.test(`${error}`)) return stop();
    }
    await new Promise((resolve) => setTimeout(resolve, 300 * 2 ** tries));
  }
  return {
    ok: false,
    error: { code: "NETWORK", status: null, message: "no answer", askAgainAt: Date.now() + 30_000 },
  };
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

/** The old script cannot recover: it keeps what it knew, and says so. */
function stop() {
  stopped = true;
  schedulePass();
  return null;
}
