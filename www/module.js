/** @typedef {typeof import("../src/js/index.js")} Module */

// Held in a variable: the built file has no types beside it, its source has.
const built = "../pkg/civitai-permissions.js";

/** The module that this page shows. @returns {Promise<Module>} */
export async function loadModule() {
  try {
    return await import(built);
  } catch (cause) {
    const message =
      `The module could not be loaded from ${new URL(built, import.meta.url)}. ` +
      "From a clone: run “npm run build”, then load this page again. On a web host: upload the folders pkg and src beside www.";
    throw new Error(message, { cause });
  }
}
