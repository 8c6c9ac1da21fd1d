// Tooltips: badges take no pointer and no focus, so what rests above one, or has focus beside it, opens its words.

import { faceOf } from "../../../badge/draw.js";
import { watchTips } from "../../../badge/tip.js";
import { state } from "../state.js";

/** @typedef {import("../find/places.js").Place} Place */

export function watchForTips() {
  return watchTips({ document, badgeAt, badgeOf: badgeBeside });
}

/** The badge that is really seen there, not one under a dialog or a header. @param {number} x @param {number} y */
function badgeAt(x, y) {
  const top = document.elementFromPoint(x, y);
  if (!top) return null;
  for (const [badge, { place }] of state.placed) {
    const face = faceOf(badge);
    if (!face || x < face.left || x > face.right || y < face.top || y > face.bottom) continue;
    if (top === badge || groundOf(place)?.contains(top)) return badge;
  }
  return null;
}

/** What lies under a badge. @param {Place} place */
function groundOf({ beside, how }) {
  return how === "after" ? beside.parentElement : beside;
}

const CONTROLS = "a[href], button, [role=button]";

/** The badge of the link or button that has the focus. @param {Element} focused */
function badgeBeside(focused) {
  const control = focused.closest(CONTROLS) ?? focused;
  let ofTitle = null;
  for (const [badge, { place }] of state.placed) {
    if (control.contains(place.anchor)) return badge;
    if (place.surface === "title") ofTitle = badge;
  }
  return ofTitle && controlAfter(ofTitle) === control ? ofTitle : null;
}

/** A title takes no focus: its tooltip opens with the control that follows it. @param {Element} badge */
function controlAfter(badge) {
  const controls = badge.closest("main, body")?.querySelectorAll(CONTROLS) ?? [];
  const follows = (/** @type {Element} */ control) =>
    badge.compareDocumentPosition(control) & Node.DOCUMENT_POSITION_FOLLOWING;
  return [...controls].find((control) => follows(control) && control.checkVisibility()) ?? null;
}
