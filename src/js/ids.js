// Ids as they are handed in: numbers, bigints, text; lists of them that may be anything that iterates.

import { invalid, shown } from "./errors.js";

/** Ids in one call at most: what a caller can mean, and the end of an endless iterator. */
const MOST = 100_000;
/** As of every id of Civitai's database. */
export const LARGEST = 2_147_483_647;

/**
 * Reads a list of ids, in its order, repeated ones too.
 * @param {unknown} list
 * @param {string} name what it is called in messages
 * @param {(id: unknown) => number} read throws what is wrong with an id, as text
 */
export function idsOf(list, name, read) {
  if (!iterates(list)) throw invalid(`${name} is ${shown(list)}: expected a list of ids, such as [2514310]`);
  /** @type {number[]} */
  const ids = [];
  for (const id of list) {
    if (ids.length >= MOST) throw invalid(`${name} holds more than ${MOST} ids: ask in several calls`);
    ids.push(idOf(id, `${name}[${ids.length}]`, read));
  }
  return ids;
}

/**
 * @param {unknown} id
 * @param {string} name
 * @param {(id: unknown) => number} read
 */
export function idOf(id, name, read) {
  try {
    return read(id);
  } catch (reason) {
    throw typeof reason === "string" ? invalid(`${name} is ${shown(id)}: ${reason}`) : reason;
  }
}

/** @param {(text: string) => number} parse the wasm's, whose words all messages take */
export const versionBy = (parse) => (/** @type {unknown} */ id) => {
  if (typeof id === "string") return parse(id.trim());
  if (typeof id === "bigint" || Number.isInteger(id)) return inBounds(id) ? Number(id) : parse("0");
  return parse(typeof id === "number" ? String(id) : "?");
};

/** @param {unknown} id */
export function model(id) {
  if (inBounds(id)) return Number(id);
  throw `expected a model id, a whole number from 1 to ${LARGEST}`;
}

/** @param {any} id */
const inBounds = (id) => (typeof id === "bigint" || Number.isInteger(id)) && id >= 1 && id <= LARGEST;

/**
 * Text iterates too, in an object of its own as well: each character would pass for an id.
 * @param {any} list
 * @returns {list is Iterable<unknown>}
 */
function iterates(list) {
  if (typeof list !== "function" && (typeof list !== "object" || list === null)) return false;
  return (
    !(typeof list === "object" && typeof list.charCodeAt === "function") &&
    typeof list[Symbol.iterator] === "function"
  );
}
