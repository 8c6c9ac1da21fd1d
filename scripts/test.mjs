// npm test: everything that checks, with one plain summary at the end.
//
//   npm test -- --list          the names of the steps
//   npm test -- --only NAME     only these steps (may be repeated), and what they need

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "./lib/build.mjs";
import { afterSecondTry } from "./lib/counts.mjs";
import { target } from "./lib/paths.mjs";
import { seconds } from "./lib/progress.mjs";
import { main, run, Stop } from "./lib/run.mjs";
import { setUp } from "./lib/setup.mjs";
import { buildStandIn, launchStandIn } from "./lib/stand-in.mjs";
import { steps } from "./lib/steps.mjs";
import { table } from "./lib/table.mjs";

main(async () => {
  const names = choose(process.argv.slice(2));
  if (names === null) return 0;
  await setUp("build", "test");
  // Asked only now: set-up may just have brought the programs that the steps name.
  const chosen = steps().filter(({ name }) => names.includes(name));
  const env = chosen.some(({ built }) => built) ? await prepare() : {};
  const results = [];
  for (const step of chosen) results.push(await take(step, env));
  return report(results);
});

/**
 * @param {string[]} args
 * @returns {string[] | null} the steps to take; null: they were only listed
 */
function choose(args) {
  const all = steps();
  const names = all.map(({ name }) => name);
  if (args.includes("--list")) {
    console.log(
      table(
        ["name", "what"],
        all.map(({ name, title }) => [name, title]),
      ),
    );
    return null;
  }
  const wanted = args.flatMap((arg, at) => (args[at - 1] === "--only" ? [arg] : []));
  const strange = [
    ...wanted.filter((name) => !names.includes(name)),
    ...args.filter((arg, at) => arg !== "--only" && arg !== "--verbose" && args[at - 1] !== "--only"),
  ];
  if (strange.length > 0) {
    throw new Stop(
      `npm test knows no ${strange.join(", ")}. There are --list, --verbose and --only NAME, with NAME one of:\n\n  ${names.join(" ")}`,
    );
  }
  return wanted.length === 0 ? names : wanted;
}

/** Builds the module and the stand-in, and starts the latter for the wasm suites. */
async function prepare() {
  await build();
  await buildStandIn();
  const { url } = await launchStandIn(["--quiet"]);
  return { STAND_IN: url };
}

/**
 * @param {import("./lib/steps.mjs").Step} step
 * @param {NodeJS.ProcessEnv} env
 */
async function take(step, env) {
  const first = await tryOnce(step, step.command, env);
  const again = first.counts.failed > 0 ? step.secondTry?.(first.output) : null;
  if (!again) return { step, ms: first.ms, unsteady: 0, ...first.counts };
  const second = await tryOnce({ ...step, name: `${step.name}-again` }, again, env);
  return { step, ms: first.ms + second.ms, ...afterSecondTry(first.counts, second.counts) };
}

/**
 * @param {import("./lib/steps.mjs").Step} step
 * @param {string[]} call
 * @param {NodeJS.ProcessEnv} env
 */
async function tryOnce(step, [command = "", ...args], env) {
  // A log that nobody can ask for more shows all at once.
  const stream = process.argv.includes("--verbose") || Boolean(process.env.CI);
  const { ok, output, ms } = await run(`${step.name}: ${step.title}`, command, args, {
    env: { ...env, ...step.env },
    limit: 40 * 60_000,
    stream,
  });
  const log = join(target, "test-logs", `${step.name}.txt`);
  mkdirSync(join(target, "test-logs"), { recursive: true });
  writeFileSync(log, output);
  const counts = step.count(output, ok);
  if (counts.failed > 0 && !stream) console.log(`\n${output.trimEnd()}\n`);
  return { output, ms, counts };
}

/** @param {Awaited<ReturnType<typeof take>>[]} results @returns {number} the exit code */
function report(results) {
  const sum = (/** @type {"passed" | "failed" | "skipped"} */ what) =>
    results.reduce((total, counts) => total + counts[what], 0);
  const rows = results.map(({ step, passed, failed, skipped, ms }) => [
    `${failed > 0 ? "✗" : "✓"} ${step.title}`,
    String(passed),
    String(failed),
    String(skipped),
    seconds(ms),
  ]);
  console.log(`\n${table(["", "passed", "failed", "skipped", "took"], rows)}\n`);
  for (const { step, unsteady } of results) {
    if (unsteady > 0)
      console.log(
        `${step.name}: ${unsteady} passed at the second try only; target/test-logs/${step.name}.txt has the first\n`,
      );
  }
  const wrong = results.filter(({ failed }) => failed > 0).map(({ step }) => step.name);
  if (wrong.length > 0)
    console.log(`Again with: npm test -- ${wrong.map((name) => `--only ${name}`).join(" ")}\n`);
  console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
  return wrong.length > 0 ? 1 : 0;
}
