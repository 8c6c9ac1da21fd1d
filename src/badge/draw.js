// Draws a badge into an element: a plain one in a content script, where `customElements` is null, or the custom element.

import { LOOK } from "./look.js";
import { markOf } from "./marks.js";

export const BADGE = "civitai-lock-badge";

/**
 * @typedef {object} Drawn
 * @property {ShadowRoot} root
 * @property {HTMLElement} face
 * @property {HTMLElement} text
 * @property {HTMLElement | null} sizes
 * @property {HTMLElement | null} tip made when it is opened for the first time
 * @property {import("./badge.js").Badge | null} badge
 * @property {string} key what it shows, to leave it alone when nothing changed
 */

/** What is in each badge of ours. @type {WeakMap<Element, Drawn>} */
const drawn = new WeakMap();

/**
 * Gives an element its shadow root and its look, once.
 *
 * @param {HTMLElement} host
 * @param {string} [placing] further rules, such as where on a page it stands; the same text is one sheet for all badges
 */
export function dressBadge(host, placing = "") {
  const known = drawn.get(host);
  if (known) return known;
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const face = span(host.ownerDocument, "face");
  const text = span(host.ownerDocument, "text");
  root.append(face);
  for (const css of [LOOK, placing]) if (css) addSheet(root, css);
  /** @type {Drawn} */
  const parts = { root, face, text, sizes: null, tip: null, badge: null, key: "" };
  drawn.set(host, parts);
  return parts;
}

/**
 * Draws a badge. Nothing is touched if it shows the same already.
 *
 * @param {HTMLElement} host
 * @param {import("./badge.js").Badge} badge
 * @param {{ visible?: boolean, sizes?: readonly string[] }} [options] `visible: false`: it keeps its place and shows
 *   nothing. `sizes`: all that it may come to say, so that its width follows the widest and not the words of the moment
 * @returns {boolean} whether something changed
 */
export function drawBadge(host, badge, { visible = true, sizes = [] } = {}) {
  const parts = dressBadge(host);
  const { state, text, label, lines, lang } = badge;
  const key = [state, visible, lang, text, label, ...lines, "", ...sizes].join("\n");
  if (key === parts.key) return false;
  const { ownerDocument: document } = host;
  const isSpoken = visible && state !== "pending";
  parts.key = key;
  parts.badge = badge;
  host.dataset.state = state;
  host.toggleAttribute("data-drawn", visible);
  host.lang = lang;
  host.translate = false;
  setOrRemove(host, "role", isSpoken ? "img" : null);
  setOrRemove(host, "aria-label", isSpoken ? label : null);
  setOrRemove(host, "aria-hidden", isSpoken ? null : "true");
  parts.text.textContent = text;
  parts.face.replaceChildren(markOf(state, document), parts.text);
  if (sizes.length > 0 || parts.sizes) {
    parts.sizes ??= parts.root.appendChild(span(document, "sizes"));
    parts.sizes.replaceChildren(...sizes.map((size) => span(document, "size", size)));
  }
  if (parts.tip) fillTip(parts.tip, badge);
  return true;
}

/** The badge's box as it is seen; null where nothing is. @param {Element} host @returns {DOMRect | null} */
export function faceOf(host) {
  const face = host.hasAttribute("data-drawn") ? drawn.get(host)?.face.getBoundingClientRect() : null;
  return face?.width ? face : null;
}

/** The badge's tooltip, filled; null where nothing is drawn. @param {Element} host @returns {HTMLElement | null} */
export function tipOf(host) {
  const parts = drawn.get(host);
  if (!parts?.badge || parts.badge.state === "pending" || !host.hasAttribute("data-drawn")) return null;
  parts.tip ??= parts.root.appendChild(makeTip(host.ownerDocument));
  fillTip(parts.tip, parts.badge);
  return parts.tip;
}

/** @param {Document} document */
function makeTip(document) {
  const tip = span(document, "tip");
  tip.popover = "manual";
  // A badge may stand in a link: a click on its tooltip is not one on the link.
  tip.addEventListener("click", (event) => {
    event.preventDefault();
    event.stopPropagation();
  });
  return tip;
}

/** @param {HTMLElement} tip @param {import("./badge.js").Badge} badge */
function fillTip(tip, { lines }) {
  const { ownerDocument: document } = tip;
  const last = lines.length - 1;
  tip.replaceChildren(
    ...lines.map((line, nth) => span(document, nth === 0 ? "title" : nth === last ? "foot" : "reason", line)),
  );
}

/** @type {WeakMap<Document, Map<string, CSSStyleSheet>>} */
const sheets = new WeakMap();

/** One sheet serves all badges of a document. @param {ShadowRoot} root @param {string} css */
function addSheet(root, css) {
  try {
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheetOf(root.ownerDocument, css)];
  } catch {
    // Firefox does not let a content script adopt a sheet: there each badge gets a style element.
    const style = root.ownerDocument.createElement("style");
    style.textContent = css;
    root.append(style);
  }
}

/** @param {Document} document @param {string} css */
function sheetOf(document, css) {
  const known = sheets.get(document) ?? new Map();
  sheets.set(document, known);
  if (!known.has(css)) {
    // A sheet is adopted only in the document that it was made for.
    const Sheet = document.defaultView?.CSSStyleSheet ?? CSSStyleSheet;
    const sheet = new Sheet();
    sheet.replaceSync(css);
    known.set(css, sheet);
  }
  return known.get(css);
}

/** @param {Document} document @param {string} name its class; `face`, `text` and `tip` are parts too @param {string} [text] */
function span(document, name, text = "") {
  const made = document.createElement("span");
  made.className = name;
  if (PARTS.includes(name)) made.setAttribute("part", name);
  made.textContent = text;
  return made;
}

const PARTS = ["face", "text", "tip"];

/** @param {Element} element @param {string} name @param {string | null} value */
function setOrRemove(element, name, value) {
  if (value === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
