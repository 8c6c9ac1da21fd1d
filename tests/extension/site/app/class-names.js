/* global MODULE_HASH */

/**
 * The class of a CSS module as the site's bundler spells it.
 *
 * @param {string} file such as `AspectRatioCard`
 * @param {...(string | false | undefined)} names
 */
export function cls(file, ...names) {
  return names
    .filter(Boolean)
    .map((name) => `${file}-module-scss-module__${MODULE_HASH}__${name}`)
    .join(" ");
}
