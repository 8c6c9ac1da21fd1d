// The oldest Rust that Cargo.toml promises. rustup has every version; where it may not download, some releases of Debian
// have this one, under a name of its own and beside a newer one, so that its packages are unpacked and not installed.

import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { env, installed, root, which } from "./paths.mjs";
import { must, run, Stop } from "./run.mjs";
import { pinned } from "./versions.mjs";

/** The compiler, once it is there: a script that starts it, wherever it lies. */
export const oldestRustc = () => join(installed, `rustc-${pinned().oldestRust}`);

export async function getOldestRust() {
  const { oldestRust } = pinned();
  const version = debianVersion(oldestRust) ?? (await updated(oldestRust));
  if (version) return unpack(oldestRust, version);
  if (!which(["rustup"])) {
    throw new Stop(
      `Rust ${oldestRust}, with which the crate promises to build, is not among this system's packages. ` +
        "rustup has it. Please type this, and then the same command as before:\n\n" +
        "  curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh",
    );
  }
  const install = ["toolchain", "install", oldestRust, "--profile", "minimal", "--no-self-update"];
  await must(`Rust ${oldestRust}: rustup`, "rustup", install);
  const said = await must("where it is", "rustup", ["which", "--toolchain", oldestRust, "rustc"]);
  starter(`exec "${said.trim()}" "$@"`);
}

/** What Debian calls this version, if it has it. @param {string} rust @returns {string | undefined} */
function debianVersion(rust) {
  if (!which(["apt-cache"]) || !which(["dpkg-deb"])) return undefined;
  const { stdout } = spawnSync("apt-cache", ["madison", COMPILER], { env, encoding: "utf8" });
  const versions = stdout.split("\n").map((line) => line.split("|")[1]?.trim() ?? "");
  return versions.find((version) => version.startsWith(`${rust}.`));
}

/** The same once more, where the lists of packages may be absent or old, and may be renewed. @param {string} rust */
async function updated(rust) {
  if (process.getuid?.() !== 0 || !which(["apt-get"])) return undefined;
  const { ok } = await run("the lists of Debian's packages", "apt-get", ["update"]);
  return ok ? debianVersion(rust) : undefined;
}

/** Debian's newer Rust, which Firefox and Chromium are built with. */
const COMPILER = "rustc-web";

/** @param {string} rust @param {string} version */
async function unpack(rust, version) {
  const folder = join(root, ".tools", `rust-${rust}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const standard = `libstd-rust-web-${rust}`;
  const packages = [COMPILER, standard, "libstd-rust-web-dev"];
  const names = [...packages.map((name) => `${name}=${version}`), llvmOf(standard)];
  const download =
    'cd "$0" && apt-get download "$@" && for it in *.deb; do dpkg-deb -x "$it" . && rm "$it"; done';
  await must(`Rust ${rust}: Debian's packages`, "sh", ["-c", download, folder, ...names]);
  const [triplet = ""] = readdirSync(join(folder, "usr", "lib")).filter((name) => name.includes("-linux-"));
  // From where it lies, so that the repository may be moved.
  const usr = `\${0%/*}/../rust-${rust}/usr`;
  starter(`LD_LIBRARY_PATH="${usr}/lib/${triplet}" exec "${usr}/bin/rustc" "$@"`);
}

/** The library that it was built against. @param {string} standard the package that links it */
function llvmOf(standard) {
  const { stdout } = spawnSync("apt-cache", ["show", standard], { env, encoding: "utf8" });
  const name = /\blibllvm\d+/.exec(stdout)?.[0];
  if (!name) throw new Stop(`Debian's package ${standard} does not say which LLVM it needs`);
  return name;
}

/** @param {string} line of a shell */
function starter(line) {
  mkdirSync(installed, { recursive: true });
  writeFileSync(oldestRustc(), `#!/bin/sh\n${line}\n`);
  chmodSync(oldestRustc(), 0o755);
}
