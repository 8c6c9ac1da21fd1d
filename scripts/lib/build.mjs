// Builds pkg/: the core as wasm, its JavaScript side, and the files that are published.
//
// The output is the same, byte for byte, in any folder and on any machine: paths are mapped away, names
// and producers are left out, and every tool has a pinned version.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { assemble } from "../../src/js/assemble.js";
import { bundleEntries } from "./entries.mjs";
import { bundleExtension } from "./extension.mjs";
import { env, root, target, tools } from "./paths.mjs";
import { must, Stop } from "./run.mjs";
import { sizesHead, sizesRow } from "./sizes.mjs";
import { streamsOf } from "./streams.mjs";
import { table } from "./table.mjs";

const raw = join(root, "pkg", "raw");
const wasm = join(raw, "core_bg.wasm");
/** The one file: entry, JavaScript side and the wasm. */
export const published = join(root, "pkg", "civitai-permissions.js");
/** The same without the wasm in it: it imports the wasm, since workerd compiles none at run time. */
const forWorkerd = join(root, "pkg", "civitai-permissions.workerd.js");
const publishedWasm = join(root, "pkg", "civitai-permissions.wasm");

export async function build() {
  const compiled = await compile();
  await bind(compiled);
  await bundle();
  await bundleEntries();
  await bundleExtension();
  console.log(`\n${await sizes()}\n`);
}

/** @returns {Promise<string>} where the compiled core is */
async function compile() {
  const args = ["build", "--lib", "--release", "--locked", "--features", "lean", "--target", WASM];
  await must("core: cargo build", "cargo", args, {
    // Encoded, because a path may hold spaces; and in place of the person's own RUSTFLAGS.
    env: { CARGO_ENCODED_RUSTFLAGS: [...features, ...(await remaps())].join("\x1f") },
  });
  return join(target, WASM, "release", "civitai_permissions.wasm");
}

const WASM = "wasm32-unknown-unknown";

/** Of what the compiler may use all but reference types, for which wasm-bindgen would make a table and an import. */
const features = [
  "-Clink-arg=--features=bulk-memory,multivalue,mutable-globals,nontrapping-fptoint,sign-ext",
  "-Clink-arg=--no-check-features",
];

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
  const scripts = ["build.mjs", "streams.mjs"].map((name) => readFile(join(import.meta.dirname, name)));
  const inputs = await Promise.all([
    readFile(compiled),
    readFile(join(root, "package-lock.json")),
    ...scripts,
  ]);
  const made = inputs.map((input) => createHash("sha256").update(input).digest("hex")).join("\n");
  if (existsSync(stamp) && (await readFile(stamp, "utf8")) === made) return;

  await rm(raw, { recursive: true, force: true });
  await must("core: wasm-bindgen", join(tools, "wasm-bindgen"), [
    // Of all targets the one that leaves starting it to us.
    ...["--target", "bundler", "--out-name", "core", "--out-dir", raw],
    ...["--remove-name-section", "--remove-producers-section", compiled],
  ]);
  // Longer functions stay by themselves though they are called once: like that they compress better.
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

/** Writes the wasm as a module of JavaScript, and reads it back to see that it holds the same bytes. */
async function inline() {
  const bytes = await readFile(wasm);
  const file = join(raw, "streams.js");
  await writeFile(file, `export const streams = ${JSON.stringify(streamsOf(bytes))};\n`);
  await writeFile(file.replace(/\.js$/, ".d.ts"), STREAMS_TYPES);
  await writeFile(join(raw, "core_bg.d.ts"), CORE_TYPES);
  // The query: a module is loaded once per address, and this one may have just changed.
  const { streams } = await import(`${pathToFileURL(file).href}?${Date.now()}`);
  if (!bytes.equals(assemble(streams))) {
    throw new Stop(`${file} does not hold the bytes of ${wasm}: a fault in scripts/lib/streams.mjs`);
  }
}

const CORE_TYPES = `export * from "./core.js";
/** To be called first. */
export function __wbg_set_wasm(exports: WebAssembly.Exports): void;
`;

const STREAMS_TYPES = `/** The wasm module, taken apart. */
export const streams: import("../../src/js/assemble.js").Streams;
`;

/** Joins the entry, the JavaScript side and the wasm into the published files. */
async function bundle() {
  // Not a static import: where the npm packages are absent, set-up must still be able to say so.
  const { build: esbuild } = await import("esbuild");
  const { version, license } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  /** @type {import("esbuild").BuildOptions} */
  const options = {
    absWorkingDir: root,
    bundle: true,
    format: "esm",
    target: "es2022",
    platform: "neutral",
    minify: true,
    charset: "utf8",
    legalComments: "none",
    banner: { js: `/*! civitai-permissions ${version} | ${license} */` },
    logLevel: "warning",
  };
  await esbuild({ ...options, entryPoints: ["src/js/index.js"], outfile: published });
  await esbuild({
    ...options,
    entryPoints: ["src/js/index.workerd.js"],
    outfile: forWorkerd,
    plugins: [wasmBeside],
  });
  await copyFile(wasm, publishedWasm);
  // So that `tsc` reads the hand-written types of the built file, not its minified code.
  const types = 'export * from "../src/js/index.js";\n';
  await writeFile(published.replace(/\.js$/, ".d.ts"), types);
}

/** Leaves the inlined wasm out, and imports the wasm that lies beside the file. @type {import("esbuild").Plugin} */
const wasmBeside = {
  name: "wasm-beside",
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /pkg.raw.streams\.js$/ }, () => ({ contents: "export const streams = undefined;" }));
    onResolve({ filter: /\.wasm$/ }, () => ({ path: "./civitai-permissions.wasm", external: true }));
  },
};

async function sizes() {
  const files = { wasm, glue: join(raw, "core_bg.js"), "published file": published };
  const rows = Object.entries(files).map(async ([name, file]) => sizesRow(name, await readFile(file)));
  return table(sizesHead, await Promise.all(rows));
}
