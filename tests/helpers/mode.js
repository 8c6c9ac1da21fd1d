// What a run of the tests covers: each rule once, or with `npm test -- --full` all of it.

import { basename } from "node:path";

/** `FULL=1 node --test FILE` does it for one file. */
export const full = process.env.FULL === "1";

/** @typedef {"chromium" | "firefox"} BrowserName */

/**
 * The browsers for a file's tests: both in a full run, else one of them, by the file's name, so that half of the
 * files run in each. `BROWSER=firefox` chooses.
 * @param {string} [file]
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {BrowserName[]}
 */
export function browsersFor(file = process.argv[1] ?? "", env = process.env) {
  /** @type {BrowserName[]} */
  const both = ["chromium", "firefox"];
  if (env.BROWSER) {
    const chosen = both.filter((name) => name === env.BROWSER);
    if (chosen.length === 0) throw new Error(`BROWSER is ${env.BROWSER}; it may be chromium or firefox`);
    return chosen;
  }
  if (env.FULL === "1") return both;
  const hash = [...basename(file)].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 0);
  return both.filter((_, index) => index === hash % 2);
}

/** The browsers for the file that runs. */
export const browserNames = browsersFor();

/**
 * All of these in a full run, else the first few: those that prove the rule, where the others prove it once more. What
 * the others alone prove must run somewhere else.
 * @template T
 * @param {readonly T[]} all
 * @param {number} [few]
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {readonly T[]}
 */
export const someOf = (all, few = 1, env = process.env) => (env.FULL === "1" ? all : all.slice(0, few));
