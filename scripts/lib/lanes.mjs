// Runs the jobs of `npm test` side by side: cargo's one after another, since they wait for each other's lock; the rest in
// two lanes for each core, since a test that drives a browser often waits, but in half of them while cargo runs, which
// takes all cores by itself; and what measures time or builds pkg/ by itself, at the end.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { afterSecondTry } from "./counts.mjs";
import { target } from "./paths.mjs";
import { run } from "./run.mjs";

/**
 * @typedef {import("./steps.mjs").Job} Job
 * @typedef {Job & { step: import("./steps.mjs").Step }} JobOfStep
 * @typedef {import("./counts.mjs").Counts & { job: JobOfStep, ms: number, unsteady: number }} Result
 */

/**
 * @param {JobOfStep[]} jobs
 * @param {(job: JobOfStep) => Promise<Result>} take
 * @returns {Promise<Result[]>} in the order of the jobs
 */
export async function inLanes(jobs, take) {
  const times = knownTimes();
  /** @type {Map<JobOfStep, Result>} */
  const results = new Map();
  /** Takes jobs from the front until none is left. @param {JobOfStep[]} queue @param {number} width */
  const lane = (queue, width) =>
    Promise.all(
      Array.from({ length: width }, async () => {
        for (let job = queue.shift(); job; job = queue.shift()) results.set(job, await take(job));
      }),
    );
  const inLane = (/** @type {Job["lane"]} */ wanted) => jobs.filter((job) => job.lane === wanted);
  // The longest first, so that none of them starts when all others have ended. In a fresh clone none has a time yet:
  // what allows itself the most takes the longest.
  const length = (/** @type {JobOfStep} */ { name, limit }) => times[name] ?? limit;
  const free = inLane("free").sort((a, b) => length(b) - length(a));
  const cores = availableParallelism();
  const cargo = lane(inLane("cargo"), 1).then(() => lane(free, cores));
  await Promise.all([cargo, lane(free, cores)]);
  await lane(inLane("alone"), 1);
  keepTimes(times, [...results.values()]);
  return jobs.flatMap((job) => results.get(job) ?? []);
}

/**
 * Runs a job, and once more if it failed and drives browsers: on a busy machine a browser loses a tab now and then.
 * What fails twice has failed, and what passed only then is in the summary.
 * @param {JobOfStep} job
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Result>}
 */
export async function retried(job, env) {
  const first = await once(job, env, "");
  if (first.counts.failed === 0 || !job.retry) return { job, ms: first.ms, unsteady: 0, ...first.counts };
  const second = await once(job, env, "-again");
  return { job, ms: first.ms + second.ms, ...afterSecondTry(first.counts, second.counts) };
}

/** @param {JobOfStep} job @param {NodeJS.ProcessEnv} env @param {string} suffix of the log's name */
async function once(job, env, suffix) {
  const [command = "", ...args] = job.command;
  const { ok, output, ms } = await run(job.title, command, args, {
    env: { ...env, ...job.env },
    // Twice what the longest takes. Most files end sooner by their own timeouts.
    limit: 40 * 60_000,
    announce: false,
  });
  const log = logOf(job, suffix);
  mkdirSync(join(target, "test-logs"), { recursive: true });
  writeFileSync(log, output);
  const counts = job.step.count(output, ok);
  // A log that nobody can ask for more shows everything.
  const all = process.argv.includes("--verbose") || Boolean(process.env.CI);
  if (counts.failed > 0 || all) console.log(`\n${output.trimEnd()}\n`);
  return { ms, counts };
}

/** Where a job's output is kept. @param {Job} job @param {string} [suffix] */
export const logOf = (job, suffix = "") =>
  join(target, "test-logs", `${job.name.replaceAll("/", "-")}${suffix}.txt`);

const timesFile = join(target, "test-times.json");

/** How long each job took when it last passed, in milliseconds. @returns {Record<string, number>} */
function knownTimes() {
  try {
    return JSON.parse(readFileSync(timesFile, "utf8"));
  } catch {
    return {}; // The first run, or a file that was cut off.
  }
}

/** @param {Record<string, number>} times @param {Result[]} results */
function keepTimes(times, results) {
  const passed = results.filter(({ failed }) => failed === 0);
  const now = Object.fromEntries(passed.map(({ job, ms }) => [job.name, Math.round(ms)]));
  mkdirSync(target, { recursive: true });
  writeFileSync(timesFile, `${JSON.stringify({ ...times, ...now }, null, 1)}\n`);
}
