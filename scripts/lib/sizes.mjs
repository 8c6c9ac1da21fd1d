// Sizes: raw, and compressed as a server sends it.

import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { bundle } from "./bundle.mjs";
import { root } from "./paths.mjs";
import { Stop } from "./run.mjs";

/** The head of a table of such rows. */
export const sizesHead = ["bytes", "raw", "gzip", "brotli"];

/**
 * @param {Uint8Array} bytes
 * @returns {{ raw: number, gzip: number, brotli: number }}
 */
export function sizesOf(bytes) {
  return {
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    // The default quality is the best one, 11.
    brotli: brotliCompressSync(bytes).length,
  };
}

/** @param {string} name @param {Uint8Array} bytes @returns {string[]} a row */
export function sizesRow(name, bytes) {
  const { raw, gzip, brotli } = sizesOf(bytes);
  return [name, ...[raw, gzip, brotli].map((length) => length.toLocaleString("en"))];
}

/** What a page loads to check permissions, with this module and with dataloader + ky, bundled alike. */
export async function bundles() {
  return {
    ours: await bundled('export { checkPermissions } from "civitai-permissions"', root),
    rival: await bundled('export * from "./rival.js"', join(root, "scripts", "bench")),
  };
}

/**
 * @param {string} contents
 * @param {string} resolveDir
 */
async function bundled(contents, resolveDir) {
  const { outputFiles } = await bundle({
    stdin: { contents, resolveDir },
    platform: "browser",
    sourcemap: false,
    legalComments: "eof",
    write: false,
  });
  const file = outputFiles?.[0];
  if (!file) throw new Stop(`esbuild made nothing of ${contents}`);
  return file.contents;
}
