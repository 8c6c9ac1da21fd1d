// When the page may be touched: React throws away what it finds changed before it has hydrated
// (contract of the pages, §1.4).

/** @typedef {{ fallback: boolean }} Start */

/** Whether boundaries may be touched too. */
let boundariesReady = false;

/**
 * Resolves when the page is hydrated: the announcer is made by an effect of the root. If it never comes, ten seconds
 * after `load`, where the page has mutated since, which only living scripts do.
 *
 * @returns {Promise<Start>}
 */
async function pageIsReady() {
  const loaded = document.readyState === "complete" ? Promise.resolve() : once(window, "load");
  const ready = await Promise.race([announced(), loaded.then(() => mutatedAfter(10_000))]);
  loaded
    .then(() => new Promise((resolve) => setTimeout(resolve, LATE)))
    .then(idle)
    .then(idle)
    .then(() => {
      boundariesReady = true;
      schedulePass();
    });
  return ready;
}

/** A boundary waits for code of its own: after the page, so long and two idle moments, in milliseconds. */
const LATE = 1000;

/** @returns {Promise<Start>} */
function announced() {
  return new Promise((resolve) => {
    const look = () => {
      if (!document.querySelector("next-route-announcer")) return;
      observer.disconnect();
      resolve({ fallback: false });
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { childList: true });
    look();
  });
}

/**
 * @param {number} milliseconds
 * @returns {Promise<Start>}
 */
function mutatedAfter(milliseconds) {
  return new Promise((resolve) => {
    let [mutated, late] = [false, false];
    const observer = new MutationObserver(() => {
      mutated = true;
      if (late) finish();
    });
    const finish = () => {
      observer.disconnect();
      resolve({ fallback: true });
    };
    observer.observe(document.body, { childList: true, subtree: true, attributes: true });
    setTimeout(() => {
      late = true;
      if (mutated) finish();
    }, milliseconds);
  });
}

/**
 * Whether a node may be touched now. What lies in a Suspense boundary (between the comments `$` and `/$`) hydrates
 * on its own, later than the rest.
 *
 * @param {Node} node
 */
function isTouchable(node) {
  if (boundariesReady) return true;
  for (let at = node; at.parentNode && at !== document.body; at = at.parentNode) {
    let closed = 0;
    for (let before = at.previousSibling; before; before = before.previousSibling) {
      if (before.nodeType !== Node.COMMENT_NODE) continue;
      const mark = before.nodeValue ?? "";
      if (mark === "/$") closed += 1;
      else if (mark.startsWith("$") && closed-- === 0) return false;
    }
  }
  return true;
}

/** @param {EventTarget} target @param {string} type */
function once(target, type) {
  return new Promise((resolve) => target.addEventListener(type, resolve, { once: true }));
}

function idle() {
  return new Promise((resolve) => requestIdleCallback(resolve, { timeout: 1000 }));
}
