// The summary of `npm test`.

import { relative } from "node:path";
import { logOf } from "./lanes.mjs";
import { root } from "./paths.mjs";
import { seconds } from "./progress.mjs";
import { table } from "./table.mjs";

/** @typedef {import("./lanes.mjs").Result} Result */

const SLOWEST = 10;

/**
 * @param {Result[]} results
 * @param {number} ms what all of it took by the clock
 * @returns {{ text: string, failed: number }} the last line is `N passed, N failed`
 */
export function summary(results, ms) {
  const sum = (/** @type {Result[]} */ of, /** @type {"passed" | "failed" | "skipped" | "ms"} */ what) =>
    of.reduce((total, result) => total + result[what], 0);
  const steps = [...new Set(results.map(({ job }) => job.step))];
  const rows = steps.map((step) => {
    const of = results.filter(({ job }) => job.step === step);
    const [passed, failed, skipped] = [sum(of, "passed"), sum(of, "failed"), sum(of, "skipped")];
    const mark = failed > 0 ? "✗" : "✓";
    return [`${mark} ${step.title}`, String(passed), String(failed), String(skipped), seconds(sum(of, "ms"))];
  });
  const slowest = [...results].sort((a, b) => b.ms - a.ms).slice(0, SLOWEST);
  const wrong = results.filter(({ failed }) => failed > 0);
  const again = new Set(
    wrong.map(({ job }) => (job.name.endsWith(".js") ? job.name : `--only ${job.step.name}`)),
  );
  const unsteady = results.filter(({ unsteady }) => unsteady > 0);
  return {
    failed: wrong.length,
    text: [
      table(["", "passed", "failed", "skipped", "took"], rows),
      `The ${slowest.length} slowest:\n\n${table(
        ["", "took"],
        slowest.map(({ job, ms }) => [job.title, seconds(ms)]),
      )}`,
      ...unsteady.map(
        ({ job, unsteady }) =>
          `${job.name}: ${unsteady} passed at the second try only; ${relative(root, logOf(job))} has the first`,
      ),
      ...(again.size > 0 ? [`Again with: npm test -- ${[...again].join(" ")}`] : []),
      `${seconds(ms)} in all, ${seconds(sum(results, "ms"))} if run one after another`,
      `${sum(results, "passed")} passed, ${sum(results, "failed")} failed`,
    ].join("\n\n"),
  };
}
