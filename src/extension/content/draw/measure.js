// What is measured before a badge is put: all measuring comes before all writing, so that the page is laid out once.

/** @typedef {import("../find/places.js").Place} Place */
/** @typedef {{ styles: Record<string, string>, data: Record<string, string> }} Measured */

/** @type {Measured} */
const NOTHING = { styles: {}, data: {} };

/** @param {Place} place @returns {Measured} */
export function measure({ surface, beside }) {
  switch (surface) {
    case "images":
      return { styles: { "--gap": gapOf(beside) }, data: {} };
    case "versions":
      return { styles: onEdgeOf(beside), data: { compact: "" } };
    case "cards":
      return { styles: { "--top": `${freeTop(beside)}px` }, data: {} };
    case "blocks":
      return fitOf(beside);
    default:
      return NOTHING;
  }
}

/** @param {Element | null} element */
function gapOf(element) {
  if (!element) return "0px";
  const { display, columnGap } = getComputedStyle(element);
  return /flex|grid/.test(display) ? columnGap.replace("normal", "0px") : "0px";
}

/** The width of the mark on a button, in pixels. */
export const MARK_WIDTH = 12;

/**
 * A mark begins where the words of its button end, and reaches into the gap behind it. After the last button there is no
 * gap, and the box in which the list scrolls would cut the mark off: there it takes the room that it needs.
 *
 * @param {Element} button
 */
function onEdgeOf(button) {
  const padding = Math.min(8, Number.parseFloat(getComputedStyle(button).paddingInlineEnd) || 0);
  const reach = MARK_WIDTH - padding;
  const room = isAtEnd(button, reach) ? reach : 0;
  return {
    "--padding": `${padding}px`,
    "--gap": gapOf(button.parentElement),
    "--room": `${room}px`,
  };
}

/** Whether what a button scrolls in ends less than so many pixels behind it, or just there. @param {Element} button @param {number} reach */
function isAtEnd(button, reach) {
  let box = button.parentElement;
  while (box && getComputedStyle(box).overflowX === "visible") box = box.parentElement;
  if (!box || box === document.documentElement || box === document.body) return false;
  const end = box.getBoundingClientRect().left + box.clientLeft - box.scrollLeft + box.scrollWidth;
  return end - button.getBoundingClientRect().right <= reach + 0.5;
}

/** Under the chips of the usual header. */
const UNDER_HEADER = 42;
const BADGE_HEIGHT = 26;

/** The highest line of a card where none of its words and marks are, in CSS pixels from its top. @param {Element} root */
function freeTop(root) {
  const card = root.getBoundingClientRect();
  const taken = marksIn(root).filter(({ left, right }) => left < card.right - 44 && right > card.left + 8);
  for (let top = UNDER_HEADER; top + BADGE_HEIGHT < card.height; top += 4) {
    const [from, to] = [card.top + top, card.top + top + BADGE_HEIGHT];
    if (!taken.some((rect) => rect.top < to && rect.bottom > from)) return top;
  }
  return UNDER_HEADER;
}

/** Where in a block link there is room: in its flow, in one of its corners, or there for the mark alone. @param {Element} link @returns {Measured} */
function fitOf(link) {
  if (getComputedStyle(link).position === "static") return { styles: {}, data: { fit: "flow" } };
  const box = link.getBoundingClientRect();
  const taken = marksIn(link);
  for (const [fit, width, height] of /** @type {const} */ ([
    ["corner", 170, 24],
    ["mark", 22, 22],
  ])) {
    for (const [inset, x, y] of /** @type {[string, number, number][]} */ ([
      ["auto 6px 6px auto", box.right - 6 - width, box.bottom - 6 - height],
      ["6px 6px auto auto", box.right - 6 - width, box.top + 6],
      ["auto auto 6px 6px", box.left + 6, box.bottom - 6 - height],
    ])) {
      const isFree = !taken.some(
        (rect) => rect.left < x + width && rect.right > x && rect.top < y + height && rect.bottom > y,
      );
      if (!isFree || x < box.left || y < box.top) continue;
      return { styles: { "--inset": inset }, data: fit === "mark" ? { fit, compact: "" } : { fit } };
    }
  }
  return { styles: {}, data: { fit: "flow" } };
}

/** Cards have a dozen pieces of text; more are not looked at. */
const MOST_PIECES = 40;

/** The boxes of words and small marks, with the padding of what they stand in. @param {Element} root */
function marksIn(root) {
  /** @type {{ left: number, right: number, top: number, bottom: number }[]} */
  const boxes = [];
  const add = (/** @type {DOMRect} */ { left, right, top, bottom, width }) => {
    if (width > 0) boxes.push({ left: left - 4, right: right + 4, top: top - 5, bottom: bottom + 5 });
  };
  const words = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = words.nextNode(); node && boxes.length < MOST_PIECES; node = words.nextNode()) {
    if (!node.nodeValue?.trim() || !isVisible(node.parentElement)) continue;
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) add(rect);
  }
  for (const mark of root.querySelectorAll("svg")) if (isVisible(mark)) add(mark.getBoundingClientRect());
  return boxes;
}

/** What shows up only under the pointer does not count. @param {Element | null} element */
function isVisible(element) {
  return element?.checkVisibility({ opacityProperty: true, visibilityProperty: true }) ?? false;
}
