// npm run size: what the module weighs, beside what one would write without it. Fails over the budget.
//
//   npm run size -- --write     puts the table into the README

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./lib/paths.mjs";
import { published } from "./lib/pkg.mjs";
import { markdownTable, writePart } from "./lib/readme.mjs";
import { main, Stop } from "./lib/run.mjs";
import { bundles, sizesHead, sizesOf, sizesRow } from "./lib/sizes.mjs";
import { table } from "./lib/table.mjs";

/** Brotli bytes of the whole: the wasm, its JavaScript side and the entry. */
const BUDGET = 101_700;
/** Brotli bytes of what the element adds. */
const BADGE_BUDGET = 12_000;

main(async () => {
  const parts = await measured();
  const rows = parts.map(({ name, bytes }) => sizesRow(name, bytes));
  console.log(`${table(sizesHead, rows)}\n`);
  if (process.argv.includes("--write")) await writePart("size", markdownTable(sizesHead, rows));
  const over = parts
    .map(({ name, bytes, budget = Number.POSITIVE_INFINITY }) => ({
      name,
      budget,
      brotli: sizesOf(bytes).brotli,
    }))
    .filter(({ brotli, budget }) => brotli > budget);
  if (over.length > 0) {
    const list = over
      .map(
        ({ name, brotli, budget }) =>
          `  ${name}: ${brotli.toLocaleString("en")} of ${budget.toLocaleString("en")}`,
      )
      .join("\n");
    throw new Stop(`Over the budget, in bytes after brotli:\n\n${list}`);
  }
});

/** @returns {Promise<{ name: string, bytes: Uint8Array, budget?: number }[]>} */
async function measured() {
  const pkg = (/** @type {string} */ name) => readFile(join(root, "pkg", name));
  const { ours, rival } = await bundles();
  return [
    { name: "the published file", bytes: await readFile(published), budget: BUDGET },
    { name: "– the wasm in it, as text", bytes: await pkg(join("raw", "bytes.js")) },
    { name: "– the JavaScript in it", bytes: await pkg("civitai-permissions.workerd.js") },
    { name: "the wasm as a file of its own", bytes: await pkg("civitai-permissions.wasm") },
    { name: "`civitai-permissions/badge`, beside it", bytes: await pkg("badge.js"), budget: BADGE_BUDGET },
    { name: "`import { checkPermissions }`, bundled", bytes: ours, budget: BUDGET },
    { name: "`dataloader` + `ky` + ten lines, bundled", bytes: rival },
  ];
}
