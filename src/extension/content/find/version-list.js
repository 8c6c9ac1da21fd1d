// The list of versions: the group of buttons whose labels are the versions' names in order, whatever their classes.

import { isKeptOut, mainRegion, squeezed } from "./places.js";

/** @typedef {{ label: Element, nth: number }} Labelled a button, and the index of its version */

/**
 * @param {string[]} names of the model's versions, in the page's order
 * @param {Element} heading the model's title, which stands before the list
 * @param {boolean} byIndex whether the list is the page's own or the page is translated: then the index decides
 * @returns {Labelled[]} empty where no group agrees
 */
export function versionLabels(names, heading, byIndex) {
  if (names.length === 0) return [];
  const buttons = buttonsAfter(heading);
  const texts = new Map(buttons.map((button) => [button, squeezed(button.textContent)]));
  /** @type {Set<Element>} */
  const tried = new Set();
  for (const button of buttons) {
    const text = texts.get(button) ?? "";
    if (!names.some((name) => says(text, name))) continue;
    const group = groupAround(button, buttons, names.length);
    if (tried.has(group)) continue;
    tried.add(group);
    const labels = buttons.filter((one) => group.contains(one));
    if (labels.length > names.length + MOST_OTHERS) continue;
    const found = agreement(
      labels.map((one) => texts.get(one) ?? ""),
      names,
      byIndex,
    );
    if (found) return found.map(([at, nth]) => ({ label: /** @type {Element} */ (labels[at]), nth }));
  }
  return byIndex ? translatedLabels(buttons, names.length) : [];
}

/** Where every name is translated: the first group after the title, if it has as many buttons as there are versions. @param {Element[]} buttons @param {number} count @returns {Labelled[]} */
function translatedLabels(buttons, count) {
  const [first] = buttons;
  if (!first || count < 2) return [];
  const group = groupAround(first, buttons, count);
  const labels = buttons.filter((one) => group.contains(one));
  return labels.length === count ? labels.map((label, nth) => ({ label, nth })) : [];
}

/** Those with words in them: menus and arrows have none. @param {Element} heading */
function buttonsAfter(heading) {
  return [...mainRegion().querySelectorAll(BUTTONS)].filter(
    (button) =>
      squeezed(button.textContent) !== "" &&
      heading.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING &&
      !isKeptOut(button) &&
      !button.closest("a, [role=dialog], dialog"),
  );
}

/** Drafts, and versions that the API does not list. */
const MOST_OTHERS = 12;
const BUTTONS = "button, [role=button], [role=tab], [role=radio], [role=option]";

/** The smallest box around a button that holds as many as there are versions. @param {Element} button @param {Element[]} buttons @param {number} count */
function groupAround(button, buttons, count) {
  const end = mainRegion();
  let group = button.parentElement ?? button;
  while (
    group !== end &&
    group.parentElement &&
    buttons.filter((one) => group.contains(one)).length < count
  ) {
    group = group.parentElement;
  }
  return group;
}

/**
 * Which label is which version; null where they do not agree. A label of a version that the list does not hold is left
 * out. Where the index decides, a name may differ: it is translated, or an add-on wrote into it.
 *
 * @param {string[]} labels
 * @param {string[]} names
 * @param {boolean} byIndex
 * @returns {[at: number, nth: number][] | null}
 */
export function agreement(labels, names, byIndex) {
  if (labels.length === names.length) {
    const agree = labels.filter((label, at) => says(label, names[at] ?? "")).length;
    if (agree === names.length || (byIndex && agree > 0)) return labels.map((_, at) => [at, at]);
  }
  // Of two versions of one name nobody could say which is missing.
  if (new Set(names).size < names.length) return null;
  /** @type {[number, number][]} */
  const pairs = [];
  for (const [at, label] of labels.entries()) {
    const nth = names.indexOf(label);
    if (nth < 0) continue;
    const last = pairs.at(-1)?.[1] ?? -1;
    if (nth <= last) return null;
    pairs.push([at, nth]);
  }
  return pairs.length * 2 >= names.length ? pairs : null;
}

/** Whether a label says a name, also where an add-on has put a sign beside it. @param {string} label @param {string} name */
function says(label, name) {
  if (label === name) return true;
  const at = name ? label.indexOf(name) : -1;
  if (at < 0 || label.length > name.length + 12) return false;
  const around = [label.slice(0, at).slice(-1), label.slice(at + name.length).slice(0, 1)];
  return around.every((sign) => sign === "" || /[\s\p{S}]/u.test(sign));
}
