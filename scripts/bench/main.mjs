// npm run bench: speed and size beside what one would write without the module (rival.js), measured
// in turns in one run. `npm run --silent bench -- --json` prints it for machines.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build, published } from "../lib/build.mjs";
import { setUp } from "../lib/install.mjs";
import { root } from "../lib/paths.mjs";
import { main } from "../lib/run.mjs";
import { bundles, sizesOf } from "../lib/sizes.mjs";
import { buildStandIn, launchStandIn } from "../lib/stand-in-process.mjs";
import { table } from "../lib/table.mjs";

const rival = join(root, "scripts", "bench", "rival.js");

/** Odd, for the median; each side has its turn in every round. */
const ROUNDS = 9;

/** Versions of the stand-in's crowd. @param {number} count */
const crowd = (count) => Array.from({ length: count }, (_, nth) => 3_000_001 + nth);

/**
 * @typedef {(ids: number[]) => Promise<unknown>} Check
 * @typedef {object} Measure
 * @property {string} name
 * @property {(check: Check) => Promise<unknown>} run what is timed
 * @property {(check: Check) => Promise<unknown>} [before] what is not
 */

/** @type {Measure[]} */
const measures = [
  { name: "200 ids, one call", run: (check) => check(crowd(200)) },
  { name: "10,000 ids, one call", run: (check) => check(crowd(10_000)) },
  {
    name: "1,000 calls of one id each, at once",
    run: (check) => Promise.all(crowd(1000).map((id) => check([id]))),
  },
  {
    name: "10,000 ids, all known already",
    before: (check) => check(crowd(10_000)),
    run: (check) => check(crowd(10_000)),
  },
];

main(async () => {
  const json = process.argv.includes("--json");
  const print = process.stdout.write.bind(process.stdout);
  // What building has to say goes elsewhere, where a machine reads.
  if (json) process.stdout.write = process.stderr.write.bind(process.stderr);
  await setUp("build", "test");
  await build();
  await buildStandIn();
  const { url: baseUrl, close } = await launchStandIn(["--quiet"]);
  try {
    const rows = [await startUp(baseUrl), ...(await speeds(baseUrl)), ...(await sizes())];
    if (json) {
      print(`${JSON.stringify({ node: process.versions.node, rounds: ROUNDS, rows }, null, 2)}\n`);
    } else {
      const shown = rows.map(({ name, unit, ours, theirs, ratio }) => [
        `${name}, ${unit}`,
        ours.toLocaleString("en"),
        theirs.toLocaleString("en"),
        ratio.toFixed(2),
      ]);
      console.log(table(["median of several rounds", "ours", "rival's", "ratio"], shown));
    }
  } finally {
    close();
  }
});

/** A new process up to its first answer. @param {string} baseUrl */
async function startUp(baseUrl) {
  const take = async (/** @type {string} */ source) => {
    const program = `${source}; await check([2514310]); console.log(performance.now());`;
    const args = ["--input-type=module", "--eval", program];
    return Number((await promisify(execFile)(process.execPath, args, { cwd: root })).stdout);
  };
  const options = JSON.stringify({ baseUrl });
  return inTurns(
    "a new process up to its first answer",
    () =>
      take(
        `import { checkPermissions } from ${JSON.stringify(pathToFileURL(published).href)}; const check = (ids) => checkPermissions(ids, ${options})`,
      ),
    () =>
      take(
        `import { createRival } from ${JSON.stringify(pathToFileURL(rival).href)}; const check = createRival(${options})`,
      ),
  );
}

/** @param {string} baseUrl */
async function speeds(baseUrl) {
  const { PermissionChecker } = await import(pathToFileURL(published).href);
  const { createRival } = await import(pathToFileURL(rival).href);
  const ours = () => {
    const checker = new PermissionChecker({ baseUrl });
    return (/** @type {number[]} */ ids) => checker.check(ids);
  };
  const theirs = () => createRival({ baseUrl });
  const rows = [];
  for (const { name, run, before } of measures) {
    const timed = async (/** @type {Check} */ check) => {
      await before?.(check);
      const started = performance.now();
      await run(check);
      return performance.now() - started;
    };
    rows.push(
      await inTurns(
        name,
        () => timed(ours()),
        () => timed(theirs()),
      ),
    );
  }
  return rows;
}

async function sizes() {
  const { ours, rival } = await bundles();
  return [row("bundled and compressed by brotli", "bytes", sizesOf(ours).brotli, sizesOf(rival).brotli)];
}

/**
 * @param {string} name
 * @param {() => Promise<number>} ours
 * @param {() => Promise<number>} theirs
 */
async function inTurns(name, ours, theirs) {
  const [mine, other] = [/** @type {number[]} */ ([]), /** @type {number[]} */ ([])];
  // One round that does not count: everything is compiled and connected after it.
  for (let round = 0; round <= ROUNDS; round++) {
    const [our, their] = [await ours(), await theirs()];
    if (round === 0) continue;
    mine.push(our);
    other.push(their);
  }
  return row(name, "ms", median(mine), median(other));
}

/** @param {number[]} numbers */
function median(numbers) {
  return numbers.sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}

/** @param {string} name @param {string} unit @param {number} ours @param {number} theirs */
function row(name, unit, ours, theirs) {
  const round = (/** @type {number} */ number) => Math.round(number * 100) / 100;
  return { name, unit, ours: round(ours), theirs: round(theirs), ratio: round(ours / theirs) };
}
