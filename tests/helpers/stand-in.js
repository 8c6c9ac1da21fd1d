// The stand-in for Civitai's API, as the tests use it: one process, and in it a session for each test.

import { launchStandIn } from "./repository.js";

/**
 * One request, as in the stand-in's log (tests/stand-in/README.md).
 * @typedef {object} LoggedRequest
 * @property {string} method
 * @property {string} target path and query
 * @property {string | null} origin
 * @property {boolean} authorization
 * @property {boolean} cookie
 * @property {string | null} accept
 * @property {string[]} headers the names of all
 * @property {number} atMs
 * @property {number | null} doneMs
 * @property {number | null} status
 * @property {boolean} aborted the client went away before the answer
 *
 * @typedef {ReturnType<typeof sessionAt>} Session
 * @typedef {{ url: string, session: (name: string) => Session, close: () => void }} StandIn
 */

/**
 * Starts the stand-in on a free port.
 * @param {{ edge?: boolean, documented?: boolean, static?: string }} [options] `static`: a folder that it serves beside the API
 * @returns {Promise<StandIn>}
 */
export async function startStandIn(options = {}) {
  const { url, close } = await launchStandIn([
    "--quiet",
    ...(options.edge ? ["--edge"] : []),
    ...(options.documented ? ["--documented"] : []),
    ...(options.static ? ["--static", options.static] : []),
  ]);
  return { url, close, session: (name) => sessionAt(`${url}/s/${name}`) };
}

/**
 * A site, faults, clock, edge and log of one's own.
 * @param {string} baseUrl
 */
function sessionAt(baseUrl) {
  /** @param {string} method @param {string} name @param {unknown} [body] */
  const order = async (method, name, body) => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const reply = await fetch(`${baseUrl}/stand-in/${name}`, init);
    const text = await reply.text();
    if (!reply.ok) throw new Error(`the stand-in refuses ${method} ${name} ${init.body ?? ""}: ${text}`);
    return JSON.parse(text);
  };
  return {
    baseUrl,
    /** Sets the fault rules, in place of those that were. @param {object[]} rules @returns {Promise<void>} */
    faults: (...rules) => order("POST", "faults", rules.flat()),
    /** @returns {Promise<void>} */
    clearFaults: () => order("DELETE", "faults"),
    /** @returns {Promise<LoggedRequest[]>} oldest first */
    log: () => order("GET", "log"),
    /** @returns {Promise<void>} */
    clearLog: () => order("DELETE", "log"),
    /** Moves the clock. @param {number} advanceMs @returns {Promise<{ nowMs: number }>} */
    advance: (advanceMs) => order("POST", "clock", { advanceMs }),
    /** @param {{ edge?: boolean, documented?: boolean }} settings @returns {Promise<void>} */
    settings: (settings) => order("POST", "settings", settings),
    /** @param {number} user @param {number} version @returns {Promise<void>} */
    buy: (user, version) => order("POST", "buy", { user, version }),
    /** Gates a version, or opens it when only `version` is given. @param {{ version: number, endsInMs?: number, permanent?: boolean, free?: boolean, trialLimit?: number }} gate @returns {Promise<void>} */
    gate: (gate) => order("POST", "gate", gate),
  };
}
