// The tables in the README say what is so.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { root } from "../../scripts/lib/paths.mjs";
import { part } from "../../scripts/lib/readme.mjs";
import { environmentRows } from "../package/environments/rows.js";

test("the matrix names what is tested, in the versions that are tested", async () => {
  const written = cells(await part("matrix"));
  const rows = environmentRows({ ofMachine: false });
  assert.deepEqual(
    written.map((row, nth) => (rows[nth]?.at(-1) === "" ? [...row.slice(0, -1), ""] : row)),
    rows,
    "npm run matrix -- --write updates it",
  );
});

test("the sizes are those of this build, within one per cent", async () => {
  const [published] = cells(await part("size"));
  const written = Number(published?.[1]?.replaceAll(",", ""));
  const { length } = await readFile(join(root, "pkg", "civitai-permissions.js"));
  assert.ok(
    Math.abs(written / length - 1) < 0.01,
    `README.md has ${written} instead of ${length}: npm run size -- --write updates it`,
  );
});

test("size fails over its budget, and prints by how much", async () => {
  const script = await readFile(join(root, "scripts", "size.mjs"), "utf8");
  const strict = script
    .replace(/BUDGET = [\d_]+/, "BUDGET = 1_000")
    .replaceAll('"./lib/', `"${root}scripts/lib/`);
  const ran = promisify(execFile)(process.execPath, ["--input-type=module", "--eval", strict], { cwd: root });
  await assert.rejects(
    ran,
    /Over the budget, in bytes after brotli:\n\n {2}the published file: [\d,]+ of 1,000/,
  );
});

/** The cells of a table's rows, without its head. @param {string} table */
function cells(table) {
  return table
    .split("\n")
    .slice(2)
    .map((line) => line.slice(2, -2).split(" | "));
}
