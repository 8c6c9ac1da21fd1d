// Numbers, dates and names, as the reader's region writes them.

/** Making a formatter costs more than using it. @type {Map<string, unknown>} */
const made = new Map();

/**
 * @template T
 * @param {string} key
 * @param {() => T} make
 * @returns {T}
 */
function cached(key, make) {
  if (!made.has(key)) made.set(key, make());
  return /** @type {T} */ (made.get(key));
}

/** @param {number} count @param {string} tag */
export function number(count, tag) {
  return cached(`n ${tag}`, () => new Intl.NumberFormat(tag)).format(count);
}

/** "3 December 2026". @param {string | number} moment ISO 8601 or milliseconds @param {string} tag */
export function date(moment, tag) {
  return cached(`d ${tag}`, () => new Intl.DateTimeFormat(tag, { dateStyle: "long" })).format(
    new Date(moment),
  );
}

/** "14:05", or "2:05 PM" where people write so. @param {number} moment milliseconds @param {string} tag */
export function clock(moment, tag) {
  return cached(`c ${tag}`, () => new Intl.DateTimeFormat(tag, { timeStyle: "short" })).format(moment);
}

/** "3 Dec 2026, 14:05". @param {string | number} moment ISO 8601 or milliseconds @param {string} tag */
export function moment(moment, tag) {
  const style = /** @type {const} */ ({ dateStyle: "medium", timeStyle: "short" });
  return cached(`m ${tag}`, () => new Intl.DateTimeFormat(tag, style)).format(new Date(moment));
}

/**
 * "in 13 days"; hours on the last day, minutes in the last hour.
 *
 * @param {string | number} moment ISO 8601 or milliseconds
 * @param {number} now
 * @param {string} tag
 * @param {"long" | "narrow"} [style]
 */
export function relative(moment, now, tag, style = "long") {
  const left = Math.max(0, new Date(moment).getTime() - now);
  const [unit, length] = UNITS.find(([, length]) => left >= length) ?? MINUTE;
  const count = unit === "day" ? Math.round(left / length) : Math.ceil(left / length);
  const written = (/** @type {"long" | "narrow"} */ style) =>
    cached(`r ${style} ${tag}`, () => new Intl.RelativeTimeFormat(tag, { style, numeric: "always" })).format(
      count,
      unit,
    );
  // Russian, at its narrowest, writes "+5".
  return written(style).replace(/^\+.*/, () => written("long"));
}

/** @typedef {[Intl.RelativeTimeFormatUnit, number]} Unit */
/** @type {Unit} */
const MINUTE = ["minute", 60_000];
/** @type {Unit[]} */
const UNITS = [["day", 86_400_000], ["hour", 3_600_000], MINUTE];

/** A creator's words: at most 80 characters, isolated so that they cannot turn the words around them. @param {string} text */
export function isolated(text) {
  const letters = [...text.replace(/[\u2066-\u2069\u202a-\u202e]/g, "").trim()];
  return `\u2068${letters.length > 80 ? `${letters.slice(0, 79).join("")}…` : letters.join("")}\u2069`;
}

/** @param {string} text @param {string} tag */
export function capital(text, tag) {
  return text.charAt(0).toLocaleUpperCase(tag) + text.slice(1);
}
