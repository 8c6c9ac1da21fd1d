// Reads from a test runner's output how many tests passed and failed.

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 * @typedef {(output: string, ok: boolean) => Counts} Count
 */

/** A lint or a build is one test. @type {Count} */
export const oneCount = (_output, ok) => ({ passed: Number(ok), failed: Number(!ok), skipped: 0 });

/** `cargo test` has a line for each binary and for the doc tests; wasm-pack passes it on. @type {Count} */
export const cargoCounts = (output, ok) => {
  const lines = [...output.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/gm)];
  return settle(
    lines.map(([, ...numbers]) => numbers.map(Number)),
    ok,
  );
};

/** `node --test` with the reporter `spec` ends with a line for each number. @type {Count} */
export const nodeCounts = (output, ok) => {
  /** @param {string} word */
  const number = (word) => Number(new RegExp(`^ℹ ${word} (\\d+)$`, "m").exec(output)?.[1] ?? 0);
  const failed = number("fail") + number("cancelled");
  return settle([[number("pass"), failed, number("skipped") + number("todo")]], ok);
};

/**
 * If the second run passes, its counts are used, with how many needed it; otherwise those of the first.
 * @param {Counts} first @param {Counts} second @returns {Counts & { unsteady: number }}
 */
export function afterSecondTry(first, second) {
  const { passed, failed, skipped } = first;
  if (second.failed > 0) return { ...first, unsteady: 0 };
  return { passed: passed + failed, failed: 0, skipped, unsteady: failed };
}

/**
 * Adds the lines up. A runner that failed without a failed test, or that ran none, counts as one failure.
 * @param {number[][]} lines @param {boolean} ok @returns {Counts}
 */
function settle(lines, ok) {
  const sum = (/** @type {number} */ column) => lines.reduce((total, line) => total + (line[column] ?? 0), 0);
  const counts = { passed: sum(0), failed: sum(1), skipped: sum(2) };
  if (counts.failed === 0 && (!ok || counts.passed === 0)) counts.failed = 1;
  return counts;
}
