// The language that the person reads.

/**
 * The browser's language with its region where we have words for it, else that of the messages in use. Dates and
 * times follow the region: British English says 14:05.
 *
 * @returns {string} a BCP 47 tag
 */
export function languageInUse() {
  const inUse = chrome.i18n.getMessage("lang");
  const sameLanguage = (/** @type {string} */ tag) => tag.split("-")[0] === inUse.split("-")[0];
  return [chrome.i18n.getUILanguage(), ...navigator.languages].find(sameLanguage) ?? inUse;
}
