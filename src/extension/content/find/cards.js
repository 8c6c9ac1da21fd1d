// Cards: a link that covers a box of one model. Found by what they hold and by their boxes, not by names of classes.

import { MIXED } from "./census.js";

/** @typedef {import("./census.js").Census} Census */

/** Smaller boxes are no cards, larger ones hold more than one, in CSS pixels. */
const SMALLEST = 90;
const LARGEST = 900;
/** How much of its card a link without words covers at least. */
const LEAST_SHARE = 0.25;
/** Before a link that is no card's is measured again, in milliseconds. */
const AGAIN = 1000;

/**
 * What was measured of a link, until it changes: measuring costs a layout.
 *
 * @type {WeakMap<Element, { cover?: boolean, root?: Element | null, at?: number, parent: Element | null }>}
 */
let measured = new WeakMap();

/** After a change in a link. @param {Element} link */
export function measureAgain(link) {
  measured.delete(link);
}

/** After a navigation. */
export function measureAllAgain() {
  measured = new WeakMap();
}

/** @param {Element} link */
function measuredOf(link) {
  const known = measured.get(link);
  if (known && known.parent === link.parentElement) return known;
  const fresh = { parent: link.parentElement };
  measured.set(link, fresh);
  return /** @type {{ cover?: boolean, root?: Element | null, at?: number, parent: Element | null }} */ (
    fresh
  );
}

/**
 * Whether a link may be a card's cover: it holds a picture, a video, a canvas, a few words such as "No Image", or nothing.
 *
 * @param {Element} link
 */
export function isCover(link) {
  const known = measuredOf(link);
  known.cover ??= looksLikeCover(link);
  return known.cover;
}

/** @param {Element} link */
function looksLikeCover(link) {
  const words = wordsOf(link);
  if (!words) return true;
  if (words.length > FEW || link.querySelector("button, h1, h2, h3, h4, h5, h6")) return false;
  return link.childElementCount > 0;
}

/** As long as "No Image" may be in any language, or what an add-on puts over a picture. */
const FEW = 24;

/**
 * The root of a card: the largest box of the cover's size that holds this model and no other, in whose corner a badge
 * stays. Its content may be emptied; the root is there as long as its row.
 *
 * @param {Element} link
 * @param {number} model
 * @param {Census} census
 * @returns {Element | null}
 */
export function cardRootOf(link, model, { boxes }) {
  const known = measuredOf(link);
  if (known.root && (!known.root.isConnected || boxes.get(known.root)?.model !== model)) delete known.root;
  const now = performance.now();
  // What is no card may become one, when it is shown or filled.
  if (known.root === undefined || (known.root === null && now - (known.at ?? 0) > AGAIN)) {
    known.root = rootOf(link, model, boxes);
    known.at = now;
  }
  return known.root;
}

/** @param {Element} link @param {number} model @param {Census["boxes"]} boxes */
function rootOf(link, model, boxes) {
  const cover = boxOf(link);
  // Too small for the smallest card: a chip, such as the site's own. An empty link has no box of its own.
  if (cover.width > 0 && cover.width * cover.height < LEAST_SHARE * SMALLEST ** 2) return null;
  /** @type {Element | null} */
  let root = null;
  let width = 0;
  let height = 0;
  for (let box = link.parentElement; box; box = box.parentElement) {
    const held = boxes.get(box);
    if (!held || held.model === MIXED || held.model !== model) break;
    const rect = box.getBoundingClientRect();
    if (rect.width > LARGEST || (root && (rect.width > width * 1.2 || rect.height > height * 1.3))) break;
    if (rect.width < SMALLEST || rect.height < SMALLEST) continue;
    const { position, overflowX } = getComputedStyle(box);
    if (position === "static" || overflowX === "visible") continue;
    root = box;
    [width, height] = [rect.width, rect.height];
  }
  if (!root) return null;
  const words = wordsOf(link);
  const share = (cover.width * cover.height) / (width * height);
  if (cover.width > 0 && share < (words ? 0.4 : LEAST_SHARE)) return null;
  // Of a block link the words are in it; of a card they are beside it.
  if (words && wordsOf(root).length <= words.length) return null;
  return root;
}

/** The box that a link takes up, also where it is an inline one around a block. @param {Element} link */
function boxOf(link) {
  const own = link.getBoundingClientRect();
  const inner = link.firstElementChild?.getBoundingClientRect();
  return inner && inner.width * inner.height > own.width * own.height ? inner : own;
}

/** @param {Element} element */
function wordsOf(element) {
  return (element.textContent ?? "").trim();
}

/** The card that a link lies in. @param {Element} link @param {Map<Element, Element>} cards @returns {Element | null} */
export function cardAround(link, cards) {
  for (let box = link.parentElement, depth = 0; box && depth < 8; box = box.parentElement, depth++) {
    if (cards.has(box)) return box;
  }
  return null;
}
