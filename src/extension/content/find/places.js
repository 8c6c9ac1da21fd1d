// Where a badge of a link goes. Only appended or put after, never wrapping, moving or re-wording a node of the site's,
// and never inside its links' or titles' text.

import { readLink } from "./links.js";

/** @typedef {import("../../settings.js").Surface} Surface */
/** @typedef {import("./links.js").Target} Target */

/**
 * @typedef {object} Place
 * @property {Surface} surface
 * @property {Element} anchor the site's element that it speaks of
 * @property {string} text what the anchor said when the badge was put: if it says another thing, the badge is out of date
 * @property {number | null} model
 * @property {number | null} version null: the one that the model's page shows first
 * @property {Element} beside the element that it is put into, or after
 * @property {"inside" | "after"} how
 */

/**
 * The place for a link's badge; `"listed"` for one that only the popup tells of, null for none.
 *
 * @param {Element} link
 * @returns {Place | "listed" | null}
 */
export function placeOf(link) {
  const target = readLink(link.getAttribute("href"), location.href);
  if (!target || link.closest(FORBIDDEN)) return null;
  if (isGenerators(link)) return "listed";
  const row = placeInRow(link, target);
  if (row) return row === "covered" ? null : { ...row, ...target, anchor: link, text: anchorText(link) };
  const words = squeezed(link.textContent);
  const at = (
    /** @type {Surface} */ surface,
    /** @type {Element} */ beside,
    /** @type {Place["how"]} */ how,
  ) => ({
    ...{ surface, beside, how, ...target },
    ...{ anchor: link, text: anchorText(link) },
  });
  if (!words && link.querySelector("img, video")) {
    const root = link.parentElement?.parentElement;
    return root && isCardRoot(root, target) ? at("cards", root, "inside") : null;
  }
  if (!words) return null;
  if (link.querySelector(BLOCKS)) return at("blocks", link, "inside");
  return at(location.pathname.startsWith("/posts/") ? "rows" : "text", link, "after");
}

/** What an anchor says: a link's address, else its words. @param {Element} anchor */
export function anchorText(anchor) {
  return anchor.getAttribute("href") ?? squeezed(anchor.textContent);
}

/** @param {string | null} text */
export function squeezed(text) {
  return (text ?? "").replace(/\s+/g, " ").trim();
}

/** Editors take out what they did not write, and chats too: a badge there would come and go for ever. */
export const FORBIDDEN = [
  "[contenteditable]:not([contenteditable=false])",
  ".ProseMirror",
  "textarea",
  "[role=textbox]",
  "[role=log]",
  '[class*="Chat"]',
  "civitai-lock-badge",
].join();

/** What makes a link a block rather than words. */
const BLOCKS = "img, video, div, button, h1, h2, h3, h4, h5, h6";

/** The generator's panel and the window to choose from open what they link to beside. @param {Element} link */
function isGenerators(link) {
  return link.getAttribute("target") === "_blank" && Boolean(link.getAttribute("href")?.startsWith("/"));
}

/**
 * The place in a row whose links name one version: an image's resource (a group at the right), a download (two links),
 * an auction (a link to the place before it). One badge for the row; the other links are covered by it.
 *
 * @param {Element} link
 * @param {Target} target
 * @returns {Pick<Place, "surface" | "beside" | "how"> | "covered" | null}
 */
function placeInRow(link, { model, version }) {
  const item = link.closest("li");
  const row = item ?? link.parentElement;
  if (!row || version === null || isProse(row)) return null;
  const links = [...row.querySelectorAll(item ? "a" : ":scope > a")];
  const named = links.filter((one) => {
    const other = readLink(one.getAttribute("href"), location.href);
    return other?.model === model && other.version === version;
  });
  const strangers = links.filter(
    (one) => !named.includes(one) && readLink(one.getAttribute("href"), location.href),
  );
  if (links.length < 2 || strangers.length > 0) return null;
  const group = named[0]?.parentElement?.lastElementChild;
  if (item && group && group !== named[0] && !group.querySelector("a")) {
    return link === named[0] ? { surface: "images", beside: group, how: "inside" } : "covered";
  }
  return link === named.at(-1) ? { surface: "rows", beside: link, how: "after" } : "covered";
}

/** Whether words stand between the links. @param {Element} row */
function isProse(row) {
  return [...row.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && squeezed(node.nodeValue));
}

/**
 * Whether this is the root of a card: it holds this model and no other, and what is put in its corner stays there.
 *
 * @param {Element} root
 * @param {Target} target
 */
function isCardRoot(root, { model }) {
  const { position, overflow } = getComputedStyle(root);
  if (position === "static" || overflow === "visible") return false;
  return [...root.querySelectorAll(LINKS)].every((link) => {
    const other = readLink(link.getAttribute("href"), location.href);
    return !other || other.model === model;
  });
}

export const LINKS = 'a[href*="/models/"], a[href*="/model-versions/"]';
