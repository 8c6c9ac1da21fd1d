// The model that the page shows, its title, and its list of versions.

import { readLink } from "./links.js";
import { isKeptOut, mainRegion, squeezed } from "./places.js";
import { versionLabels } from "./version-list.js";

/** @typedef {import("./places.js").Place} Place */
/** @typedef {import("../../protocol.js").ModelAnswer} ModelAnswer */
/** @typedef {import("../../protocol.js").PageModel} PageModel */
/** @typedef {{ model: number, version: number | null, heading: Element | null, text: string }} Shown */

/** @type {Shown | null} */
let shown = null;
/** The name under the title of the model that was shown before. @type {{ model: number, name: string } | null} */
let before = null;
/** The same of the model that is shown. @type {{ model: number, name: string } | null} */
let titled = null;

/**
 * The model that the page shows. The address names it, but for a dialog over the page, which has an address of its
 * own: then it is the one from before, as long as its title is there.
 *
 * @returns {Shown | null}
 */
export function modelOnShow() {
  const target = readLink(location.pathname + location.search, location.origin);
  if (target?.model) {
    if (shown?.model !== target.model) before = titled;
    const known = shown?.model === target.model ? shown : { heading: null, text: "" };
    shown = { ...known, model: target.model, version: target.version };
  } else if (!shown?.heading?.isConnected) {
    shown = null;
  }
  return shown;
}

/**
 * The places of the title and of the version buttons, where page and list agree: the address may be ahead of the page,
 * and a name under another model's title would be a false verdict.
 *
 * @param {Shown} page
 * @param {ModelAnswer} answer
 * @param {PageModel | null} own the same model as the page's own data lists it
 * @returns {Place[]}
 */
export function placesOfModel(page, answer, own) {
  const { model, version } = page;
  const name = squeezed(own?.modelName ?? answer.modelName);
  const named = namedByPage();
  // If the name is not known because of a failure, the badge shows the failure.
  if (name === "" && !answer.error) return [];
  const heading = headingOf(name, named === model || (name === "" && named === null));
  if (!heading) return [];
  const text = squeezed(heading.textContent);
  // The model before may have the same name: only the page itself knows which of them it shows.
  const isSure = named === model || before?.name !== text || (named === null && own !== null);
  if (!isSure && !(page.heading === heading && page.text === text)) return [];
  const buttons = placesOfVersions(model, answer, own !== null, heading);
  // A heading of other words may be that of another part, unless it is the page's first one or the buttons follow it.
  if (name !== "" && text !== name && buttons.length === 0 && heading !== headings()[0]) return [];
  Object.assign(page, { heading, text });
  titled = { model, name: text };
  const versions = answer.versions.map(({ versionId }) => versionId);
  // The site shows the first where the address names one that is not of the model.
  const onShow = version !== null && versions.includes(version) ? version : (versions[0] ?? version);
  /** @type {Place} */
  const title = {
    ...{ surface: "title", how: "after", model, version: onShow },
    ...{ anchor: heading, text, beside: heading },
  };
  return [title, ...buttons];
}

/**
 * The buttons carry no id: order and name say which is which. Of two versions of one name only the page's own list
 * knows which is which.
 *
 * @param {number} model
 * @param {ModelAnswer} answer
 * @param {boolean} isPages whether the list is the page's own
 * @param {Element} heading
 * @returns {Place[]}
 */
function placesOfVersions(model, { versions }, isPages, heading) {
  const names = versions.map(({ versionName }) => squeezed(versionName));
  const title = { anchor: heading, text: squeezed(heading.textContent) };
  return versionLabels(names, heading, isPages || isTranslated()).flatMap(({ label, nth }) => {
    const version = versions[nth]?.versionId;
    if (!version || (!isPages && names.filter((name) => name === names[nth]).length > 1)) return [];
    const text = squeezed(label.textContent);
    return { surface: "versions", how: "after", model, version, anchor: label, text, beside: label, title };
  });
}

/**
 * The heading that says the model's name. Where none does, because the page is translated or an add-on has put
 * something into it, it is the page's first one, if the page itself names the model.
 *
 * @param {string} name
 * @param {boolean} isNamed
 * @returns {Element | null}
 */
function headingOf(name, isNamed) {
  const all = headings();
  const first = all.filter((one) => one.matches(FIRST));
  const saying = (/** @type {Element} */ one) => squeezed(one.textContent) === name;
  const exact = first.find(saying);
  if (exact || !isNamed) return exact ?? null;
  return all.find((one) => saying(one) && !one.closest("a")) ?? first[0] ?? wordsSaying(name);
}

function headings() {
  return [...mainRegion().querySelectorAll(HEADINGS)].filter((one) => !isKeptOut(one) && !isInDialog(one));
}

const FIRST = "h1, [role=heading][aria-level='1']";
/** What may say a model's name. */
export const HEADINGS = "h1, h2, h3, h4, h5, h6, [role=heading]";

/** The first element that says a name and is no link: a heading by its looks only. @param {string} name */
function wordsSaying(name) {
  const words = document.createTreeWalker(mainRegion(), NodeFilter.SHOW_TEXT);
  for (let node = words.nextNode(); node; node = words.nextNode()) {
    const element = node.parentElement;
    if (name === "" || squeezed(node.nodeValue) !== name || !element) continue;
    if (!isKeptOut(element) && !isInDialog(element) && !element.closest("a, button")) return element;
  }
  return null;
}

/** Browsers that translate a page say so in its root's classes. */
function isTranslated() {
  return /\btranslated-(?:ltr|rtl)\b/.test(document.documentElement.className);
}

/** @param {Element} element */
function isInDialog(element) {
  return element.closest("[role=dialog], dialog") !== null;
}

/** The model that the page's head names; null while it names another thing, or nothing. @returns {number | null} */
export function namedByPage() {
  for (const link of document.head?.querySelectorAll('link[rel="alternate"], link[rel="canonical"]') ?? []) {
    const target = readLink(link.getAttribute("href"), location.href);
    if (target?.model) return target.model;
  }
  return null;
}
