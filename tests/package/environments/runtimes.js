// Servers: the program runs as it is, and the runtime finds the package.

import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { root } from "../../helpers/repository.js";
import { tool } from "../matrix/tool.js";
import { program } from "../project.js";
import { pinned, versions } from "./versions.js";

/** @param {string} name */
const bin = (name) => join(root, "tests", "package", "matrix", "node_modules", ".bin", name);

/** The command that runs a file. The package is found by the runtime itself; nothing is fetched. */
const commands = {
  node: [process.execPath],
  deno: [
    ...[bin("deno"), "run", "--no-config", "--node-modules-dir=manual", "--cached-only"],
    "--allow-net=127.0.0.1",
  ],
  bun: [bin("bun"), "run"],
};

/**
 * Runs a file to its end, which it has to find by itself.
 * @param {keyof typeof commands} runtime @param {string} file
 */
export async function runIn(runtime, file) {
  const [command = "", ...args] = commands[runtime];
  return promisify(execFile)(command, [...args, file], { cwd: dirname(file) });
}

/** @type {import("./index.js").Environment[]} */
export const runtimes = [
  {
    name: "Node.js",
    version: versions.node,
    ofMachine: true,
    how: "`import`",
    run: async (place) => runIn("node", await written(place, program(place))),
  },
  {
    name: "Node.js, CommonJS",
    version: versions.node,
    ofMachine: true,
    how: "`require()`",
    async run(place) {
      const source = program(place).replaceAll(/import (\{.*\}) from (.*);/g, "const $1 = require($2);");
      await runIn("node", await written(place, source, "cjs"));
    },
  },
  {
    name: "Deno",
    version: pinned("deno"),
    how: "`import`",
    run: async (place) => runIn("deno", await written(place, program(place))),
  },
  {
    name: "Bun",
    version: pinned("bun"),
    how: "`import`",
    run: async (place) => runIn("bun", await written(place, program(place))),
  },
  {
    name: "Cloudflare Workers (workerd)",
    version: pinned("miniflare"),
    how: "`import`, bundled by esbuild as wrangler does",
    run: workerd,
  },
];

/** @param {import("./index.js").Place} place @param {string} source @param {string} [extension] */
async function written({ folder, name }, source, extension = "js") {
  const file = join(folder, `${name}.${extension}`);
  await writeFile(file, source);
  return file;
}

/** @param {import("./index.js").Place} place */
async function workerd(place) {
  const source = program(place).replace(
    /^probe.*$/m,
    (call) => `export default { async fetch() { await ${call} return new Response("done"); } };`,
  );
  const { dispatch, dispose } = await startWorker(
    await written(place, source),
    join(place.folder, place.name),
  );
  place.after(dispose);
  await dispatch("http://worker/");
}

/**
 * Bundles a worker as wrangler does, and starts it in workerd.
 * @param {string} entry
 * @param {string} outdir
 * @param {Record<string, unknown>} [options] miniflare's
 * @returns {Promise<{ dispatch: (url: string, init?: RequestInit) => Promise<Response>, dispose: () => Promise<void> }>}
 */
export async function startWorker(entry, outdir, options = {}) {
  const { build } = await tool("esbuild");
  await build({
    entryPoints: { worker: entry },
    outdir,
    bundle: true,
    format: "esm",
    conditions: ["workerd", "worker", "browser"],
    loader: { ".wasm": "copy" },
    logLevel: "error",
  });
  const { Miniflare } = await tool("miniflare");
  const worker = new Miniflare({
    modules: true,
    rootPath: outdir,
    scriptPath: join(outdir, "worker.js"),
    modulesRules: [
      { type: "ESModule", include: ["**/*.js"] },
      { type: "CompiledWasm", include: ["**/*.wasm"] },
    ],
    compatibilityDate: "2026-01-01",
    ...options,
  });
  await worker.ready;
  return {
    dispatch: (url, init) => worker.dispatchFetch(url, init),
    dispose: () => worker.dispose(),
  };
}
