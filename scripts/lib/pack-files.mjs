// What goes into the extension's package. Files are selected, never rewritten.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./paths.mjs";

/** Folders and files, as they lie in the repository. */
const PARTS = [
  "LICENSE-APACHE",
  "LICENSE-MIT",
  "LICENSE-THIRD-PARTY",
  "PRIVACY.md",
  "_locales",
  "manifest.json",
  "pkg/civitai-permissions.js",
  "pkg/content.js",
  "src/badge",
  "src/extension",
  "src/js/largest-id.js",
  "src/report/calendar.js",
  "www/tokens.css",
];

/** Files for readers of the source, and what the stores show beside the package. */
const LEFT_OUT = /\.(md|svg)$|\/store$/;

/**
 * The files of the package, one for both stores: their paths in it, and their bytes as they lie in the repository.
 *
 * @returns {Promise<Map<string, Buffer>>}
 */
export async function extensionFiles() {
  const paths = (await Promise.all(PARTS.map(filesIn))).flat();
  return new Map(
    await Promise.all(
      paths.map(async (path) => /** @type {const} */ ([path, await readFile(join(root, path))])),
    ),
  );
}

/**
 * @param {string} part
 * @returns {Promise<string[]>}
 */
async function filesIn(part) {
  const entries = await readdir(join(root, part), { withFileTypes: true }).catch((error) => {
    if (error.code === "ENOTDIR") return null;
    throw error;
  });
  if (!entries) return [part];
  const paths = entries.map((entry) => `${part}/${entry.name}`).filter((path) => !LEFT_OUT.test(path));
  return (await Promise.all(paths.map(filesIn))).flat();
}
