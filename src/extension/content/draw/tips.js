// Tooltips: badges take no pointer and no focus, so what rests above one, or has focus beside it, opens its words.

import { askForTerms } from "../ask.js";
import { state } from "../state.js";
import { parts } from "./badge.js";

/** The badge beside a link or a button. @type {WeakMap<Element, HTMLElement>} */
export const badgeBeside = new WeakMap();

/** @type {HTMLElement | null} */
let opened = null;

export function watchForTips() {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;
  document.addEventListener(
    "pointermove",
    ({ clientX, clientY }) => {
      clearTimeout(resting);
      if (opened && !isOver(opened, clientX, clientY)) closeTip();
      resting = setTimeout(() => {
        const under = [...state.placed.keys()].find((badge) => isOver(badge, clientX, clientY));
        if (under) openTip(under);
      }, 250);
    },
    { passive: true },
  );
  document.addEventListener("focusin", ({ target }) => {
    const focused = target instanceof Element ? target.closest("a, button") : null;
    const badge = focused && badgeBeside.get(focused);
    if (badge) openTip(badge);
    else closeTip();
  });
  document.addEventListener("focusout", closeTip);
  document.addEventListener("keydown", ({ key }) => key === "Escape" && closeTip());
  document.addEventListener("scroll", closeTip, { capture: true, passive: true });
}

/** @param {HTMLElement} badge */
function openTip(badge) {
  const tip = parts.get(badge)?.tip;
  if (!tip || opened === badge || !badge.hasAttribute("data-drawn") || !badge.isConnected) return;
  closeTip();
  opened = badge;
  askForTerms(badge);
  tip.showPopover();
  const [face, size] = [badge.getBoundingClientRect(), tip.getBoundingClientRect()];
  const left = Math.min(Math.max(8, face.left), innerWidth - size.width - 8);
  const below = face.bottom + 6;
  const top = below + size.height > innerHeight - 8 ? face.top - size.height - 6 : below;
  tip.style.left = `${left}px`;
  tip.style.top = `${Math.max(8, top)}px`;
}

function closeTip() {
  const tip = opened && parts.get(opened)?.tip;
  opened = null;
  if (tip?.matches(":popover-open")) tip.hidePopover();
}

/** @param {HTMLElement} badge @param {number} x @param {number} y */
function isOver(badge, x, y) {
  const face = parts.get(badge)?.face.getBoundingClientRect();
  return Boolean(face?.width && x >= face.left && x <= face.right && y >= face.top && y <= face.bottom);
}
