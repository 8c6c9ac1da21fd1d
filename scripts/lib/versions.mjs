// The versions that files of this repository pin, and the one rule between them.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { Stop } from "./run.mjs";

/** Not pinned elsewhere: the programs that only the tests need. */
const wasmPack = "0.15.1";
const geckodriver = "0.37.1";

/**
 * @param {string} [folder] the repository
 * @returns {{ node: string, rust: string, wasmBindgen: string, wasmPack: string, geckodriver: string }}
 */
export function pinned(folder = root) {
  const wasmBindgen = find(folder, "Cargo.lock", /^name = "wasm-bindgen"\nversion = "(.+)"/m);
  const tool = find(folder, "scripts/bindgen/Cargo.toml", /^wasm-bindgen-cli = \{ version = "=([\d.]+)"/m);
  if (wasmBindgen !== tool) {
    throw new Stop(
      `Cargo.lock has wasm-bindgen ${wasmBindgen}, but scripts/bindgen/Cargo.toml builds its command in version ${tool}. ` +
        "The two must be equal: set that version in scripts/bindgen/Cargo.toml (three places), then run `cargo update` there.",
    );
  }
  return {
    node: find(folder, "package.json", /"node": ">=([\d.]+)"/),
    rust: find(folder, "rust-toolchain.toml", /^channel = "(.+)"/m),
    wasmBindgen,
    wasmPack,
    geckodriver,
  };
}

/** @param {string} folder @param {string} file @param {RegExp} pattern */
function find(folder, file, pattern) {
  const found = pattern.exec(readFileSync(join(folder, file), "utf8"))?.[1];
  if (!found) throw new Stop(`${file} does not say what was expected of it: ${pattern}`);
  return found;
}
