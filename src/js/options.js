// The options of a call and of a checker, read strictly: a misspelt one would silently not hold.

import { invalid, mayBeQuoted, shown } from "./errors.js";
import { LARGEST } from "./ids.js";

/**
 * @typedef {object} Options
 * @property {number} [userId]
 * @property {AbortSignal} [signal]
 * @property {boolean} [fresh]
 * @property {boolean} [own]
 * @property {boolean} [bulk]
 * @property {string} [baseUrl]
 * @property {number} [maxBatchSize]
 * @property {number} [concurrency]
 * @property {number} [maxAge]
 * @property {number} [timeout]
 * @property {number} [retries]
 * @property {typeof fetch} [fetch]
 *
 * @typedef {"call" | "lookUp" | "checker" | "both"} Scope whose options are read; `lookUp`: a call's that may
 *   look single versions and models up
 *
 * @typedef {(value: any) => string | false | undefined} Check tells what was expected instead
 */

/** @type {Record<string, Check>} */
const ofCall = {
  userId: (value) => value !== null && whole(value, 1, LARGEST, "null, or a user's id"),
  signal: (value) => value !== null && !isSignal(value) && "expected an AbortSignal",
  fresh: flag,
  entityType: (value) => value !== "ModelVersion" && only("ModelVersion"),
  permission: (value) => value !== "Generate" && only("Generate"),
  own: flag,
  bulk: flag,
};

/** @type {Record<string, Check>} */
const ofChecker = {
  // The wasm reads it.
  baseUrl: (value) => typeof value !== "string" && "expected a URL as text",
  maxBatchSize: (value) => whole(value, 1, 10_000, "a number of ids"),
  concurrency: (value) => whole(value, 1, 16, "a number of requests"),
  maxAge: (value) => !(Number.isFinite(value) && value >= 0) && "expected milliseconds, 0 or more",
  timeout: (value) => whole(value, 1, LARGEST, "milliseconds"),
  retries: (value) => whole(value, 0, 10, "a number of tries"),
  fetch: (value) => typeof value !== "function" && "expected a function like the global fetch",
};

const checks = { ...ofCall, ...ofChecker };
const names = Object.keys(checks);

/**
 * @param {any} given
 * @param {Scope} scope
 * @returns {Options}
 */
export function readOptions(given, scope) {
  // Without a prototype, on which somebody's library may have put a `userId`.
  /** @type {Record<string, unknown>} */
  const options = Object.create(null);
  if (given === undefined) return options;
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw invalid(`options is ${shown(given)}: expected an object such as { userId: 12345 }`);
  for (const key of Object.keys(given)) {
    const wrong = names.includes(key) ? misplaced(key, scope) : unknown(key);
    if (wrong) throw invalid(wrong);
  }
  for (const [name, check] of Object.entries(checks)) {
    if (name in Object.prototype && !Object.hasOwn(given, name)) continue;
    const value = given[name];
    if (value === undefined) continue;
    const elsewhere = misplaced(name, scope);
    if (elsewhere) throw invalid(elsewhere);
    const wrong = check(value);
    if (wrong) throw invalid(`${name} is ${shown(value)}: ${wrong}`);
    if (value !== null) options[name] = value;
  }
  return options;
}

/** @param {unknown} value @param {number} least @param {number} most @param {string} what */
function whole(value, least, most, what) {
  const fits = Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
  return !fits && `expected ${what}, a whole number from ${least} to ${most}`;
}

/** @param {unknown} value */
function flag(value) {
  return typeof value !== "boolean" && "expected true or false";
}

/** @param {string} allowed */
const only = (allowed) => `the only value is "${allowed}", in this case`;

/** By its shape: it may come from another realm or a polyfill. @param {any} value */
const isSignal = (value) =>
  typeof value === "object" &&
  typeof value.aborted === "boolean" &&
  [value.addEventListener, value.removeEventListener].every((method) => typeof method === "function");

/** @param {string} key @param {Scope} scope */
function misplaced(key, scope) {
  if (key === "bulk" && scope !== "lookUp")
    return "the option bulk belongs to explain and versions: nothing else looks anything up";
  if (key === "own" && scope !== "call")
    return "the option own belongs to check and stream of a PermissionChecker";
  if (scope === "both") return;
  if (scope !== "checker")
    return (
      key in ofChecker && `the option ${key} belongs to the checker: new PermissionChecker({ ${key}: … })`
    );
  return key in ofCall && `the option ${key} belongs to each call, such as check(ids, { ${key}: … })`;
}

/** What the names under which people hand over secrets hold, in lower case without separators. */
const secret = /token|key|secret|auth|bearer|password|headers|credentials/;

/** @param {string} key */
function unknown(key) {
  const plain = key.toLowerCase().replace(/[^a-z0-9]/g, "");
  const named = mayBeQuoted(key) ? shown(key) : "of that name";
  if (secret.test(plain))
    return (
      `the option ${named} is refused: the check takes no token, and in a page everyone could read it. On a ` +
      "server, currentUser of civitai-permissions/server tells the userId of a token's owner"
    );
  const near = names.find((name) => distance(name.toLowerCase(), plain) <= 2);
  return `there is no option ${named}; ${near ? `did you mean ${near}?` : `there are ${names.join(", ")}`}`;
}

/**
 * How many letters to put in, take out or change (Levenshtein 1966).
 * @param {string} left @param {string} right
 */
function distance(left, right) {
  let row = Array.from({ length: right.length + 1 }, (_, place) => place);
  for (const [place, letter] of [...left].entries()) {
    const next = [place + 1];
    for (const [at, other] of [...right].entries())
      next.push(
        Math.min((row[at] ?? 0) + Number(letter !== other), (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
}
