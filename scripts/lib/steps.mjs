// What `npm test` runs, in this order: cheap and telling first, browsers last.

import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromedriver, chromium, chromiumFlags, firefox, geckodriver } from "./browsers.mjs";
import { cargoCounts, failedFiles, nodeCounts, oneCount } from "./counts.mjs";
import { installed, root, target } from "./paths.mjs";
import { standInBinary } from "./stand-in.mjs";

/**
 * @typedef {object} Step
 * @property {string} name as in `npm test -- --only NAME`
 * @property {string} title
 * @property {string[]} command
 * @property {NodeJS.ProcessEnv} [env]
 * @property {import("./counts.mjs").Count} count reads how many tests passed from what the command said
 * @property {boolean} [built] it needs the module, and the stand-in running
 * @property {(output: string) => string[] | null} [secondTry] the command that tries once more what failed; null: there is none
 */

/** @returns {Step[]} */
export function steps() {
  return [
    lint("rustfmt", "Rust formatting", ["cargo", "fmt", "--all", "--check"]),
    lint("clippy", "Rust lint, native", [
      "cargo",
      "clippy",
      "--locked",
      "--workspace",
      "--all-targets",
      "--",
      "-Dwarnings",
    ]),
    lint("clippy-wasm", "Rust lint, wasm32", [
      ...[
        "cargo",
        "clippy",
        "--locked",
        "--all-targets",
        "--target",
        "wasm32-unknown-unknown",
        "--",
        "-Dwarnings",
      ],
    ]),
    lint("biome", "JavaScript lint and formatting", [
      bin("biome"),
      "ci",
      "--error-on-warnings",
      "--colors=off",
    ]),
    {
      name: "rust",
      title: "Rust, native",
      command: ["cargo", "test", "--locked", "--workspace"],
      count: cargoCounts,
    },
    {
      ...lint("rustdoc", "Rust documentation", ["cargo", "doc", "--locked", "--workspace", "--no-deps"]),
      env: { RUSTDOCFLAGS: "-Dwarnings" },
    },
    {
      ...lint("rustdoc-wasm", "Rust documentation, wasm32", [
        ...["cargo", "doc", "--locked", "--no-deps", "--target", "wasm32-unknown-unknown"],
      ]),
      env: { RUSTDOCFLAGS: "-Dwarnings" },
    },
    ...[".", "tests/extension", "tests/extension/site"].map(types),
    wasm("node", "wasm in Node.js", ["--node"]),
    wasm("chrome", "wasm in Chromium", ["--headless", "--chrome", "--chromedriver", chromedriver() ?? ""]),
    wasm("firefox", "wasm in Firefox", ["--headless", "--firefox", "--geckodriver", geckodriver() ?? ""]),
    ...["scripts", "module", "package", "demo", "extension/unit", "extension/site", "extension"].flatMap(
      node,
    ),
    { ...lint("size", "Size budget", [process.execPath, join("scripts", "size.mjs")]), built: true },
  ];
}

/** @param {string} name */
const bin = (name) => join(root, "node_modules", ".bin", name);

/** @param {string} name @param {string} title @param {string[]} command @returns {Step} */
function lint(name, title, command) {
  return { name, title, command, count: oneCount };
}

/** Each of these has globals of its own. @param {string} project @returns {Step} */
function types(project) {
  const title = project === "." ? "JavaScript types" : `JavaScript types of ${project}`;
  return { ...lint("types", title, [bin("tsc"), "--project", project]), built: true };
}

/**
 * A run of the shared suite: tests/node.rs or tests/browser.rs, through wasm-pack.
 * @param {string} name @param {string} title @param {string[]} where @returns {Step}
 */
function wasm(name, title, where) {
  const suite = name === "node" ? "node" : "browser";
  return {
    name,
    title,
    // no-install: what set-up got must do; wasm-pack's own downloads come from elsewhere.
    command: [
      join(installed, "wasm-pack"),
      "test",
      "--mode",
      "no-install",
      ...where,
      ".",
      "--locked",
      "--test",
      suite,
    ],
    env: { WASM_BINDGEN_TEST_WEBDRIVER_JSON: capabilities(), WASM_BINDGEN_TEST_TIMEOUT: "180" },
    count: cargoCounts,
    built: true,
  };
}

/** Writes for the test runner which browsers to take and how. */
function capabilities() {
  const file = join(target, "webdriver.json");
  mkdirSync(target, { recursive: true });
  writeFileSync(
    file,
    JSON.stringify({
      "goog:chromeOptions": { binary: chromium(), args: ["--headless=new", ...chromiumFlags] },
      "moz:firefoxOptions": { binary: firefox(), args: ["-headless"] },
    }),
  );
  return file;
}

/**
 * Hundreds of tabs on a busy machine: one that a browser loses for itself is opened once more, and the summary says so.
 * What fails twice has failed.
 */
const inBrowsers = ["demo", "extension/site", "extension"];

/** The tests of one folder, if it has any. @param {string} folder @returns {Step[]} */
function node(folder) {
  const path = join("tests", folder);
  if (!existsSync(join(root, path))) return [];
  const files = readdirSync(join(root, path)).filter((file) => file.endsWith(".test.js"));
  if (files.length === 0) return [];
  const test = [process.execPath, "--test", "--test-reporter=spec"];
  /** @param {string} output */
  const again = (output) => {
    const failed = failedFiles(output);
    return failed.length > 0 ? [...test, ...failed] : null;
  };
  return [
    {
      name: folder.replace("/", "-"),
      title: `tests/${folder} in Node.js`,
      command: [...test, ...files.map((file) => join(path, file))],
      env: {
        STAND_IN_BIN: standInBinary,
        CHROME_BIN: chromium() ?? "",
        FIREFOX_BIN: firefox() ?? "",
        GECKODRIVER: geckodriver() ?? "",
      },
      count: nodeCounts,
      built: true,
      ...(inBrowsers.includes(folder) && { secondTry: again }),
    },
  ];
}
