// The wasm, which is started at first use. Numbers and bytes go in and come out: text crosses as bytes, and an
// engine is a number.

import * as core from "../../pkg/raw/core_bg.js";
import { streams } from "../../pkg/raw/streams.js";
import { assemble } from "./assemble.js";
import { PermissionsError } from "./errors.js";

let started = false;

/** @param {BufferSource | WebAssembly.Module} [source] */
export function init(source) {
  if (started) return;
  try {
    const bytes = source ?? assemble(streams);
    const module = bytes instanceof WebAssembly.Module ? bytes : new WebAssembly.Module(bytes);
    // A stranger's module would start, and stay.
    if (!WebAssembly.Module.exports(module).some(({ name }) => name === "parseEntityId"))
      throw new TypeError("the source given to init is not the module of civitai-permissions");
    core.__wbg_set_wasm(new WebAssembly.Instance(module).exports);
  } catch (cause) {
    throw new PermissionsError(
      "WebAssembly could not start: in a page or an extension whose Content-Security-Policy governs scripts, " +
        "script-src needs 'wasm-unsafe-eval'",
      { code: "WASM_UNAVAILABLE", cause },
    );
  }
  started = true;
}

/** @param {{ toString(): string }} text */
export const bytesOf = (text) => new TextEncoder().encode(`${text}`);

/** A new decoder each time: Safari's fail after 2 GB. @param {Uint8Array} bytes */
export const textOf = (bytes) => new TextDecoder().decode(bytes);

/** What is said in digits; anything else is a reason, and thrown. @param {Uint8Array} bytes */
export function numberOf(bytes) {
  const said = textOf(bytes);
  if (Number(said)) return Number(said);
  throw said;
}
