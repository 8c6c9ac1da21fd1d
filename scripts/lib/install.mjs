// Installs what this repository needs and the machine lacks. It first prints what it will run.

import { spawnSync } from "node:child_process";
import { needs } from "./needs.mjs";
import { env, which } from "./paths.mjs";
import { must, Stop } from "./run.mjs";
import { table } from "./table.mjs";

/**
 * @typedef {import("./needs.mjs").Need} Need
 * @typedef {Omit<Need, "lack"> & { lack: string }} Missing
 */

/** @param {...("build" | "test")} groups */
export async function setUp(...groups) {
  const missing = lacking(groups);
  if (missing.length === 0) return;
  console.log(`Missing on this machine:\n\n${list(missing)}\n`);

  const { commands, byHand } = plan(missing);
  const automatic = commands.map((words) => `  ${words.join(" ")}`).join("\n");
  if (byHand.length > 0) {
    const rest = automatic && `\n\nThe rest is then installed with:\n\n${automatic}`;
    throw new Stop(
      `Please type this, and then the same command as before:\n\n${byHand.map((line) => `  ${line}`).join("\n")}${rest}`,
    );
  }
  console.log(`Installing it now with:\n\n${automatic}\n`);
  for (const [command = "", ...args] of commands) {
    await must([command, ...args].join(" "), command, args, { env: { DEBIAN_FRONTEND: "noninteractive" } });
  }

  const still = lacking(groups);
  if (still.length > 0)
    throw new Stop(`Everything was installed, and yet this is missing:\n\n${list(still)}`);
}

/** @param {string[]} groups @returns {Missing[]} */
function lacking(groups) {
  return needs()
    .filter((need) => groups.includes(need.group))
    .map((need) => ({ ...need, lack: need.lack() }))
    .filter(/** @returns {need is Missing} */ (need) => need.lack !== null);
}

/** @param {Missing[]} missing */
function list(missing) {
  const rows = missing.map(({ name, why, lack, takes }) => [name, why, lack, `about ${takes}`]);
  return table(["what", "why", "found", "takes"], rows);
}

/**
 * The commands to run, each once, and what only the person can do.
 * @param {Missing[]} missing
 */
function plan(missing) {
  /** @type {Map<string, string[]>} */
  const commands = new Map();
  const byHand = new Set();
  /** @type {string[]} */
  const packages = [];
  for (const { remedy } of missing) {
    if ("words" in remedy) byHand.add(remedy.words);
    else if ("apt" in remedy) packages.push(remedy.apt);
    else commands.set(remedy.command.join(" "), remedy.command);
  }
  const apt = packages.length > 0 ? aptCommands(packages) : [];
  if (typeof apt === "string") byHand.add(apt);
  return { commands: [...(typeof apt === "string" ? [] : apt), ...commands.values()], byHand: [...byHand] };
}

/**
 * The commands that install Debian packages, or, without the right to run them, the line to type.
 * @param {string[]} packages
 * @returns {string[][] | string}
 */
function aptCommands(packages) {
  if (!which(["apt-get"])) {
    return (
      `install Chromium (or Google Chrome), the chromedriver of the same version, and Firefox; put them on PATH,\n` +
      "  or set CHROME_BIN, CHROMEDRIVER and FIREFOX_BIN to where they are"
    );
  }
  const isRoot = process.getuid?.() === 0;
  const sudo = isRoot ? [] : ["sudo"];
  const commands = [
    [...sudo, "apt-get", "update"],
    [...sudo, "apt-get", "install", "-y", "--no-install-recommends", ...packages],
  ];
  const may = isRoot || spawnSync("sudo", ["-n", "true"], { env }).status === 0;
  return may ? commands : commands.map((words) => words.join(" ")).join(" && ");
}
