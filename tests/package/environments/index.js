// Where the packed module has to run untouched. The README's table is made from this list.

import { bundlers } from "./bundlers.js";
import { extensions } from "./extensions.js";
import { next } from "./next.js";
import { pages } from "./pages.js";
import { runtimes } from "./runtimes.js";

/**
 * @typedef {object} Place where a program runs
 * @property {string} folder the project into which the package is installed
 * @property {string} name a folder in it, and the report's name, for this environment alone
 * @property {string} hub the address at which the project's files are served
 * @property {string} baseUrl what the program has to ask
 * @property {string} report where it has to report
 * @property {(url: string) => Promise<void>} chromium opens a page
 * @property {(url: string) => Promise<void>} firefox opens a page
 * @property {(undo: () => unknown) => void} after has it called when the test is over
 * @property {AbortSignal} signal aborts when the test runs out of time
 *
 * @typedef {object} Environment
 * @property {string} name
 * @property {string} version
 * @property {boolean} [ofMachine] the version is the machine's, not one that a lock file pins
 * @property {string} how how a program gets the module
 * @property {number} [programs] how many run, when more than one
 * @property {boolean} [slow] tried with --full only
 * @property {(place: Place) => Promise<unknown>} run
 */

/** @type {Environment[]} */
export const environments = [...runtimes, ...bundlers, next, ...pages, ...extensions];
