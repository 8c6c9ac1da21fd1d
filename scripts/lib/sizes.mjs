// How large something is: as it is, and as it travels.

import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
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
    // Its default is its best, 11.
    brotli: brotliCompressSync(bytes).length,
  };
}

/** @param {string} name @param {Uint8Array} bytes @returns {string[]} a row */
export function sizesRow(name, bytes) {
  const { raw, gzip, brotli } = sizesOf(bytes);
  return [name, ...[raw, gzip, brotli].map((length) => length.toLocaleString("en"))];
}

/** What a page loads for one function, ours and what one would write without it, bundled alike. */
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
  // Not a static import: where the npm packages are absent, set-up must still be able to say so.
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    stdin: { contents, resolveDir },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    write: false,
    logLevel: "warning",
  });
  const [file] = outputFiles;
  if (!file) throw new Stop(`esbuild made nothing of ${contents}`);
  return file.contents;
}
