// What the published file holds: the wasm's bytes as a text, and wasm-bindgen's glue as a function.

/** Added to each byte, so that the frequent ones are letters, which need no escape. */
const SHIFT = 36;

/** @type {Record<string, string>} */
const ESCAPES = { "\0": "\\x00", "\n": "\\n", "\r": "\\r", '"': '\\"', "\\": "\\\\" };

/**
 * A module that exports `bytes()`, and nothing `precompiled`. Each byte is one character, U+0000 to U+00FF, which
 * compresses to a few per cent more than the bytes themselves, where base64 costs a third.
 * @param {Uint8Array} wasm
 */
export function bytesModule(wasm) {
  const text = Buffer.from(wasm.map((byte) => byte + SHIFT)).toString("latin1");
  // Not `\0`, after which no digit may stand.
  const escaped = text.replace(/[\0\n\r"\\]/g, (character) => ESCAPES[character] ?? "");
  return `const text = "${escaped}";
export const precompiled = undefined;
export function bytes() {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = text.charCodeAt(at) - ${SHIFT};
  return bytes;
}
`;
}

/**
 * wasm-bindgen's output for the web as a function, since its glue serves one instance of the wasm: after a trap there
 * is another. Starting it is left out.
 * @param {string} glue
 */
export function factoryModule(glue) {
  const tail = glue.indexOf("\nlet wasmModule, wasmInstance, wasm;");
  if (tail < 0) throw new Error("wasm-bindgen's output has another form: look at scripts/lib/inline.mjs");
  const names = [...glue.matchAll(/^export (?:class|function) (\w+)/gm)].map(([, name]) => name);
  const body = glue.slice(0, tail).replace(/^export (?=class|function)/gm, "");
  return `export function makeCore() {
${body}
let wasm;
const start = (exports) => {
  wasm = exports;
  wasm.__wbindgen_start();
};
return { core: { ${names.join(", ")} }, imports: __wbg_get_imports(), start };
}
`;
}
