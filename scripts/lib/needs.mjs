// What this repository needs on a machine: why, how to see whether it is installed, how to install it.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chromedriver, chromium, firefox, geckodriver } from "./browsers.mjs";
import { env, installed, root, tools, which } from "./paths.mjs";
import { pinned } from "./versions.mjs";

/**
 * @typedef {object} Need
 * @property {"build" | "test"} group
 * @property {string} name
 * @property {string} why
 * @property {() => string | null} lack null when it is installed, else what is wrong
 * @property {string} takes how long installing takes, roughly
 * @property {Remedy} remedy
 *
 * A command that we run ourselves, a Debian package, or words for what only the person can do.
 * @typedef {{ command: string[] } | { apt: string } | { words: string }} Remedy
 */

/** @returns {Need[]} in the order in which they are installed */
export function needs() {
  const pins = pinned();
  const { node, rust, wasmBindgen } = pins;
  return [
    {
      group: "build",
      name: `Node.js ${node}`,
      why: "runs these scripts and the module",
      lack: () => (atLeast(process.versions.node, node) ? null : `this is Node.js ${process.versions.node}`),
      takes: "1 min",
      remedy: { words: `install Node.js ${node} or later: https://nodejs.org/en/download` },
    },
    {
      group: "build",
      name: `Rust ${rust} for WebAssembly`,
      why: "the compiler that rust-toolchain.toml names, with its wasm32 target",
      lack: () => rustLack(rust, ["rustc", "cargo", "rust-std-wasm32-unknown-unknown"]),
      takes: "30 s",
      remedy: rustRemedy(rust),
    },
    {
      group: "build",
      name: "npm packages",
      why: "wasm-opt, esbuild and what the tests use",
      lack: () => npmLack(root),
      takes: "20 s",
      remedy: { command: npmCi() },
    },
    {
      group: "build",
      name: `wasm-bindgen ${wasmBindgen}`,
      why: "makes the JavaScript side of the wasm module; built into .tools",
      lack: () => versionLack(join(tools, "wasm-bindgen"), wasmBindgen),
      takes: "1 min",
      remedy: {
        command:
          "cargo build --locked --manifest-path scripts/bindgen/Cargo.toml --target-dir .tools/bindgen".split(
            " ",
          ),
      },
    },
    {
      group: "test",
      name: "clippy and rustfmt",
      why: "lint the Rust code",
      lack: () => rustLack(rust, ["clippy", "rustfmt"]),
      takes: "10 s",
      remedy: rustRemedy(rust),
    },
    {
      group: "test",
      name: "Chromium",
      why: "the tests run in it, headless",
      lack: () => (chromium() ? null : "not on PATH, and CHROME_BIN is not set"),
      takes: "30 s",
      remedy: { apt: "chromium" },
    },
    {
      group: "test",
      name: "chromedriver",
      why: "drives Chromium for wasm-pack",
      lack: () => (chromedriver() ? null : "not on PATH, and CHROMEDRIVER is not set"),
      takes: "10 s",
      remedy: { apt: "chromium-driver" },
    },
    {
      group: "test",
      name: "Firefox",
      why: "the tests run in it, headless",
      lack: () => (firefox() ? null : "not on PATH, and FIREFOX_BIN is not set"),
      takes: "20 s",
      remedy: { apt: "firefox-esr" },
    },
    {
      group: "test",
      name: `geckodriver ${pins.geckodriver}`,
      why: "drives Firefox; built into .tools",
      lack: () => (geckodriver() ? null : "not on PATH, and GECKODRIVER is not set"),
      takes: "1 min",
      remedy: { command: cargoInstall("geckodriver", pins.geckodriver) },
    },
    {
      group: "test",
      name: `wasm-pack ${pins.wasmPack}`,
      why: "runs the wasm tests in browsers and in Node.js; built into .tools",
      lack: () => versionLack(join(installed, "wasm-pack"), pins.wasmPack),
      takes: "1 min",
      remedy: { command: cargoInstall("wasm-pack", pins.wasmPack) },
    },
    {
      group: "test",
      name: "openssl",
      why: "makes the certificate of the extension's test site",
      lack: () => (which(["openssl"]) ? null : "not on PATH"),
      takes: "5 s",
      remedy: { apt: "openssl" },
    },
    {
      group: "test",
      name: "React and Mantine",
      why: "the extension's test site is made with them",
      lack: () => npmLack(join(root, "tests", "extension", "site")),
      takes: "20 s",
      remedy: { command: npmCi("--prefix", "tests/extension/site") },
    },
    {
      group: "test",
      name: "bundlers and runtimes",
      why: "the packed module is tried in them; 800 MB in tests/package/matrix",
      lack: () => npmLack(join(root, "tests", "package", "matrix")),
      takes: "40 s",
      // With their install scripts, which put the programs of bun and workerd in place.
      remedy: { command: "npm ci --no-audit --no-fund --prefix tests/package/matrix".split(" ") },
    },
  ];
}

/** Installs exactly what is locked, and runs none of its scripts. @param {...string} where */
const npmCi = (...where) => ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", ...where];

/** @param {string} crate @param {string} version */
function cargoInstall(crate, version) {
  // --debug halves the build time; these programs mostly wait for browsers.
  return ["cargo", "install", crate, "--version", version, "--debug", "--locked", "--root", ".tools"];
}

/** @param {string} rust @returns {Remedy} */
function rustRemedy(rust) {
  if (which(["rustup"])) {
    const parts = ["--component", "clippy,rustfmt", "--target", "wasm32-unknown-unknown"];
    return {
      command: ["rustup", "toolchain", "install", rust, "--profile", "minimal", "--no-self-update", ...parts],
    };
  }
  if (which(["cargo"])) {
    return {
      words: "get the missing part from where this Rust came from, or install rustup: https://rustup.rs",
    };
  }
  return {
    words:
      "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh    (and open a new terminal after it)",
  };
}

/** @param {string} rust @param {string[]} components @returns {string | null} */
function rustLack(rust, components) {
  if (!which(["cargo"])) return "`cargo` is not on PATH";
  if (!which(["rustup"])) return foreignLack(components);
  // Without this variable rustup would install the toolchain just to answer.
  const listed = ask("rustup", ["component", "list", "--toolchain", rust, "--installed"], {
    RUSTUP_AUTO_INSTALL: "0",
  });
  if (listed === null) return `rustup has no toolchain ${rust}`;
  const there = listed.split("\n");
  const absent = components.filter(
    (name) => !there.some((line) => line === name || line.startsWith(`${name}-`)),
  );
  return absent.length === 0 ? null : `rustup's toolchain ${rust} lacks ${absent.join(", ")}`;
}

/**
 * A Rust that did not come from rustup (a distribution's): it is enough if it has the parts.
 * @param {string[]} components
 */
function foreignLack(components) {
  for (const name of components) {
    if (name.startsWith("rust-std-")) {
      const libraries = ask("rustc", [
        "--print",
        "target-libdir",
        "--target",
        name.slice("rust-std-".length),
      ]);
      if (!libraries || !existsSync(libraries.trim()))
        return `rustc has no target ${name.slice("rust-std-".length)}`;
    } else if (!which([name === "clippy" ? "cargo-clippy" : name])) {
      return `\`${name}\` is not on PATH`;
    }
  }
  return null;
}

/** Compares what is installed with the lock file: after a checkout, file times mean nothing. @param {string} folder */
function npmLack(folder) {
  const record = join(folder, "node_modules", ".package-lock.json");
  if (!existsSync(record)) return "node_modules is absent";
  const there = packages(record);
  const differing = Object.entries(packages(join(folder, "package-lock.json"))).filter(
    ([path, { version, optional }]) => path !== "" && !optional && there[path]?.version !== version,
  );
  return differing.length === 0 ? null : `${differing.length} packages differ from package-lock.json`;
}

/** @param {string} lock @returns {Record<string, { version?: string, optional?: boolean }>} */
function packages(lock) {
  return JSON.parse(readFileSync(lock, "utf8")).packages;
}

/** @param {string} program @param {string} version @returns {string | null} */
function versionLack(program, version) {
  const printed = existsSync(program) ? ask(program, ["--version"]) : null;
  if (printed === null) return "not built yet";
  return printed.split(/\s/).includes(version) ? null : `there is ${printed.split("\n")[0]}`;
}

/** @param {string} command @param {string[]} args @param {NodeJS.ProcessEnv} [extra] @returns {string | null} */
function ask(command, args, extra = {}) {
  const { status, stdout } = spawnSync(command, args, {
    cwd: root,
    env: { ...env, ...extra },
    encoding: "utf8",
  });
  return status === 0 ? stdout : null;
}

/** @param {string} version @param {string} least */
function atLeast(version, least) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [leastMajor = 0, leastMinor = 0] = least.split(".").map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}
