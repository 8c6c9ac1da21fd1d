// What `npm test` runs. The lists of files are read from the folders: a new test file, or a new folder of them below
// tests/, needs no entry here.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { chromedriver, chromium, chromiumFlags, firefox, geckodriver } from "./browsers.mjs";
import { cargoCounts, nodeCounts, oneCount } from "./counts.mjs";
import { installed, root, target } from "./paths.mjs";
import { standInBinary } from "./stand-in-process.mjs";

/**
 * @typedef {object} Job one command
 * @property {string} name a test file's path, or the step's name
 * @property {string} title
 * @property {"cargo" | "free" | "alone"} lane see lanes.mjs
 * @property {string[]} command
 * @property {NodeJS.ProcessEnv} env
 * @property {boolean} retry it drives browsers, and may be retried
 * @property {number} limit the milliseconds that its tests allow themselves, where they say so
 *
 * @typedef {object} Step a row of the summary
 * @property {string} name as in `npm test -- --only NAME`
 * @property {string} title
 * @property {import("./counts.mjs").Count} count reads from a job's output how many tests passed
 * @property {boolean} built it needs the module, and the stand-in running
 * @property {boolean} extra the default run leaves it out: it runs with --full, or when it is asked for
 * @property {Job[]} jobs
 */

/** Random worlds of tests/simulation. */
const SEEDS = { full: "20000", default: "4000" };

/** @param {{ full?: boolean }} [options] @returns {Step[]} cheap and telling first */
export function steps({ full = false } = {}) {
  const strict = { RUSTDOCFLAGS: "-Dwarnings" };
  const onWasm = ["--target", "wasm32-unknown-unknown"];
  const deny = ["--", "-Dwarnings"];
  return [
    cargo("rustfmt", "Rust formatting", ["fmt", "--all", "--check"]),
    cargo("clippy", "Rust lint, native", ["clippy", "--locked", "--workspace", "--all-targets", ...deny]),
    cargo("clippy-wasm", "Rust lint, wasm32", ["clippy", "--locked", "--all-targets", ...onWasm, ...deny], {
      extra: true,
    }),
    cargo(
      "rust",
      "Rust, native",
      ["test", "--locked", "--workspace", "--features", "civitai-permissions/serde"],
      {
        count: cargoCounts,
        env: { SEEDS: full ? SEEDS.full : SEEDS.default },
      },
    ),
    cargo("rustdoc", "Rust documentation", ["doc", "--locked", "--workspace", "--no-deps"], { env: strict }),
    cargo("rustdoc-wasm", "Rust documentation, wasm32", ["doc", "--locked", "--no-deps", ...onWasm], {
      env: strict,
      extra: true,
    }),
    wasm("node", "wasm in Node.js", ["--node"]),
    wasm("chrome", "wasm in Chromium", ["--headless", "--chrome", "--chromedriver", chromedriver() ?? ""]),
    wasm("firefox", "wasm in Firefox", ["--headless", "--firefox", "--geckodriver", geckodriver() ?? ""]),
    lint("biome", "JavaScript lint and formatting", [
      bin("biome"),
      "ci",
      "--error-on-warnings",
      "--colors=off",
    ]),
    ...typeProjects().map(types),
    ...testFolders().flatMap((folder) => nodeTests(folder, full)),
    { ...lint("size", "Size budget", [process.execPath, join("scripts", "size.mjs")]), built: true },
  ];
}

/** @param {string} name */
const bin = (name) => join(root, "node_modules", ".bin", name);

/**
 * @param {string} name @param {string} title @param {string[]} command
 * @param {Partial<Step & Pick<Job, "lane" | "env" | "retry">>} [options]
 * @returns {Step}
 */
function single(name, title, command, { lane = "free", env = {}, retry = false, ...rest } = {}) {
  const job = { name, title, lane, command, env, retry, limit: 0 };
  return { name, title, count: oneCount, built: false, extra: false, jobs: [job], ...rest };
}

/** @param {string} name @param {string} title @param {string[]} command */
const lint = (name, title, command) => single(name, title, command);

/**
 * @param {string} name @param {string} title @param {string[]} args @param {Parameters<typeof single>[3]} [options]
 */
const cargo = (name, title, args, options) =>
  single(name, title, ["cargo", ...args], { lane: "cargo", ...options });

/** Every folder with a tsconfig.json: each of them has globals of its own. @returns {string[]} */
const typeProjects = () => [
  ".",
  ...["src", "tests", "www"].flatMap((top) =>
    foldersBelow(top).filter((folder) => readdirSync(join(root, folder)).includes("tsconfig.json")),
  ),
];

/** @param {string} project @returns {Step} */
function types(project) {
  const title = project === "." ? "JavaScript types" : `JavaScript types of ${project}`;
  return single("types", title, [bin("tsc"), "--project", project], { built: true });
}

/**
 * A run of a wasm suite through wasm-pack.
 * @param {string} name @param {string} title @param {string[]} where @returns {Step}
 */
function wasm(name, title, where) {
  const suite = name === "node" ? "node" : "browser";
  // no-install: what set-up installed must do; wasm-pack's own downloads come from elsewhere.
  const pack = [join(installed, "wasm-pack"), "test", "--mode", "no-install", ...where, "."];
  return single(name, title, [...pack, "--locked", "--test", suite], {
    lane: "cargo",
    env: {
      WASM_BINDGEN_TEST_WEBDRIVER_JSON: capabilities(),
      WASM_BINDGEN_TEST_TIMEOUT: "180",
      // Half the time to build, and wasm of a third of the size: these suites compute little, and a trap in wasm names
      // no line anyway.
      CARGO_PROFILE_DEV_OPT_LEVEL: "0",
      CARGO_PROFILE_DEV_DEBUG: "0",
    },
    count: cargoCounts,
    built: true,
  });
}

/** Writes for the test runner which browsers to start and how. */
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

/** The folders that hold test files, from tests/ on. @returns {string[]} */
const testFolders = () => foldersBelow("tests").filter((folder) => testFiles(folder).length > 0);

/** @param {string} folder */
const testFiles = (folder) => readdirSync(join(root, folder)).filter((file) => file.endsWith(".test.js"));

/** All folders below one, without what is installed or kept aside there. @param {string} top @returns {string[]} */
function foldersBelow(top) {
  const below = readdirSync(join(root, top), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^(\.|node_modules$|target$)/.test(entry.name))
    .map(({ name }) => `${top}/${name}`);
  return [top, ...below.flatMap(foldersBelow)];
}

/**
 * The test files of one folder, a job each. The name says when a file runs: `*.full.test.js` with --full only,
 * `*.alone.test.js` by itself at the end, because it measures time or builds, `*.full.alone.test.js` both.
 * @param {string} folder @param {boolean} full @returns {Step[]}
 */
function nodeTests(folder, full) {
  const files = testFiles(folder).filter((file) => full || !is(file, "full"));
  if (files.length === 0) return [];
  const name = folder.replace("tests/", "").replaceAll("/", "-");
  return [
    {
      name,
      title: `${folder} in Node.js`,
      count: nodeCounts,
      built: true,
      // The test site's own tests: nothing but a change of the site changes what they find.
      extra: folder === "tests/extension/site",
      jobs: files.map((file) => nodeTest(`${folder}/${file}`, full)),
    },
  ];
}

/** Whether a file's name says so: `X.full.test.js`, `X.full.alone.test.js`. @param {string} file @param {"full" | "alone"} word */
const is = (file, word) => file.split(".").slice(1, -2).includes(word);

/** @param {string} file @param {boolean} full @returns {Job} */
function nodeTest(file, full) {
  return {
    name: file,
    title: file,
    lane: is(file, "alone") ? "alone" : "free",
    command: [process.execPath, "--test", "--test-reporter=spec", file],
    env: {
      FULL: full ? "1" : "",
      STAND_IN_BIN: standInBinary,
      CHROME_BIN: chromium() ?? "",
      FIREFOX_BIN: firefox() ?? "",
      GECKODRIVER: geckodriver() ?? "",
    },
    retry: drivesBrowsers(join(root, file)),
    limit: longestTimeout(readFileSync(join(root, file), "utf8")),
  };
}

/** The longest `timeout: 300_000` in a test file. @param {string} source */
function longestTimeout(source) {
  const found = [...source.matchAll(/\btimeout: ([\d_]+)/g)];
  return Math.max(0, ...found.map(([, digits = ""]) => Number(digits.replaceAll("_", ""))));
}

/**
 * Whether a file imports, itself or through others, what starts browsers.
 * @param {string} file @param {Set<string>} [seen] @returns {boolean}
 */
function drivesBrowsers(file, seen = new Set()) {
  if (file === join(root, "tests", "helpers", "browsers.js")) return true;
  if (seen.has(file) || !existsSync(file)) return false;
  seen.add(file);
  const imports = readFileSync(file, "utf8").matchAll(/ from "(\.{1,2}\/[^"]+\.js)";/g);
  return [...imports].some(([, path = ""]) => drivesBrowsers(join(dirname(file), path), seen));
}
