// What the extension asked, read from the stand-in's log.

import { setTimeout as sleep } from "node:timers/promises";

/** @typedef {import("../../helpers/stand-in.js").LoggedRequest} LoggedRequest */

/**
 * @typedef {object} Request
 * @property {"models" | "model" | "check" | "mini" | "other"} kind
 * @property {number[]} ids that it asks about, sorted
 * @property {string | null} user
 * @property {URLSearchParams} query
 * @property {LoggedRequest} logged
 */

/** @type {[Request["kind"], RegExp, string[]][]} */
const kinds = [
  ["check", /^\/api\/v1\/permissions\/check$/, ["entityIds"]],
  ["models", /^\/api\/v1\/models$/, ["ids", "modelVersionIds"]],
  ["model", /^\/api\/v1\/models\/(\d+)$/, []],
  ["mini", /^\/api\/v1\/model-versions\/mini\/(\d+)$/, []],
];

/** @param {string} pathname @returns {(typeof kinds)[number]} */
const patternOf = (pathname) => kinds.find(([, path]) => path.test(pathname)) ?? ["other", /()/, []];

/** What a request with this path asks for. @param {string} pathname */
export const kindOf = (pathname) => patternOf(pathname)[0];

/**
 * @param {LoggedRequest[]} log
 * @returns {Request[]}
 */
export function requests(log) {
  return log.map((logged) => {
    const { pathname, searchParams } = new URL(logged.target, "https://site");
    const [kind, path, names] = patternOf(pathname);
    const listed = names.flatMap((name) => searchParams.getAll(name)).flatMap((list) => list.split(","));
    const ids = [path.exec(pathname)?.[1], ...listed].filter(Boolean).map(Number);
    return {
      kind,
      ids: ids.sort((a, b) => a - b),
      user: searchParams.get("userId"),
      query: searchParams,
      logged,
    };
  });
}

/**
 * How many of each kind, as a sentence: "1 check, 1 models".
 * @param {LoggedRequest[]} log
 */
export function counted(log) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { kind, user } of requests(log)) {
    const name = user === null ? kind : `${kind} for ${user}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const names = [...counts.keys()].sort();
  return names.map((name) => `${counts.get(name)} ${name}`).join(", ") || "none";
}

/**
 * What no request may be, whatever was asked: one line for each that is.
 * @param {LoggedRequest[]} log
 * @returns {string[]}
 */
export function impolite(log) {
  return requests(log).flatMap(({ kind, logged }) => [
    ...(kind === "other" ? [`not the public API: ${logged.target}`] : []),
    ...(logged.method === "GET" ? [] : [`${logged.method} ${logged.target}`]),
    ...(logged.cookie ? [`a cookie on ${logged.target}`] : []),
    ...(logged.authorization || /token/i.test(logged.target) ? [`a token on ${logged.target}`] : []),
    ...(logged.headers.some((name) => /^referer$/i.test(name)) ? [`a Referer on ${logged.target}`] : []),
  ]);
}

/**
 * Waits until nothing has been asked for so many milliseconds, and gives all that was.
 * @param {() => Promise<LoggedRequest[]>} log
 * @param {number} [quiet]
 */
export async function allAsked(log, quiet = 1000) {
  for (let before = -1; ; await sleep(quiet)) {
    const all = await log();
    if (all.length === before) return all;
    before = all.length;
  }
}
