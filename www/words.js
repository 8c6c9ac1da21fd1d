const numbers = new Intl.NumberFormat("en");

/**
 * "1 version", "5,000 versions".
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 */
export function counted(count, one, many = `${one}s`) {
  return `${numbers.format(count)} ${count === 1 ? one : many}`;
}

/** @param {number} count */
export function number(count) {
  return numbers.format(count);
}

/** @param {number} ms */
export function duration(ms) {
  if (ms < 1000) return `${Math.max(1, Math.round(ms))} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return counted(Math.ceil(ms / 60_000), "minute");
}

/** The reader's way to write dates: the page's words are English. */
export const dates = navigator.language.startsWith("en") ? navigator.language : "en-GB";
