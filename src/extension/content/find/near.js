// What is near the viewport, or in it: only that is asked about.

/** @type {Map<Element, { near: boolean, seen: boolean, asked: boolean }>} */
const watched = new Map();
/** Those of which it is not known yet whether they are near. @type {Set<Element>} */
const unknown = new Set();
/** @type {() => void} */
let changed = () => {};
/** @type {{ near: IntersectionObserver, seen: IntersectionObserver } | null} */
let observers = null;

/** @param {() => void} onChange called when something comes near or into view */
export function watchViewport(onChange) {
  changed = onChange;
}

/**
 * Whether an element is within a screen's height of the viewport. An answer for a new one comes a frame later.
 *
 * @param {Element} element
 */
export function isNear(element) {
  return stateOf(element).near;
}

/** Whether it is known of each element that was asked about. */
export function areAllKnown() {
  return unknown.size === 0;
}

/** Whether an element is in the viewport. @param {Element} element */
export function isSeen(element) {
  const state = stateOf(element);
  if (!state.asked) observing().seen.observe(element);
  state.asked = true;
  return state.seen;
}

/** @param {Element} element */
function stateOf(element) {
  const known = watched.get(element);
  if (known) return known;
  const state = { near: false, seen: false, asked: false };
  watched.set(element, state);
  unknown.add(element);
  observing().near.observe(element);
  return state;
}

function observing() {
  observers ??= {
    // The site scrolls a box inside the page, where `rootMargin` has no effect. Firefox before 141 has no `scrollMargin`:
    // there only what is in view counts as near.
    near: observer("near", /** @type {any} */ ({ rootMargin: "100% 0px", scrollMargin: "100% 0px" })),
    seen: observer("seen", {}),
  };
  return observers;
}

/** @param {"near" | "seen"} which @param {IntersectionObserverInit} options */
function observer(which, options) {
  return new IntersectionObserver((entries) => {
    let any = false;
    for (const { target, isIntersecting } of entries) {
      // The last of them ends the waiting of those that are near.
      if (which === "near" && unknown.delete(target)) any ||= unknown.size === 0;
      const state = watched.get(target);
      if (!state || state[which] === isIntersecting) continue;
      state[which] = isIntersecting;
      any ||= isIntersecting;
    }
    if (any) changed();
  }, options);
}

/** Lets go of all but these. @param {Set<Element>} used */
export function watchOnly(used) {
  for (const element of watched.keys()) {
    if (used.has(element)) continue;
    watched.delete(element);
    unknown.delete(element);
    observers?.near.unobserve(element);
    observers?.seen.unobserve(element);
  }
}
