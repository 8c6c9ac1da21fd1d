/** @typedef {import("./words.js").Translate} Translate */

/** Each message as it stands in the language's file, with its `$1` and `$2`. @type {Map<string, string>} */
const templates = new Map();

/** @type {Translate} */
export function t(key, ...parts) {
  return template(key).replace(/\$(\d)/g, (_, at) => `${parts[at - 1] ?? ""}`);
}

/** Those that are needed when the extension was updated under the page, which takes the browser's own away. */
export function keepLastWords() {
  for (const key of [
    "lang",
    "sentence",
    "semicolon",
    "aVersion",
    "notKnown",
    "reloadPage",
    "asPublic",
    "asAccount",
    "asTyped",
  ])
    template(key);
}

/** @param {string} key */
function template(key) {
  const known = templates.get(key);
  if (known !== undefined) return known;
  const message = chrome.runtime?.id ? chrome.i18n.getMessage(key, ["$1", "$2"]) : "";
  if (message) templates.set(key, message);
  return message;
}
