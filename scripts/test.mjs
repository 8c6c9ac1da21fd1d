// npm test: everything that checks, with one plain summary at the end. tests/README.md says what to run when.
//
//   npm test                    each rule once, in about 12 minutes
//   npm test -- --full          all of it: both browsers for each rule, walks, pictures, long simulations
//   npm test -- --changed       what the working tree's changes touch
//   npm test -- FILE            one test file (may be repeated)
//   npm test -- --only NAME     one step (may be repeated); --list names them

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { changedFiles, touchedBy } from "./lib/changed.mjs";
import { setUp } from "./lib/install.mjs";
import { inLanes, retried } from "./lib/lanes.mjs";
import { packNpm } from "./lib/pack-npm.mjs";
import { target } from "./lib/paths.mjs";
import { build } from "./lib/pkg.mjs";
import { summary } from "./lib/report.mjs";
import { main, Stop } from "./lib/run.mjs";
import { buildStandIn, launchStandIn } from "./lib/stand-in-process.mjs";
import { steps } from "./lib/steps.mjs";
import { table } from "./lib/table.mjs";

/** @typedef {import("./lib/steps.mjs").Step} Step */

main(async () => {
  const options = readArguments(process.argv.slice(2));
  if (options.list) {
    const rows = steps(options).map(({ name, title, jobs }) => [name, title, String(jobs.length)]);
    console.log(table(["name", "what", "jobs"], rows));
    return 0;
  }
  // An unknown name is refused before anything is installed.
  choose(steps(options), options);
  await setUp("build", "test");
  // Asked again: set-up may just have installed the programs that the steps name.
  const chosen = choose(steps(options), options);
  const jobs = chosen.flatMap((step) => step.jobs.map((job) => ({ ...job, step })));
  if (jobs.length === 0) {
    console.log("Nothing that a test reads has changed.\n\n0 passed, 0 failed");
    return 0;
  }
  const started = performance.now();
  const needsBuild = jobs.some(({ step }) => step.built);
  // Cargo's first jobs have the stand-in's folder, and would hold its lock for a minute. The module has one of its own.
  const standIn = needsBuild ? buildStandIn() : Promise.resolve();
  const ready = needsBuild ? prepare(standIn) : {};
  const [results] = await Promise.all([
    standIn.then(() => inLanes(jobs, async (job) => retried(job, job.step.built ? await ready : {}))),
    ready,
  ]);
  const { text, failed } = summary(results, performance.now() - started);
  console.log(`\n${text}`);
  return failed > 0 ? 1 : 0;
});

/** @param {string[]} args */
function readArguments(args) {
  const only = args.filter((_, index) => args[index - 1] === "--only");
  const rest = args.filter((arg, index) => arg !== "--only" && args[index - 1] !== "--only");
  const flags = ["--full", "--changed", "--list", "--verbose"];
  const files = rest.filter((arg) => !arg.startsWith("-"));
  const strange = rest.filter((arg) => arg.startsWith("-") && !flags.includes(arg));
  return {
    full: rest.includes("--full"),
    changed: rest.includes("--changed"),
    list: rest.includes("--list"),
    files: files.map((file) => file.replace(/^\.\//, "")),
    only,
    strange,
  };
}

/**
 * The steps that were asked for, each with the jobs that were asked for.
 * @param {Step[]} all @param {ReturnType<typeof readArguments>} options @returns {Step[]}
 */
function choose(all, { only, files, changed, strange, full }) {
  const names = [...new Set(all.map(({ name }) => name))];
  const known = all.flatMap(({ jobs }) => jobs.map(({ name }) => name));
  const unknown = [
    ...strange,
    ...only.filter((name) => !names.includes(name)),
    ...files.filter((file) => !known.includes(file)),
  ];
  if (unknown.length > 0) {
    const hint = full ? "" : " A file that ends in .full.test.js needs --full.";
    throw new Stop(
      `npm test does not know ${unknown.join(", ")}. It takes --full, --changed, --list, --verbose, the path of a ` +
        `test file, and --only NAME.${hint} NAME is one of:\n\n  ${names.join(" ")}`,
    );
  }
  if (only.length === 0 && files.length === 0 && !changed) return all.filter(({ extra }) => full || !extra);
  const touched = changed ? touchedBy(changedFiles(), names) : [];
  return all.flatMap((step) => {
    if (only.includes(step.name) || touched.includes(step.name)) return [step];
    const jobs = step.jobs.filter(({ name }) => files.includes(name) || touched.includes(name));
    return jobs.length > 0 ? [{ ...step, jobs }] : [];
  });
}

/** Builds and packs the module, and starts the stand-in for the wasm suites. @param {Promise<void>} standIn once it is built */
async function prepare(standIn) {
  await Promise.all([build(), standIn]);
  const folder = join(target, "packed");
  await mkdir(folder, { recursive: true });
  const [packed, { url }] = await Promise.all([packNpm(folder), launchStandIn(["--quiet"])]);
  return { STAND_IN: url, PACKED: packed };
}
