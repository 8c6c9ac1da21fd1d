// Civitai's bot protection may answer 403 to the worker though the page has passed it: it is asked again after a pause,
// longer each time.

/**
 * A `fetch` that sends nothing during such a pause, except what bypasses the caches: the person has clicked for that.
 *
 * @param {(input: string, init: RequestInit) => Promise<Response>} send
 * @param {(reply: Response) => void} onReply called for each reply but those
 * @returns {(input: string, init: RequestInit) => Promise<Response>}
 */
export function pausesOf(send, onReply) {
  let refusals = 0;
  let until = Number.NEGATIVE_INFINITY;
  return async (input, init) => {
    const left = until - performance.now();
    if (left > 0 && init.cache !== "no-store") return refused(left);
    const reply = await send(input, init);
    if (reply.status !== 403) {
      refusals = 0;
      until = Number.NEGATIVE_INFINITY;
      onReply(reply);
      return reply;
    }
    // A minute, then two, four and so on up to an hour; requests that were under way together count once.
    if (performance.now() >= until) refusals += 1;
    until = performance.now() + Math.min(HOUR, MINUTE * 2 ** (refusals - 1));
    return refused(until - performance.now());
  };
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** @param {number} left milliseconds */
function refused(left) {
  return new Response(null, { status: 403, headers: { "Retry-After": `${Math.ceil(left / 1000)}` } });
}
