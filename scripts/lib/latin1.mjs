// Bytes as JavaScript text: each byte one character, U+0000 to U+00FF. In a UTF-8 file that compresses to a
// few per cent more than the bytes themselves, where base64 costs a third.

/** The characters that a string in double quotes cannot hold as they are, and NUL, which editors cannot bear. */
const ESCAPES = new Map([
  ["\0", "\\x00"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ['"', '\\"'],
  ["\\", "\\\\"],
]);

/** Of all, the one with the smallest file: what is frequent in wasm, NUL above all, needs no escape. It saves 1 kB. */
const SHIFT = 33;

/**
 * @param {Buffer} bytes
 * @returns {string} a module that exports them as `latin1`, each greater by `shift`, modulo 256
 */
export function latin1Module(bytes) {
  const shifted = Buffer.from(bytes.map((byte) => byte + SHIFT));
  const text = shifted
    .toString("latin1")
    .replace(/[\0\n\r"\\]/g, (character) => ESCAPES.get(character) ?? "");
  return `export const shift = ${SHIFT};\nexport const latin1 = "${text}";\n`;
}
