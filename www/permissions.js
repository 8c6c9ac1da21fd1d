/** @typedef {typeof import("../src/js/index.js")} Permissions */

// Held in a variable: the built file has no types beside it, its source has.
const built = "../pkg/civitai-permissions.js";

/**
 * The module that this page shows.
 * @returns {Promise<Permissions>}
 */
export async function loadPermissions() {
  try {
    return await import(built);
  } catch (cause) {
    const message =
      `The module could not be loaded from ${new URL(built, import.meta.url)}. ` +
      "From a clone: run “npm run build”, then load this page again. On a web host: upload the folder pkg beside www.";
    throw new Error(message, { cause });
  }
}
