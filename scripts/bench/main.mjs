// npm run bench: speed, size and memory beside a bare `fetch` of the same requests and beside dataloader + ky.
//
//   npm run bench -- --json       for machines (`npm run --silent bench -- --json`)
//   npm run bench -- --node       without the browsers
//   npm run bench -- --write      puts the table and the chart into the README
//   npm run bench -- extension    what the extension costs a page
//   npm run bench -- react        10,000 ids in the hook, beside a page that fetches by itself

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setUp } from "../lib/install.mjs";
import { build } from "../lib/pkg.mjs";
import { markdownTable, writePart } from "../lib/readme.mjs";
import { main, run } from "../lib/run.mjs";
import { buildStandIn, launchStandIn } from "../lib/stand-in-process.mjs";
import { table } from "../lib/table.mjs";
import { chart } from "./chart.mjs";
import { inNode } from "./node.mjs";

/** @typedef {import("./speed.js").Row} Row */

/** They need the tests' pages, so they stand among the tests. */
const APART = { extension: "tests/extension/load/speed.js", react: "tests/package/react/speed.js" };

main(async () => {
  const args = process.argv.slice(2);
  const json = args.includes("--json");
  const print = process.stdout.write.bind(process.stdout);
  // What building prints goes elsewhere, where a machine reads.
  if (json) process.stdout.write = process.stderr.write.bind(process.stderr);
  await setUp("build", "test");
  await build();
  await buildStandIn();
  const apart = Object.entries(APART).find(([name]) => args.includes(name));
  if (apart) {
    const [name, file] = apart;
    const { ok, output } = await run(`bench: ${name}`, process.execPath, [file, ...(json ? ["--json"] : [])]);
    print(output);
    return ok ? 0 : 1;
  }
  const { url: baseUrl, close } = await launchStandIn(["--quiet"]);
  try {
    const { rows, growth } = await inNode(baseUrl);
    // Not a static import: set-up must be able to run before the npm packages are installed.
    const { inBrowsers } = await import("./browsers.mjs");
    const browsers = args.includes("--node") ? {} : await inBrowsers(baseUrl);
    const all = { "Node.js": rows, ...browsers };
    if (json) print(`${JSON.stringify({ node: process.versions.node, rows: all, growth }, null, 2)}\n`);
    else for (const [where, some] of Object.entries(all)) console.log(`\n${where}\n\n${shown(some, table)}`);
    if (args.includes("--write")) {
      const tables = Object.entries(all).map(
        ([where, some]) =>
          `${where}:\n\n${shown(some === rows ? some : some.slice(0, CALLS), markdownTable)}`,
      );
      await writePart("bench", [...tables, PICTURE].join("\n\n"));
      await writeFile(join(import.meta.dirname, "growth.svg"), chart(growth));
    }
  } finally {
    close();
  }
});

/** Of a browser the README shows the first rows. */
const CALLS = 5;

const PICTURE =
  "![How the time grows with the ids of one call, and with calls of one id each at once.](scripts/bench/growth.svg)";

const HEAD = ["median", "goal", "", "ours", "bare fetch", "dataloader + ky", "ratio", "quartiles"];

/** @param {Row[]} rows @param {(head: string[], rows: string[][]) => string} make */
function shown(rows, make) {
  const cells = rows.map(({ name, unit, goal, met, ours, bare, rival, ratio, spread }) => [
    name,
    goal,
    met === null ? "" : met ? "met" : "missed",
    amount(ours, unit),
    amount(bare, unit),
    amount(rival, unit),
    ratio?.toFixed(2) ?? "",
    spread ? spread.map((number) => number.toFixed(2)).join("–") : "",
  ]);
  return make(HEAD, cells);
}

/** @param {number | null} number @param {string} unit */
function amount(number, unit) {
  if (number === null) return "";
  const digits = number < 10 ? 2 : number < 100 ? 1 : 0;
  return `${number.toLocaleString("en", { maximumFractionDigits: digits })} ${unit}`;
}
