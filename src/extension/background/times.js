/**
 * A `fetch` that notes when Civitai gave each verdict: the reply's Date less its Age, since the edge keeps replies
 * (contract §1.7).
 *
 * @param {Map<number, number>} times
 * @param {number} most
 * @param {() => void} onTrouble called for a reply that may have closed the host's gate
 * @param {typeof fetch} send
 * @returns {typeof fetch}
 */
export function noteTimes(times, most, onTrouble, send) {
  return async (input, init) => {
    const reply = await send(input, init);
    if (!reply.ok) onTrouble();
    const url = new URL(String(input));
    if (reply.ok && url.pathname === "/api/v1/permissions/check") {
      const given = dateOf(reply.headers);
      for (const id of url.searchParams.get("entityIds")?.split(",") ?? []) {
        if (times.size < most || times.has(Number(id))) times.set(Number(id), given);
      }
    }
    return reply;
  };
}

/**
 * @param {Headers} headers
 * @returns {number}
 */
function dateOf(headers) {
  const now = Date.now();
  const date = Date.parse(headers.get("Date") ?? "");
  const age = Number(headers.get("Age") ?? 0) * 1000;
  // A wrong clock, theirs or ours, must not put an answer into the future.
  return Math.min(now, (Number.isNaN(date) ? now : date) - Math.max(0, age));
}
