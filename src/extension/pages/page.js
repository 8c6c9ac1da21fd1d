// What popup and options have in common.

import { languageInUse } from "../language.js";

/** @typedef {(key: string, ...parts: (string | number)[]) => string} Translate */

/** A message of the language in use. @type {Translate} */
export const t = (key, ...parts) => chrome.i18n.getMessage(key, parts.map(String));

/** What dates and numbers are written by. */
export const tag = languageInUse();

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

/**
 * A new element.
 *
 * @template {keyof HTMLElementTagNameMap} N
 * @param {N} name
 * @param {Record<string, string | undefined>} [attributes] an undefined one is left out
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[N]}
 */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

/** Shows a text, or hides its element where there is none. @param {string} id @param {string} text */
export function setText(id, text) {
  byId(id).textContent = text;
  byId(id).hidden = !text;
}
