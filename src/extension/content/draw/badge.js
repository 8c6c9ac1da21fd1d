import { markOf } from "./marks.js";
import { t } from "./messages.js";

/** @typedef {import("../../settings.js").Surface} Surface */
/** @typedef {import("./words.js").Words} Words */

/** @typedef {"open" | "locked" | "trial" | "yours" | "off" | "pending" | "unknown"} Shape */

/**
 * What a badge shows; null: it waits for its answer.
 *
 * @typedef {object} Drawing
 * @property {Shape} state
 * @property {Words | null} words
 * @property {boolean} drawn
 * @property {string} more what is said beside the version itself
 * @property {string[]} [sizes] all that this badge may come to show: it keeps the width of the widest
 */

/** The parts of each badge of ours. @type {WeakMap<Element, Record<"face" | "text" | "tip" | "sizes", HTMLElement>>} */
export const parts = new WeakMap();

/**
 * A badge that waits.
 *
 * @param {Surface} surface
 * @returns {HTMLElement}
 */
export function makeBadge(surface) {
  const badge = document.createElement(BADGE);
  badge.setAttribute("data-surface", surface);
  badge.setAttribute("translate", "no");
  badge.lang = t("lang");
  const root = badge.attachShadow({ mode: "open" });
  const style = document.createElement("style");
  style.textContent = LOOK;
  const [face, text, tip] = [element("span", "face"), element("span", "text"), element("span", "tip")];
  const sizes = element("span", "sizes");
  tip.popover = "manual";
  root.append(style, face, sizes, tip);
  parts.set(badge, { face, text, tip, sizes });
  return badge;
}

/**
 * @param {HTMLElement} badge
 * @param {Drawing} drawing
 */
export function drawBadge(badge, { state, words, drawn, more, sizes = [] }) {
  const made = parts.get(badge);
  if (!made) return;
  const name = [words?.name, more].filter(Boolean).join(". ");
  const said = `${state}\n${drawn}\n${name}\n${words?.lines.join("\n")}\n${sizes}`;
  if (badge.hidden) badge.hidden = false;
  if (drawings.get(badge) === said) return;
  drawings.set(badge, said);

  badge.setAttribute("data-state", state);
  badge.toggleAttribute("data-drawn", drawn);
  if (drawn && words) {
    badge.setAttribute("role", "img");
    badge.setAttribute("aria-label", name);
    badge.removeAttribute("aria-hidden");
  } else {
    badge.removeAttribute("role");
    badge.removeAttribute("aria-label");
    badge.setAttribute("aria-hidden", "true");
  }
  made.text.textContent = words?.short ?? "";
  made.face.replaceChildren(markOf(state), made.text);
  made.sizes.replaceChildren(...sizes.map((size) => element("span", "size", size)));
  made.tip.replaceChildren(
    ...[...(words?.lines ?? []), more].filter(Boolean).map((line) => element("span", "line", line)),
  );
}

/** What each badge shows, to leave it alone when nothing changed. @type {WeakMap<Element, string>} */
const drawings = new WeakMap();

/** Nothing of an earlier answer is left, also not for one frame. @param {HTMLElement} badge */
export function blankBadge(badge) {
  drawBadge(badge, { state: "pending", words: null, drawn: false, more: "" });
  badge.hidden = true;
}

/** @param {string} name @param {string} className @param {string} [text] */
function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

export const BADGE = "civitai-lock-badge";

/** Colours follow the site's own switch: it sets `color-scheme`, which is inherited (contract of the pages, §6). */
const LOOK = `
:host {
  all: initial;
  --ink: light-dark(#33363d, #d5d8df); --ground: light-dark(#eceef1, #2c2f36); --edge: light-dark(#8b919c, #7c828d);
  display: inline-block; flex: none; vertical-align: middle; color-scheme: inherit; pointer-events: none;
  font: 600 12px/1.4 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; text-align: start;
}
:host([hidden]) { display: none; }
:host([data-state="open"]) { --ink: light-dark(#0b5e46, #8fe3c1); --ground: light-dark(#def3ea, #143329); --edge: light-dark(#3f9d7e, #3f9d7e); }
:host([data-state="locked"]) { --ink: light-dark(#7c2d06, #ffd2ae); --ground: light-dark(#ffe6d3, #4a2410); --edge: light-dark(#cf6a2b, #e08a4e); }
:host([data-state="trial"]) { --ink: light-dark(#5a4300, #ffe08a); --ground: light-dark(#fff1c2, #3b300e); --edge: light-dark(#b98b00, #cda63a); }
:host([data-state="yours"]) { --ink: light-dark(#2f2f9b, #ccc8ff); --ground: light-dark(#e7e6fd, #292760); --edge: light-dark(#6c68d6, #8985ec); }
.face {
  box-sizing: border-box; display: inline-flex; align-items: center; gap: 5px; max-inline-size: 100%; block-size: 22px;
  padding-inline: 6px 8px; border: 1px solid var(--edge); border-radius: 6px; color: var(--ink); background: var(--ground);
  forced-color-adjust: auto;
}
.text { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
svg { inline-size: 14px; block-size: 14px; flex: none; }
.line { fill: none; stroke: currentColor; stroke-width: 1.7; stroke-linecap: round; stroke-linejoin: round; }
.solid { fill: currentColor; stroke: none; }
:host([data-state="unknown"]) .face { border-style: dashed; }
:host(:not([data-drawn])) .face { visibility: hidden; }

:host([data-state="pending"]) .face { visibility: visible; border-style: dotted; background: none; inline-size: 44px; opacity: 0; animation: wait 0s 600ms forwards; }
:host([data-state="pending"]:is([data-surface="cards"], [data-surface="blocks"], [data-surface="text"])) .face { visibility: hidden; }
@keyframes wait { to { opacity: 1; } }

/* Widths do not follow the words: nothing of the page's moves when they change. */
.sizes { display: block; block-size: 0; overflow: clip; visibility: hidden; }
.size { display: block; padding-inline: 27px 10px; white-space: nowrap; }
:host([data-surface="title"]) { align-self: center; min-inline-size: 58px; max-inline-size: 100%; }
:host([data-surface="rows"]) { inline-size: 232px; max-inline-size: 100%; block-size: 22px; margin-inline-start: 6px; overflow: clip; }
:host([data-surface="text"]) { margin-inline: 4px; max-inline-size: 100%; }
:host([data-surface="text"]:not([data-drawn])) { display: none; }
:host(:is([data-surface="text"], [data-surface="images"])) .face { block-size: 18px; font-size: 11px; padding-inline: 4px 6px; }

/* Without a width of its own, hanging into the row's second line. */
:host([data-surface="images"]) { position: relative; z-index: 1; inline-size: 0; align-self: stretch; margin-inline-start: calc(-1 * var(--gap, 0px)); }
:host([data-surface="images"]) .face { position: absolute; inset-block-start: calc(100% + 1px); inset-inline-end: 0; inline-size: max-content; max-inline-size: 240px; }

:host([data-surface="cards"]) { position: absolute; z-index: 9; inset-block-start: 42px; inset-inline: 8px 44px; }
:host([data-surface="blocks"]) { margin-inline-start: auto; }
:host([data-surface="blocks"]:not([data-drawn])) { display: none; }
:host([data-surface="blocks"][data-fit="corner"]) { position: absolute; z-index: 9; inset-block-end: 6px; inset-inline-end: 6px; }
:host([data-surface="blocks"][data-fit="edge"]) { position: absolute; z-index: 9; inset-block-start: 0; inset-inline-end: 0; }
:host([data-fit="edge"]) .text { display: none; }
:host([data-fit="edge"]) .face { block-size: 14px; inline-size: 14px; padding: 0; justify-content: center; border-radius: 0 4px 0 5px; }
:host([data-fit="edge"]) svg { inline-size: 11px; block-size: 11px; }

:host([data-surface="versions"]) { position: absolute; z-index: 1; inset-block-start: 0; inset-inline-end: 0; }
:host([data-surface="versions"]) .face { block-size: 14px; inline-size: 13px; padding: 0; justify-content: center; border-width: 0 0 1px 1px; border-radius: 0 4px 0 5px; }
:host([data-surface="versions"]) .text { display: none; }
:host([data-surface="versions"]) svg { inline-size: 11px; block-size: 11px; }

.tip {
  position: fixed; inset: auto; margin: 0; max-inline-size: 300px; padding: 8px 10px; border: 1px solid var(--edge); border-radius: 8px;
  color: light-dark(#22242a, #eceef2); background: light-dark(#ffffff, #1d1f24); box-shadow: 0 4px 18px rgb(0 0 0 / 30%);
  font-weight: 400; pointer-events: none; text-align: start; white-space: normal;
}
.tip .line { display: block; stroke: none; }
.tip .line:first-child { font-weight: 700; }
@media (forced-colors: active) {
  .face, .tip { border-color: CanvasText; color: CanvasText; background: Canvas; }
}
@media print { :host { display: none; } }
`;
