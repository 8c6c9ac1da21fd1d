// What popup and options have in common.

/** @type {import("../content/draw/words.js").Translate} */
export const t = (key, ...parts) => chrome.i18n.getMessage(key, parts.map(String));

/** Puts the words of the language in use where they belong. */
export function translate() {
  document.documentElement.lang = t("lang");
  for (const element of document.querySelectorAll("[data-t]")) {
    element.textContent = t(/** @type {HTMLElement} */ (element).dataset.t ?? "");
  }
}

/**
 * The element with this id.
 *
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new TypeError(`the page has no element #${id}`);
  return /** @type {T} */ (found);
}
