// Opens tooltips: where the pointer rests on a badge, or the focus is on what the badge belongs to.

import { faceOf, tipOf } from "./draw.js";

/** How long the pointer rests before a tooltip opens, and how long it may be on its way into it, in milliseconds. */
const REST = 250;
const ON_ITS_WAY = 300;

/**
 * One tooltip at a time. It stays while the pointer is on its badge or in it, and while the focus that opened it stays,
 * also if that focus scrolls the page. Escape closes it, and nothing else then.
 *
 * @param {object} where
 * @param {Document} where.document
 * @param {(x: number, y: number) => HTMLElement | null} where.badgeAt the badge that is really seen there, not one under a dialog
 * @param {(focused: Element) => HTMLElement | null} where.badgeOf the badge of what has the focus
 * @param {(badge: HTMLElement) => void} [where.onOpen]
 * @returns {{ close: () => void, stop: () => void }}
 */
export function watchTips({ document, badgeAt, badgeOf, onOpen }) {
  /** @type {{ badge: HTMLElement, tip: HTMLElement, by: "pointer" | "focus" } | null} */
  let open = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let leaving;
  const view = document.defaultView;
  const listening = new AbortController();

  /** @param {HTMLElement | null} badge @param {"pointer" | "focus"} by */
  function show(badge, by) {
    if (!badge?.isConnected || open?.badge === badge) return;
    close();
    const tip = tipOf(badge);
    if (!tip) return;
    tip.showPopover();
    open = { badge, tip, by };
    place();
    onOpen?.(badge);
  }

  function close() {
    clearTimeout(resting);
    clearTimeout(leaving);
    leaving = undefined;
    if (open?.tip.isConnected) open.tip.hidePopover();
    open = null;
  }

  /** Below its badge, or above it where there is no room. While the focus is still scrolling into view it waits unseen. */
  function place() {
    if (!open || !view) return;
    const face = faceOf(open.badge);
    if (!face) return close();
    const isOutside = face.bottom < 0 || face.top > view.innerHeight;
    open.tip.style.visibility = isOutside ? "hidden" : "visible";
    const { width, height } = open.tip.getBoundingClientRect();
    const left = Math.max(8, Math.min(face.left, view.innerWidth - width - 8));
    const below = face.bottom + 6;
    const top = below + height > view.innerHeight - 8 ? face.top - height - 6 : below;
    open.tip.style.left = `${left}px`;
    open.tip.style.top = `${Math.max(8, top)}px`;
  }

  /** @param {PointerEvent} event */
  function onPointerMove({ clientX, clientY, pointerType }) {
    if (pointerType === "touch") return;
    clearTimeout(resting);
    if (open?.by === "pointer") {
      if (
        holds(faceOf(open.badge), clientX, clientY) ||
        holds(open.tip.getBoundingClientRect(), clientX, clientY)
      ) {
        clearTimeout(leaving);
        leaving = undefined;
        return;
      }
      leaving ??= setTimeout(close, ON_ITS_WAY);
    }
    resting = setTimeout(() => show(badgeAt(clientX, clientY), "pointer"), REST);
  }

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    if (event.key !== "Escape" || !open) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    close();
  }

  /** The pointer's tooltip goes with what it pointed at; that of the focus stays with its badge. */
  function onScroll() {
    if (open?.by === "pointer") close();
    else place();
  }

  /** @param {Event} event */
  function onFocusIn({ target }) {
    // A click focuses too, and asks for no tooltip.
    const focused = /** @type {Element | null} */ (target);
    const badge = focused?.matches?.(":focus-visible") ? badgeOf(focused) : null;
    if (badge) show(badge, "focus");
    else if (open?.by === "focus") close();
  }

  const options = { signal: listening.signal, passive: true };
  document.addEventListener("pointermove", onPointerMove, options);
  document.addEventListener("pointerleave", () => open?.by === "pointer" && close(), options);
  document.addEventListener("focusin", onFocusIn, options);
  document.addEventListener("focusout", () => open?.by === "focus" && close(), options);
  document.addEventListener("scroll", onScroll, { ...options, capture: true });
  view?.addEventListener("resize", place, options);
  view?.addEventListener("keydown", onKeyDown, { signal: listening.signal, capture: true });
  return {
    close,
    stop() {
      listening.abort();
      close();
    },
  };
}

/** @param {DOMRect | null} box @param {number} x @param {number} y */
function holds(box, x, y) {
  return box !== null && x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
}
