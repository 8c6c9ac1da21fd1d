// The one error class of the module, recognised by a brand: `instanceof` fails across realms and across two copies of
// the module.

const brand = Symbol.for("civitai-permissions.error");

/** @typedef {ConstructorParameters<typeof import("./index.js").PermissionsError>[1]} Details */

export class PermissionsError extends Error {
  /** @param {string} message @param {Details} details */
  constructor(message, { code, reason, status, retryAfter, verdicts = {}, unknown = [], ...cause }) {
    super(message, cause);
    this.code = code;
    if (reason !== undefined) this.reason = reason;
    if (status !== undefined) this.status = status;
    if (retryAfter !== undefined) this.retryAfter = retryAfter;
    this.verdicts = verdicts;
    this.unknown = unknown;
  }

  /** Without the cause, which may hold anything. */
  toJSON() {
    const { name, message } = this;
    return { ...this, name, message, cause: undefined };
  }

  static {
    // Set outright, since minifying renames the class.
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
