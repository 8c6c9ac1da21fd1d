// Where a badge of a link goes. Only appended or put after, never wrapping, moving or re-wording a node of the site's,
// and never inside its links' or titles' text.

import { BADGE } from "../../../badge/draw.js";
import { cardAround, cardRootOf, isCover } from "./cards.js";
import { takeCensus } from "./census.js";

/** @typedef {import("../../settings.js").Surface} Surface */
/** @typedef {import("./census.js").Census} Census */
/** @typedef {import("./census.js").Named} Named */
/** @typedef {import("./links.js").Target} Target */

/**
 * @typedef {object} Place
 * @property {Surface} surface
 * @property {Element} anchor the site's element that it speaks of
 * @property {string} text what the anchor said when the place was found: if it says another thing, it is out of date
 * @property {number | null} model
 * @property {number | null} version null: the one that the model's page shows first
 * @property {Element} beside the element that the badge is put into, or after
 * @property {"inside" | "after"} how
 * @property {{ anchor: Element, text: string }} [title] what stands above a version button, and what it said: the next
 *   model may have a version of the same name
 */

/** A link that only the popup lists. @typedef {Target & { link: Element }} Listed */

/**
 * The places of all links, the links that only the popup lists, and how many have no place though they should: links
 * that follow one another and name the same count as one.
 *
 * @param {ParentNode} root
 * @param {import("../slices.js").Slices} slices
 * @returns {Promise<{ places: Place[], listed: Listed[], lost: number }>}
 */
export async function placesOfLinks(root, slices) {
  const census = await takeCensus(root, slices);
  /** @type {Place[]} */
  const places = [];
  /** @type {Listed[]} */
  const listed = [];
  const region = mainRegion();
  /** Of each card the link that covers it. @type {Map<Element, Element>} */
  const cards = new Map();
  for (const [link, target] of census.links) {
    if (slices.isOver()) await slices.next();
    if (target.model === null || !isCover(link)) continue;
    const card = cardRootOf(link, target.model, census);
    if (card && !cards.has(card)) cards.set(card, link);
  }
  let lost = 0;
  /** @type {Named | null} */
  let before = null;
  let isLost = false;
  for (const [link, target] of census.links) {
    if (slices.isOver()) await slices.next();
    const place = placeOf(link, target, { census, cards, region });
    if (place === "listed") listed.push({ model: target.model, version: target.version, link });
    else if (place !== "lost" && place) places.push(place);
    const follows = before?.model === target.model && before.version === target.version;
    before = target;
    // One of them with a place is enough.
    if (follows && isLost && place !== "lost") lost -= 1;
    if (!follows && place === "lost") lost += 1;
    isLost = place === "lost" && (!follows || isLost);
  }
  return { places, listed, lost };
}

/**
 * @param {Element} link
 * @param {Named} target
 * @param {{ census: Census, cards: Map<Element, Element>, region: Element }} page
 * @returns {Place | "listed" | "lost" | null} null: it needs none, or another link has it
 */
function placeOf(link, target, { census, cards, region }) {
  if (isKeptOut(link)) return null;
  // Not the link's address of now: the page may have given it another one since, and then the place is out of date.
  const { model, version, href } = target;
  // The site's own buttons; in a creator's text a download is named whole.
  if (/^\/api\//.test(href)) return null;
  if (isGenerators(link, href, census, region)) return "listed";
  const at = (
    /** @type {Surface} */ surface,
    /** @type {Element} */ beside,
    /** @type {Place["how"]} */ how,
  ) => ({ surface, beside, how, model, version, anchor: link, text: href });

  const card = cardAround(link, cards);
  if (card) return cards.get(card) === link ? at("cards", card, "inside") : null;
  const row = rowOf(link, target, census);
  if (row) return row.link === link ? at(row.surface, row.beside, row.how) : null;
  if (!squeezed(link.textContent)) return "lost";
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

/** Where the pages are: the generator's panel, its windows and the chat lie beside it. */
export function mainRegion() {
  return document.getElementById("main") ?? document.querySelector("main") ?? document.body;
}

/** Editors take out what they did not write, and chats too: a badge there would come and go for ever. @param {Element} node */
export function isKeptOut(node) {
  return node.closest(FORBIDDEN) !== null;
}

const FORBIDDEN = [
  "[contenteditable]:not([contenteditable=false])",
  ".ProseMirror",
  "textarea",
  "[role=textbox]",
  "[role=log]",
  '[class*="Chat"]',
  BADGE,
].join();

/** What makes a link a block rather than words. */
const BLOCKS = "img, video, canvas, div, button, h1, h2, h3, h4, h5, h6";

/**
 * The generator's panel and its windows: their links lie beside the page, or open another tab where links as a rule do
 * not. Some add-ons make every link do that.
 *
 * @param {Element} link @param {string} href @param {Census} census @param {Element} region
 */
function isGenerators(link, href, { allBlank }, region) {
  if (!href.startsWith("/")) return false;
  // A drawer over the page holds the same list of a picture's resources as the page of the picture.
  const besides = !region.contains(link) && !link.closest("li");
  return besides || (!allBlank && link.getAttribute("target") === "_blank");
}

/** More links than this are prose, whatever they are in. */
const MOST_IN_ROW = 20;
/** A row is no higher than its few lines, in CSS pixels. */
const HIGHEST_ROW = 160;

/**
 * The row whose links name one version: an image's resource (with a group at the right), a download (two links), an
 * auction (a link to the slot before it). One badge for the row, at one of its links.
 *
 * @param {Element} link
 * @param {Target} target
 * @param {Census} census
 * @returns {(Pick<Place, "surface" | "beside" | "how"> & { link: Element }) | null}
 */
function rowOf(link, { model, version }, census) {
  if (version === null) return null;
  let line = link;
  for (let depth = 0; line.parentElement && depth < 5; line = line.parentElement, depth++) {
    const row = line.parentElement;
    const box = census.boxes.get(row);
    if (!box || isProse(row, box)) return null;
    const isAlone = box.model === (model ?? 0) && box.version === version;
    const links = isAlone ? box.links : linksBeside(line, census);
    if (links.length > MOST_IN_ROW) return null;
    const isPair = links.length > 1;
    if (
      isAlone &&
      !isPair &&
      !(depth === 0 && [...row.children].some((one) => one !== link && one.localName === "a"))
    )
      continue;
    if (!isAlone && !isPair) return null;
    const [first = link] = links;
    const last = links.at(-1) ?? link;
    const height = isAlone ? row.getBoundingClientRect().height : heightFrom(first, last);
    if (height > HIGHEST_ROW) return null;
    const group = isPair ? groupBeside(first, last, row) : null;
    if (group) return { surface: "images", beside: group, how: "inside", link: first };
    // Without a box of their own, links of words alone are a creator's list.
    if (!isAlone && !links.every((one) => one.firstElementChild)) return null;
    return { surface: "rows", beside: last, how: "after", link: last };
  }
  return null;
}

/**
 * The links that follow one another around a line and name what it names: those of a row that has no box of its own.
 * It stops at one more than a row may have.
 *
 * @param {Element} line
 * @param {Census} census
 */
function linksBeside(line, { links, boxes }) {
  /** @param {Element} element */
  const heldBy = (element) => {
    const target = links.get(element);
    if (!target) return boxes.get(element);
    return { model: target.model ?? 0, version: target.version ?? 0, links: [element] };
  };
  const own = heldBy(line);
  const found = [...(own?.links ?? [])];
  for (const side of /** @type {const} */ (["previousElementSibling", "nextElementSibling"])) {
    for (let at = line[side]; at && found.length <= MOST_IN_ROW; at = at[side]) {
      const held = heldBy(at);
      if (!held) continue;
      if (held.model !== own?.model || held.version !== own.version) break;
      if (side === "nextElementSibling") found.push(...held.links);
      else found.unshift(...held.links);
    }
  }
  return found;
}

/** @param {Element} first @param {Element} last */
function heightFrom(first, last) {
  return last.getBoundingClientRect().bottom - first.getBoundingClientRect().top;
}

/**
 * The group at the right of a row's first line, where its second link is on the next.
 *
 * @param {Element} first @param {Element} last @param {Element} row
 */
function groupBeside(first, last, row) {
  for (let line = first.parentElement; line && line !== row; line = line.parentElement) {
    if (line.contains(last)) return null;
    const group = [...line.children].findLast((one) => one.localName !== BADGE);
    if (group && !group.contains(first) && !group.querySelector("a")) return group;
  }
  return null;
}

/**
 * Whether words stand between the links. Looked for once in a row, for there may be thousands of links in it.
 *
 * @param {Element} row
 * @param {import("./census.js").Box} box
 */
function isProse(row, box) {
  box.isProse ??= [...row.childNodes].some(
    ({ nodeType, nodeValue }) => nodeType === Node.TEXT_NODE && squeezed(nodeValue) !== "",
  );
  return box.isProse;
}
