// The languages of badges. English is always there; others are added by importing their words.

import { en } from "./words/en.js";

/** Every message of a language, with `$1` and `$2` for its parts. @typedef {Record<keyof typeof en, string>} Words */

/**
 * Says a message. `tag`: what dates and numbers are written by; `language`: what the words are in.
 *
 * @typedef {((key: keyof Words, ...parts: (string | number)[]) => string) & { tag: string, language: string }} Say
 */

/** @type {Map<string, Words>} */
const languages = new Map([["en", en]]);
/** @type {Map<string, Say>} */
let sayers = new Map();

/** @param {string} language its primary tag, such as "de" @param {Words} words */
export function addLanguage(language, words) {
  languages.set(language, words);
  sayers = new Map();
}

/**
 * The words for a tag such as "en-GB": those of its language, else the English ones.
 *
 * @param {string} lang
 * @returns {Say}
 */
export function wordsFor(lang) {
  const known = sayers.get(lang);
  if (known) return known;
  const tag = canonical(lang);
  const language = tag.split("-")[0] ?? "en";
  const words = languages.get(language) ?? en;
  const spoken = languages.has(language) ? tag : "en";
  const say = Object.assign(
    (/** @type {keyof Words} */ key, /** @type {(string | number)[]} */ ...parts) =>
      words[key].replace(/\$(\d)/g, (_, at) => `${parts[at - 1] ?? ""}`),
    { tag: spoken, language: spoken === "zh" ? "zh-CN" : spoken },
  );
  sayers.set(lang, say);
  return say;
}

/** @param {string} lang an attribute's value may be anything */
function canonical(lang) {
  try {
    return Intl.getCanonicalLocales(lang.replaceAll("_", "-"))[0] ?? "en";
  } catch {
    return "en"; // not a language tag
  }
}
