import { readLink } from "./links.js";
import { FORBIDDEN, squeezed } from "./places.js";

/** @typedef {import("./places.js").Place} Place */
/** @typedef {import("../../protocol.js").ModelAnswer} ModelAnswer */
/** @typedef {import("../../protocol.js").PageModel} PageModel */

/** @typedef {{ model: number, version: number | null, heading: Element | null }} Shown */

/** @type {Shown | null} */
let shown = null;

/**
 * The model that the page shows. The address names it, but for a dialog over the page, which has an address of its
 * own: then it is the one from before, as long as its heading is there (contract of the pages, §1.2).
 *
 * @returns {Shown | null}
 */
export function modelOnShow() {
  const target = readLink(location.pathname + location.search, location.origin);
  const heading = document.querySelector('#main h1[data-order="1"]');
  if (target?.model) shown = { model: target.model, version: target.version, heading };
  else if (!shown?.heading?.isConnected || shown.heading !== heading) shown = null;
  return shown;
}

/**
 * The places of the title and of the version buttons, where page and list agree: the address may be ahead of the page,
 * and a name under another model's title would be a false verdict.
 *
 * @param {Shown} shown
 * @param {ModelAnswer} answer
 * @param {PageModel | null} page the same model as the page's own data tells it
 * @returns {Place[]}
 */
export function placesOfModel({ model, version, heading }, answer, page) {
  if (!heading || heading.closest(FORBIDDEN)) return [];
  const name = page?.modelName ?? answer.modelName;
  const text = squeezed(heading.textContent);
  // What could not be learned is said without a name.
  if (name === null ? !answer.error : squeezed(name) !== text) return [];
  const first = answer.versions[0]?.versionId ?? null;
  const title = { model, version: version ?? first, anchor: heading, text, beside: heading };
  return [{ surface: "title", how: "after", ...title }, ...placesOfVersions(model, answer, page !== null)];
}

/**
 * The buttons carry no id: they are told by order and name. Of two versions of one name only the page's own list
 * knows which is which; where it and the buttons do not agree, there are no places (contract of the pages, §2.1).
 *
 * @param {number} model
 * @param {ModelAnswer} answer
 * @param {boolean} isPages whether the list is the page's own
 * @returns {Place[]}
 */
function placesOfVersions(model, { versions }, isPages) {
  const labels = versionLabels();
  const names = versions.map(({ versionName }) => squeezed(versionName));
  const agree =
    labels.length === names.length && labels.every((label, at) => squeezed(label.textContent) === names[at]);
  if (!agree) return [];
  return labels.flatMap((label, at) => {
    const text = names[at] ?? "";
    if (!isPages && names.filter((name) => name === text).length > 1) return [];
    const version = versions[at]?.versionId ?? null;
    return { surface: "versions", how: "inside", model, version, anchor: label, text, beside: label };
  });
}

/** The label of the first button in each wrapper: the second one is the owner's menu. @returns {Element[]} */
function versionLabels() {
  const list =
    document.querySelector('[aria-label="Scroll versions left"]')?.closest(".mantine-ScrollArea-root") ??
    document.querySelector(
      '[data-tour="model:start"] .mantine-ScrollArea-root:has(button[data-size="compact-sm"])',
    ) ??
    document.querySelector('[class*="ModelVersionList"][class*="scrollContainer"]');
  const buttons = [...(list?.querySelectorAll('button[data-size="compact-sm"]') ?? [])];
  return buttons
    .filter((button) => button.parentElement?.querySelector("button") === button)
    .flatMap((button) => button.querySelector(".mantine-Button-label") ?? []);
}
