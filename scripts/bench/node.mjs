// The bench in Node.js: calls, CPU, cache, start of a process, size, memory, growth.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { root } from "../lib/paths.mjs";
import { published } from "../lib/pkg.mjs";
import { bundles, sizesOf } from "../lib/sizes.mjs";
import { rival as rivalFile, startRow } from "./sides.mjs";
import { pooled } from "./speed.js";

/** @typedef {import("./speed.js").Row} Row */
/** @typedef {import("./speed.js").Measured} Measured */

const run = promisify(execFile);
const PROCESSES = 5;

/** @param {string} baseUrl */
export async function inNode(baseUrl) {
  /** @type {{ measured: Measured[], growth: object }[]} */
  const runs = [];
  for (let left = PROCESSES; left > 0; left--) {
    const args = [join(import.meta.dirname, "node-process.mjs"), baseUrl, ...(left === 1 ? ["growth"] : [])];
    runs.push(JSON.parse((await run(process.execPath, args)).stdout));
  }
  const rows = [
    ...pooled(runs.map(({ measured }) => measured)),
    await processStart(baseUrl),
    await size(),
    await memory(),
  ];
  return { rows, growth: /** @type {any} */ (runs.at(-1)?.growth) };
}

/** A new process up to its first answer. @param {string} baseUrl @returns {Promise<Row>} */
async function processStart(baseUrl) {
  const options = JSON.stringify({ baseUrl });
  const program = (/** @type {string} */ start) =>
    `${start}; await check([2514310]); console.log(performance.now());`;
  const sides = {
    ours: program(
      `import { checkPermissions } from ${JSON.stringify(pathToFileURL(published).href)}; const check = (ids) => checkPermissions(ids, ${options})`,
    ),
    bare: program(
      `const check = async (ids) => (await fetch(${JSON.stringify(baseUrl)} + "/api/v1/permissions/check?entityIds=" + ids)).json()`,
    ),
    rival: program(
      `import { createRival } from ${JSON.stringify(pathToFileURL(rivalFile).href)}; const check = createRival(${options})`,
    ),
  };
  return startRow(
    "a new process to its first answer",
    async (name) => {
      const args = ["--input-type=module", "--eval", sides[name]];
      return Number((await run(process.execPath, args, { cwd: root })).stdout);
    },
    1.05,
  );
}

/** @returns {Promise<Row>} */
async function size() {
  const { ours, rival } = await bundles();
  const brotli = sizesOf(ours).brotli / 1000;
  return {
    ...{ name: "bundled, after brotli", unit: "kB", goal: "≤ 64 kB", met: brotli <= 64, ours: brotli },
    ...{ bare: null, rival: sizesOf(rival).brotli / 1000, ratio: null, spread: null },
  };
}

/** What a process holds after many checks, beyond what it held half-way. @returns {Promise<Row>} */
async function memory() {
  const script = join(import.meta.dirname, "long-run.mjs");
  const { stdout } = await run(process.execPath, ["--expose-gc", script, "200000"]);
  const held = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const [half, end] = [held[4], held[9]];
  const grown = (end.wasm + end.heap - half.wasm - half.heap) / 1024;
  return {
    ...{ name: "memory after 200,000 checks", unit: "MB", goal: "grows by ≤ 1 MB after 100,000" },
    ...{ met: grown <= 1, ours: (end.wasm + end.heap) / 1024, bare: null, rival: null },
    ...{ ratio: null, spread: null },
  };
}
