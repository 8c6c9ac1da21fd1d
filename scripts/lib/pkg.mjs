// Builds pkg/: the core as wasm, its JavaScript side, and the files that are published.
//
// The output is the same, byte for byte, in any folder and on any machine: paths are mapped away, names
// and producers are left out, and every tool has a pinned version.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { bundle } from "./bundle.mjs";
import { bundleEntries } from "./entries.mjs";
import { bundleExtension } from "./extension.mjs";
import { bytesModule, factoryModule } from "./inline.mjs";
import { env, root, target, tools } from "./paths.mjs";
import { must, Stop } from "./run.mjs";
import { sizesHead, sizesRow } from "./sizes.mjs";
import { table } from "./table.mjs";

const raw = join(root, "pkg", "raw");
const wasm = join(raw, "bindings_bg.wasm");
/** The one file: entry, JavaScript side and the wasm. */
export const published = join(root, "pkg", "civitai-permissions.js");
/** The same without the wasm in it: it imports the wasm, since workerd compiles none at run time. */
const forWorkerd = join(root, "pkg", "civitai-permissions.workerd.js");
const publishedWasm = join(root, "pkg", "civitai-permissions.wasm");

export async function build() {
  const compiled = await compile();
  await bind(compiled);
  await joinFiles();
  await bundleEntries();
  await bundleExtension();
  console.log(`\n${await sizes()}\n`);
}

/** @returns {Promise<string>} where the compiled core is */
async function compile() {
  const args = ["build", "--lib", "--release", "--locked", "--target", WASM];
  await must("core: cargo build", "cargo", args, {
    // Encoded, because a path may hold spaces; and in place of the person's own RUSTFLAGS.
    env: { CARGO_ENCODED_RUSTFLAGS: [...(await remaps())].join("\x1f") },
  });
  return join(target, WASM, "release", "civitai_permissions.wasm");
}

const WASM = "wasm32-unknown-unknown";

/** Flags that keep this machine's folders out of the panic locations in the core. */
async function remaps() {
  const args = ["metadata", "--format-version", "1", "--locked", "--filter-platform", WASM];
  const { stdout } = await promisify(execFile)("cargo", args, { cwd: root, env, maxBuffer: 2 ** 26 }).catch(
    (error) => {
      throw new Stop(`${error.stderr}\nThe command was\n\n  cargo ${args.join(" ")}\n`);
    },
  );
  /** @type {{ manifest_path: string }[]} */
  const packages = JSON.parse(stdout).packages;
  const sources = new Set(packages.map(({ manifest_path }) => dirname(dirname(manifest_path))));
  const outside = [...sources].filter(
    (folder) => !`${folder}/`.startsWith(root) && !root.startsWith(`${folder}/`),
  );
  return [...outside.map((folder) => `--remap-path-prefix=${folder}=c`), `--remap-path-prefix=${root}=`];
}

/**
 * Makes pkg/raw from the compiled core, unless it was made from this very one.
 * @param {string} compiled
 */
async function bind(compiled) {
  const stamp = join(raw, "made-from.txt");
  const scripts = ["pkg.mjs", "inline.mjs"].map((name) => readFile(join(import.meta.dirname, name)));
  const inputs = await Promise.all([
    readFile(compiled),
    readFile(join(root, "package-lock.json")),
    ...scripts,
  ]);
  const made = inputs.map((input) => createHash("sha256").update(input).digest("hex")).join("\n");
  if (existsSync(stamp) && (await readFile(stamp, "utf8")) === made) return;

  await rm(raw, { recursive: true, force: true });
  await must("core: wasm-bindgen", join(tools, "wasm-bindgen"), [
    ...["--target", "web", "--out-name", "bindings", "--out-dir", raw],
    ...["--remove-name-section", "--remove-producers-section", compiled],
  ]);
  // Longer functions are not inlined, though they are called once: the file compresses better that way.
  const shrink = ["-Oz", "--one-caller-inline-max-function-size=20", "--converge"];
  const strip = ["--strip-target-features", "--strip-producers"];
  await must("core: wasm-opt", join(root, "node_modules", ".bin", "wasm-opt"), [
    ...shrink,
    ...strip,
    wasm,
    "-o",
    wasm,
  ]);
  await inline();
  await writeFile(stamp, made);
}

/** Writes the wasm and its glue as modules that a bundler takes in. */
async function inline() {
  const glue = await readFile(join(raw, "bindings.js"), "utf8");
  await writeFile(join(raw, "core.js"), factoryModule(glue));
  await writeFile(join(raw, "core.d.ts"), CORE_TYPES);
  await writeFile(join(raw, "bytes.js"), bytesModule(await readFile(wasm)));
  await writeFile(join(raw, "bytes.d.ts"), BYTES_TYPES);
}

const CORE_TYPES = `/** One instance of the wasm: its exports, once it was started. */
export function makeCore(): {
  core: typeof import("./bindings.js");
  imports: WebAssembly.Imports;
  start: (exports: Record<string, unknown>) => void;
};
`;

const BYTES_TYPES = `/** The wasm. */
export function bytes(): Uint8Array<ArrayBuffer>;
/** It compiled, where the platform has done that. */
export const precompiled: WebAssembly.Module | undefined;
`;

/** Joins the entry, the JavaScript side and the wasm into the published files. */
async function joinFiles() {
  const { version, license } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const banner = { js: `/*! civitai-permissions ${version} | ${license} */` };
  await bundle({ entryPoints: ["src/js/index.js"], outfile: published, banner });
  await bundle({
    entryPoints: ["src/js/index.js"],
    outfile: forWorkerd,
    banner,
    plugins: [wasmBeside],
  });
  for (const file of [published, forWorkerd]) await lighten(`${file}.map`);
  await copyFile(wasm, publishedWasm);
  // So that `tsc` reads the hand-written types of the built file, not its minified code.
  const types = 'export * from "../src/js/index.js";\n';
  await writeFile(published.replace(/\.js$/, ".d.ts"), types);
}

/** Takes the wasm's text out of a source map: nobody reads it there, and it would be published twice. @param {string} file */
async function lighten(file) {
  const map = JSON.parse(await readFile(file, "utf8"));
  const isWasm = (/** @type {number} */ index) => map.sources[index].endsWith("raw/bytes.js");
  map.sourcesContent = map.sourcesContent.map((/** @type {string} */ text, /** @type {number} */ index) =>
    isWasm(index) ? null : text,
  );
  await writeFile(file, JSON.stringify(map));
}

/** In the place of the inlined wasm, imports the one that lies beside the file, as a module. @type {import("esbuild").Plugin} */
const wasmBeside = {
  name: "wasm-beside",
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /pkg.raw.bytes\.js$/ }, () => ({
      contents: `export const bytes = () => {}; export { default as precompiled } from "./civitai-permissions.wasm";`,
    }));
    onResolve({ filter: /\.wasm$/ }, () => ({ path: "./civitai-permissions.wasm", external: true }));
  },
};

async function sizes() {
  const files = { wasm, glue: join(raw, "core.js"), "published file": published };
  const rows = Object.entries(files).map(async ([name, file]) => sizesRow(name, await readFile(file)));
  return table(sizesHead, await Promise.all(rows));
}
