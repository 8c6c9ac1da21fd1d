// When the page may be touched: React throws away what it finds changed before it has hydrated
// (contract of the pages, §1.4).

import { schedulePass } from "../schedule.js";

/** @typedef {{ fallback: boolean }} Start */

/** Whether boundaries may be asked whether they are hydrated. */
let boundariesReady = false;

/**
 * Resolves when the page is hydrated: the announcer is made by an effect of the root. If it never comes, ten seconds
 * after `load`, where the page has mutated since, which only living scripts do.
 *
 * @returns {Promise<Start>}
 */
export async function pageIsReady() {
  const loaded = document.readyState === "complete" ? Promise.resolve() : once(window, "load");
  const ready = await Promise.race([announced(), loaded.then(() => mutatedAfter(10_000))]);
  loaded
    .then(idle)
    .then(idle)
    .then(() => {
      boundariesReady = true;
      schedulePass();
    });
  return ready;
}

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

/** Places, and the comments that begin boundaries. @type {WeakSet<Node>} */
const hydrated = new WeakSet();
/** Boundaries that were found dehydrated. @type {WeakSet<Node>} */
const late = new WeakSet();

/**
 * Whether a node may be touched now. What lies in a Suspense boundary (between the comments `$` and `/$`) hydrates
 * on its own, later than the rest: as late as its code comes.
 *
 * @param {Element} node
 */
export function isTouchable(node) {
  if (hydrated.has(node)) return true;
  const [boundary] = boundariesAround(node);
  if (boundary && !isHydrated(boundary, node)) return false;
  hydrated.add(node);
  return true;
}

/** @param {Node} boundary @param {Element} within */
function isHydrated(boundary, within) {
  if (hydrated.has(boundary)) return true;
  if (!boundariesReady || late.has(boundary)) return false;
  if (letsThrough(within)) hydrated.add(boundary);
  else awaitHydration(boundary);
  return hydrated.has(boundary);
}

/**
 * Whether an event reaches a node. React stops some events on their way to a part that it has not hydrated yet. One of
 * them is `textInput`, which nobody uses, so that it does no harm. The answer is right the first time only: while the
 * page is about to navigate, later events arrive everywhere.
 *
 * @param {Element} node
 */
function letsThrough(node) {
  let arrived = false;
  const note = () => {
    arrived = true;
  };
  node.addEventListener("textInput", note);
  node.dispatchEvent(new Event("textInput"));
  node.removeEventListener("textInput", note);
  return arrived;
}

/** Nothing changes in a boundary before it is hydrated, and hydration changes something in most of them. @param {Node} boundary */
function awaitHydration(boundary) {
  late.add(boundary);
  const observer = new MutationObserver((records) => {
    if (records.some(({ target }) => boundariesAround(target).includes(boundary))) finish();
  });
  const finish = () => {
    observer.disconnect();
    hydrated.add(boundary);
    schedulePass();
  };
  const all = { childList: true, subtree: true, attributes: true, characterData: true };
  observer.observe(/** @type {Node} */ (boundary.parentNode), all);
  setTimeout(finish, LATEST);
}

/** A boundary in which nothing changes is taken for hydrated after so many milliseconds. */
const LATEST = 15_000;

/** @param {Node} node @returns {Node[]} the comments that begin the boundaries around it, the innermost first */
function boundariesAround(node) {
  const found = [];
  for (let at = node; at.parentNode && at !== document.body; at = at.parentNode) {
    if (!holdsComments(at.parentNode)) continue;
    let closed = 0;
    for (let before = at.previousSibling; before; before = before.previousSibling) {
      if (before.nodeType !== Node.COMMENT_NODE) continue;
      const mark = before.nodeValue ?? "";
      if (mark === "/$") closed += 1;
      else if (mark.startsWith("$") && closed > 0) closed -= 1;
      else if (mark.startsWith("$")) found.push(before);
    }
  }
  return found;
}

/** Parents that hold no comment, in this pass: a thousand links in one of them are looked at once. @type {WeakSet<Node>} */
let withoutComments = new WeakSet();

/** Each pass looks anew. */
export function forgetBoundaries() {
  withoutComments = new WeakSet();
}

/** @param {Node} parent */
function holdsComments(parent) {
  if (withoutComments.has(parent)) return false;
  for (let child = parent.firstChild; child; child = child.nextSibling) {
    if (child.nodeType === Node.COMMENT_NODE) return true;
  }
  withoutComments.add(parent);
  return false;
}

/** @param {EventTarget} target @param {string} type */
function once(target, type) {
  return new Promise((resolve) => target.addEventListener(type, resolve, { once: true }));
}

export function idle() {
  return new Promise((resolve) => requestIdleCallback(resolve, { timeout: 1000 }));
}
