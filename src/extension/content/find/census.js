// All links of the page that name a model or a version, and which of them each box around them holds.

import { readLink } from "./links.js";

/** @typedef {import("./links.js").Target} Target */
/** What a link named when it was read, and its address then. @typedef {Target & { href: string }} Named */

/** Two links of a box name different things. */
export const MIXED = -1;

/**
 * What an element holds.
 *
 * @typedef {object} Box
 * @property {number} model the one that all its links name; 0 for versions without a model, or MIXED
 * @property {number} version the one that all its links name; 0 for none, or MIXED
 * @property {Element[]} links in the page's order, as long as they name one version
 * @property {boolean} [isProse] whether words stand between the links, once it was looked for
 */

/**
 * @typedef {object} Census
 * @property {Map<Element, Named>} links
 * @property {Map<Element, Box>} boxes
 * @property {boolean} allBlank whether links open a new tab as a rule, as some add-ons make them
 */

/** Cards, rows and lists are no deeper than this above their links. */
const DEEPEST = 8;

/**
 * One walk, linear in the number of links.
 *
 * @param {ParentNode} root
 * @param {import("../slices.js").Slices} slices
 * @returns {Promise<Census>}
 */
export async function takeCensus(root, slices) {
  /** @type {Census} */
  const census = { links: new Map(), boxes: new Map(), allBlank: false };
  let [blank, relative] = [0, 0];
  for (const link of root.querySelectorAll(LINKS)) {
    if (slices.isOver()) await slices.next();
    const href = link.getAttribute("href");
    const target = readLink(href, location.href);
    if (!target || !href) continue;
    census.links.set(link, { ...target, href });
    if (href.startsWith("/")) {
      relative += 1;
      if (link.getAttribute("target") === "_blank") blank += 1;
    }
    note(census.boxes, link, target);
  }
  census.allBlank = relative > 0 && blank / relative > 0.8;
  return census;
}

/** @param {Map<Element, Box>} boxes @param {Element} link @param {Target} target */
function note(boxes, link, target) {
  const [model, version] = [target.model ?? 0, target.version ?? 0];
  let up = link.parentElement;
  for (let depth = 0; up && depth < DEEPEST; depth++, up = up.parentElement) {
    const box = boxes.get(up);
    if (!box) {
      boxes.set(up, { model, version, links: [link] });
      continue;
    }
    // If a box is mixed, all boxes around it are.
    if (box.model === MIXED) return;
    if (box.model !== model) box.model = MIXED;
    if (box.version !== version) box.version = MIXED;
    if (box.model !== MIXED && box.version !== MIXED) box.links.push(link);
  }
}

/** What may be such a link. */
export const LINKS = 'a[href*="/model"]';
