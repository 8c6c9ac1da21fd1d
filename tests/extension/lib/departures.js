// When requests left the extension's worker, in Chromium. They arrive later, and on a busy machine some much later than
// others: only the times of leaving show what the extension keeps to.

import { kindOf } from "./requests.js";

/** @typedef {import("./browser.js").Browser} Browser */

/** Without it the worker notes its first 250 requests only. @param {Browser} browser */
export async function countDepartures(browser) {
  await worker(browser).evaluate(() => performance.setResourceTimingBufferSize(10_000));
}

/**
 * The moments by kind, in order, in milliseconds since the worker began.
 *
 * @param {Browser} browser
 * @returns {Promise<Partial<Record<import("./requests.js").Request["kind"], number[]>>>}
 */
export async function departures(browser) {
  const sent = await worker(browser).evaluate(() =>
    performance.getEntriesByType("resource").map(({ name, startTime }) => ({ name, startTime })),
  );
  /** @type {Partial<Record<import("./requests.js").Request["kind"], number[]>>} */
  const left = {};
  for (const { name, startTime } of sent.sort((a, b) => a.startTime - b.startTime)) {
    const kind = kindOf(new URL(name).pathname);
    left[kind] = [...(left[kind] ?? []), startTime];
  }
  return left;
}

/** @param {Browser} browser @returns {import("playwright-core").Worker} */
function worker(browser) {
  const [found] = /** @type {any} */ (browser).context.serviceWorkers();
  if (!found) throw new Error("the extension's worker does not run");
  return found;
}
