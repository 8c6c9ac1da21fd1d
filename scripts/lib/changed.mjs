// What `npm test -- --changed` runs: the steps that the working tree's changes touch.

import { execFileSync } from "node:child_process";
import { root } from "./paths.mjs";

const RUST = ["rustfmt", "clippy", "clippy-wasm", "rust", "rustdoc", "rustdoc-wasm"];
const WASM = ["node", "chrome", "firefox"];
const SCREENS = ["extension", "demo", "badge"];

/**
 * Which steps read a file, the first rule that fits. A name stands for its step and for those that begin with it and a
 * hyphen: "extension" for "extension-unit" too. `null`: all steps, since such a file changes how everything is made.
 * @type {[RegExp, string[] | null][]}
 */
const RULES = [
  [/^(src\/browser|tests\/wasm)\//, [...RUST, ...WASM, "module", "package"]],
  [/^tests\/stand-in\//, [...RUST, ...WASM, "module", ...SCREENS]],
  [/^(src|examples)\/.*\.rs$/, [...RUST, ...WASM, "module", "package", ...SCREENS]],
  [/\.rs$/, RUST],
  [/^src\/js\//, ["biome", "types", "module", "package", "size"]],
  [/^src\/react\//, ["biome", "types", "react", "package"]],
  [/^src\/cli\//, ["biome", "types", "cli", "package"]],
  [/^src\/badge\//, ["biome", "types", "package", ...SCREENS]],
  [/^(src\/extension|_locales)\/|^manifest\.json$/, ["biome", "types", "extension"]],
  [/^www\//, ["biome", "types", "demo"]],
  [/^examples\//, ["biome", "types", "package"]],
  [/^(scripts|\.github|\.ci)\//, ["biome", "types", "scripts", "package"]],
  [/^tests\/(helpers|common)\//, null],
  [/^(README|CHANGELOG|LICENSE-)[^/]*$/, ["package"]],
  [/\.md$/, []],
];

/** What differs from the last commit, and what git does not know yet. @returns {string[]} paths from the root */
export function changedFiles() {
  const status = execFileSync(
    "git",
    ["status", "--porcelain", "-z", "--untracked-files=all", "--no-renames"],
    {
      cwd: root,
      encoding: "utf8",
    },
  );
  return status
    .split("\0")
    .filter(Boolean)
    .map((line) => line.slice(3));
}

/**
 * @param {string[]} files that changed
 * @param {string[]} names of all steps
 * @returns {string[]} names of steps, and paths of test files that are to be run by themselves
 */
export function touchedBy(files, names) {
  const found = files.flatMap((file) => stepsOf(file) ?? names);
  return [
    ...new Set(found.flatMap((name) => [name, ...names.filter((other) => other.startsWith(`${name}-`))])),
  ];
}

/** @param {string} file @returns {string[] | null} */
function stepsOf(file) {
  if (file.endsWith(".test.js")) return ["biome", "types", file];
  const rule = RULES.find(([pattern]) => pattern.test(file));
  if (rule) return rule[1];
  // What tests share lies beside them.
  const folder = /^tests\/([^/]+)\/.*\.(js|jsx|ts|css|html|json)$/.exec(file)?.[1];
  return folder ? ["biome", "types", folder] : null;
}
