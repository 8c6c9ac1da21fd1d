// Runs commands: shows that they run, keeps what they print, and leaves no process behind.

import { spawn } from "node:child_process";
import { env, root } from "./paths.mjs";
import { startProgress } from "./progress.mjs";

/**
 * @typedef {object} RunOptions
 * @property {NodeJS.ProcessEnv} [env] added to the tools' environment
 * @property {boolean} [stream] show the output as it comes, not only when the command fails
 * @property {boolean} [announce] a log names the command when it starts, too; true unless given
 * @property {number} [limit] milliseconds after which the command is ended
 *
 * @typedef {{ ok: boolean, output: string, ms: number }} Ran
 */

/** A message for the person at the keyboard: what is wrong and what to do. Shown without a stack. */
export class Stop extends Error {}

/**
 * Runs a command to its end, under a title with its progress.
 * @param {string} title
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<Ran>}
 */
export async function run(title, command, args, options = {}) {
  const started = performance.now();
  const { stream = false, announce = true } = options;
  const progress = startProgress(title, { stream, announce });
  const child = start(command, args, { env: options.env ?? {} });
  let output = "";
  /** @param {string} text */
  const append = (text) => {
    output += text;
    progress.append(text);
  };
  child.stdout?.setEncoding("utf8").on("data", append);
  child.stderr?.setEncoding("utf8").on("data", append);
  const limit = options.limit ?? 30 * 60_000;
  const timer = setTimeout(() => {
    append(`\nended after ${limit / 1000} s: it took longer than it may\n`);
    endGroup(child, "SIGKILL");
  }, limit);
  const ok = await new Promise((resolve) => {
    child.on("error", (error) => {
      append(`${command} does not start: ${error.message}\n`);
      resolve(false);
    });
    child.on("exit", () => endGroup(child, "SIGKILL"));
    child.on("close", (code) => resolve(code === 0));
  });
  clearTimeout(timer);
  const ms = performance.now() - started;
  progress.end(ok, ms);
  return { ok, output, ms };
}

/**
 * The same for a command without which nothing further makes sense.
 * @param {string} title
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<string>} its output
 */
export async function must(title, command, args, options = {}) {
  const { ok, output } = await run(title, command, args, options);
  if (ok) return output;
  const shown = options.stream ? "" : `${output.trimEnd()}\n\n`;
  throw new Stop(`${shown}${title}: failed. The command was\n\n  ${[command, ...args].join(" ")}\n`);
}

/** @type {Set<import("node:child_process").ChildProcess>} */
const living = new Set();

/**
 * Starts a command in a process group of its own, which ends when this process does.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, stdin?: "ignore" | "pipe", stdout?: "pipe" | "inherit" }} [options]
 */
export function start(command, args, options = {}) {
  const child = spawn(command, args, {
    cwd: root,
    env: { ...env, ...options.env },
    stdio: [options.stdin ?? "ignore", options.stdout ?? "pipe", options.stdout ?? "pipe"],
    detached: true,
  });
  living.add(child);
  child.on("exit", () => living.delete(child));
  return child;
}

/**
 * Ends a command together with all that it started.
 * @param {import("node:child_process").ChildProcess} child
 * @param {NodeJS.Signals} [signal]
 */
export function endGroup(child, signal = "SIGTERM") {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // ESRCH: all of it has ended already.
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ESRCH") throw error;
  }
}

process.on("exit", () => {
  for (const child of living) endGroup(child);
});

/**
 * Runs a script: a `Stop` becomes its message, and a signal ends everything that was started.
 * @param {() => Promise<number | void>} script resolves with the exit code
 */
export async function main(script) {
  for (const [signal, code] of /** @type {const} */ ([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ])) {
    process.on(signal, () => process.exit(code));
  }
  try {
    process.exitCode = (await script()) ?? 0;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    console.error(`\n${error.message}`);
    // Not when all that still runs has ended: what it was for has failed.
    process.exit(1);
  }
}
