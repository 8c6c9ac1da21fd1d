// Bundlers without a plugin for wasm, and what they made running in Chromium.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { tool } from "../matrix/tool.js";
import { program } from "../project.js";
import { pinned } from "./versions.js";

/** @type {import("./index.js").Environment[]} */
export const bundlers = [
  { name: "Vite, dev server", version: pinned("vite"), how: "`import`", run: viteServer },
  { name: "Vite, build", version: pinned("vite"), how: "`import`", run: built(vite) },
  { name: "webpack", version: pinned("webpack"), how: "`import`", slow: true, run: built(webpack) },
  { name: "Rollup", version: pinned("rollup"), how: "`import`", run: built(rollup) },
  { name: "esbuild", version: pinned("esbuild"), how: "`import`", run: built(esbuild) },
];

/**
 * @callback Bundler
 * @param {string} entry
 * @param {string} outdir where `main.js` has to lie then
 * @returns {Promise<void>}
 */

/** @param {Bundler} bundler @returns {import("./index.js").Environment["run"]} */
function built(bundler) {
  return async (place) => {
    const { folder, name, hub, chromium } = place;
    const entry = join(folder, `${name}.js`);
    const outdir = join(folder, name);
    await mkdir(outdir);
    await writeFile(entry, program(place));
    await bundler(entry, outdir);
    await writeFile(
      join(outdir, "index.html"),
      '<!doctype html><script type="module" src="main.js"></script>',
    );
    await chromium(`${hub}/${name}/index.html`);
  };
}

/** @type {Bundler} */
export async function vite(entry, outdir) {
  const { build } = await tool("vite");
  await build({
    configFile: false,
    logLevel: "error",
    root: join(entry, ".."),
    build: { outDir: outdir, rollupOptions: { input: entry, output: { entryFileNames: "main.js" } } },
  });
}

/** @type {Bundler} */
export async function webpack(entry, outdir) {
  const { default: webpack } = await tool("webpack");
  const stats = await promisify(webpack)({
    mode: "production",
    context: join(entry, ".."),
    entry,
    output: { path: outdir, filename: "main.js" },
    // It advises against files over 244 kB in any case.
    performance: false,
  });
  if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString());
}

/** @type {Bundler} */
export async function rollup(entry, outdir) {
  const [{ rollup }, { nodeResolve }] = await Promise.all([
    tool("rollup"),
    tool("@rollup/plugin-node-resolve"),
  ]);
  const bundle = await rollup({
    input: entry,
    plugins: [nodeResolve({ browser: true })],
    onwarn: (/** @type {{ message: string }} */ { message }) => {
      throw new Error(message);
    },
  });
  await bundle.write({ dir: outdir, entryFileNames: "main.js", format: "es" });
}

/** @type {Bundler} */
export async function esbuild(entry, outdir) {
  const { build } = await tool("esbuild");
  await build({
    entryPoints: { main: entry },
    outdir,
    bundle: true,
    minify: true,
    format: "esm",
    logLevel: "error",
  });
}

/** @param {import("./index.js").Place} place */
async function viteServer(place) {
  const { createServer } = await tool("vite");
  const folder = join(place.folder, place.name);
  await mkdir(folder);
  await writeFile(join(place.folder, `${place.name}.js`), program(place));
  await writeFile(
    join(place.folder, `${place.name}.html`),
    `<!doctype html><script type="module" src="/${place.name}.js"></script>`,
  );
  const server = await createServer({
    configFile: false,
    logLevel: "error",
    root: place.folder,
    cacheDir: folder,
    server: { host: "127.0.0.1", port: 0 },
  });
  place.after(() => server.close());
  await server.listen();
  await place.chromium(new URL(`${place.name}.html`, server.resolvedUrls.local[0]).href);
}
