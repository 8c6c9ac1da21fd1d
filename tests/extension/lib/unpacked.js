// The extension as a browser loads it: a folder of its own, with nothing in it but what the packages hold.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { extensionFiles } from "../../helpers/repository.js";

/** A page of the extension with nothing on it: from there a test calls the browser's own functions. */
export const blankPage = "blank.html";

/**
 * @typedef {object} Unpacked
 * @property {string} folder
 * @property {any} manifest
 * @property {() => Promise<void>} remove
 */

/**
 * Copies the extension aside. The manifest may be changed on the way, and files added.
 * @param {{ change?: (manifest: any) => void, add?: Record<string, string> }} [options] `add`: contents by name
 * @returns {Promise<Unpacked>}
 */
export async function unpack({ change, add = {} } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "extension-"));
  const files = await extensionFiles();
  const manifest = JSON.parse(`${files.get("manifest.json")}`);
  change?.(manifest);
  const ours = {
    ...add,
    "manifest.json": JSON.stringify(manifest),
    [blankPage]: "<!doctype html><title>-</title>",
  };
  for (const [name, content] of [...files, ...Object.entries(ours)]) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return { folder, manifest, remove: () => rm(folder, { recursive: true, force: true }) };
}
