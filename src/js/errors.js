// The one error class of the module, recognised by a brand: `instanceof` fails across realms and
// across two copies of the module.

const brand = Symbol.for("civitai-permissions.error");

export class PermissionsError extends Error {
  /**
   * @param {string} message
   * @param {{ code: import("./index.js").PermissionsErrorCode, status?: number, retryAfter?: number,
   *   verdicts?: import("./index.js").Verdicts, unknown?: number[], cause?: unknown }} details
   */
  constructor(message, { code, status, retryAfter, verdicts = {}, unknown = [], ...cause }) {
    super(message, cause);
    this.code = code;
    if (status !== undefined) this.status = status;
    if (retryAfter !== undefined) this.retryAfter = retryAfter;
    this.verdicts = verdicts;
    this.unknown = unknown;
  }

  static {
    // Said outright, since minifying renames the class.
    const { prototype } = PermissionsError;
    for (const named of [PermissionsError, prototype])
      Object.defineProperty(named, "name", { value: "PermissionsError" });
    Object.defineProperty(prototype, brand, { value: true });
  }
}

/**
 * @param {unknown} error
 * @returns {error is import("./index.js").PermissionsError}
 */
export function isPermissionsError(error) {
  return typeof error === "object" && error !== null && /** @type {any} */ (error)[brand] === true;
}

/** @param {string} message */
export const invalid = (message) => new PermissionsError(message, { code: "INVALID_ARGUMENT" });

/** Whether the name of an option stands in a message: only what can be no token itself. @param {string} name */
export const mayBeQuoted = (name) => /^[a-z_-]{1,20}$/i.test(name);

const longestShown = 80;

/**
 * A value as it stands in a message: text quoted and cut, anything without a short form by its kind.
 * @param {unknown} value
 */
export function shown(value) {
  if (typeof value === "string") {
    const cut =
      value.length > longestShown
        ? `${[...value.slice(0, 2 * longestShown)].slice(0, longestShown).join("")}…`
        : value;
    return JSON.stringify(cut);
  }
  if (typeof value === "bigint") return `${String(value).slice(0, longestShown)}n`;
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
