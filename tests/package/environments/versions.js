// The versions of what the module is tried in.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium, firefox, root } from "../../helpers/repository.js";

/** The lock file pins them. @type {{ dependencies: Record<string, string> }} */
const { dependencies } = JSON.parse(
  readFileSync(join(root, "tests", "package", "matrix", "package.json"), "utf8"),
);

/** @param {string} tool */
export function pinned(tool) {
  const version = dependencies[tool];
  if (!version) throw new Error(`tests/package/matrix/package.json does not pin ${tool}`);
  return version;
}

/** @param {string | null} program @returns {string} the first number with a dot that it prints */
function versionOf(program) {
  if (!program) return "not installed";
  // Debian's script for Chromium may complain of the machine.
  /** @type {import("node:child_process").StdioOptions} */
  const stdio = ["ignore", "pipe", "ignore"];
  const text = execFileSync(program, ["--version"], { encoding: "utf8", stdio });
  return /\d+\.\d+/.exec(text)?.[0] ?? "unknown";
}

export const versions = {
  node: process.versions.node.split(".").slice(0, 2).join("."),
  chromium: versionOf(chromium()),
  firefox: versionOf(firefox()),
};
