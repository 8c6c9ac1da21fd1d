// Where things lie in the repository, and the environment in which its tools run.

import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));
export const target = join(root, "target");
export const tools = join(root, ".tools", "bindgen", "debug");
export const installed = join(root, ".tools", "bin");

/** The environment of every command: this repository's tools come first. @type {NodeJS.ProcessEnv} */
export const env = {
  ...process.env,
  CARGO_TARGET_DIR: target,
  CARGO_TERM_COLOR: "never",
  PATH: [tools, installed, process.env.PATH ?? ""].join(delimiter),
};

/**
 * The path of a program: the first of `names` that is an absolute path to a program or lies on PATH.
 * @param {(string | undefined)[]} names
 * @param {string} [path]
 * @returns {string | null}
 */
export function which(names, path = env.PATH ?? "") {
  for (const name of names) {
    if (!name) continue;
    const places = name.includes("/") ? [name] : path.split(delimiter).map((folder) => join(folder, name));
    const found = places.find(isProgram);
    if (found) return found;
  }
  return null;
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
