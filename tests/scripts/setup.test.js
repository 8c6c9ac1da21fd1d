// Set-up on machines that lack things: a PATH of our own, with programs that only say what they were asked.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { root } from "../../scripts/lib/paths.mjs";
import { pinned } from "../../scripts/lib/versions.mjs";

const RUSTUP =
  'echo "$@" >> "$LOG"; printf "cargo\\nrustc\\nclippy\\nrustfmt\\nrust-std-wasm32-unknown-unknown\\n"';
const NOTES = 'echo "$0 $@" | /bin/sed "s|.*/bin/||" >> "$LOG"';

test("without Rust: the official command, and nothing is installed", (t) => {
  const { status, stdout, stderr, log } = setUp(t, {});
  assert.equal(status, 1);
  assert.match(stdout, /Rust 1\.95\.0 for WebAssembly .*`cargo` is not on PATH/);
  assert.match(stdout, /clippy and rustfmt/);
  assert.ok(stderr.includes("curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh"), stderr);
  assert.equal(log, "");
});

test("without the right to install: everything missing at once, and the exact command", (t) => {
  const { status, stdout, stderr, log } = setUp(t, {
    user: 1000,
    programs: { cargo: NOTES, rustup: RUSTUP, "apt-get": NOTES, sudo: "exit 1" },
  });
  assert.equal(status, 1);
  for (const name of ["Chromium", "chromedriver", "Firefox"])
    assert.match(stdout, new RegExp(`^${name} `, "m"));
  const command =
    "sudo apt-get update && sudo apt-get install -y --no-install-recommends chromium chromium-driver firefox-esr openssl";
  assert.ok(stderr.includes(`  ${command}\n`), stderr);
  assert.doesNotMatch(log, /apt-get/);
});

test("on a system without apt-get: what to get, in words", (t) => {
  const { status, stderr } = setUp(t, { programs: { cargo: NOTES, rustup: RUSTUP } });
  assert.equal(status, 1);
  assert.match(stderr, /CHROME_BIN, CHROMEDRIVER and FIREFOX_BIN/);
});

test("with the right to install: what it will run, then only what is missing", (t) => {
  const install = `${NOTES}; for it in chromedriver firefox openssl; do : > "$BIN/$it"; /bin/chmod +x "$BIN/$it"; done`;
  const { status, stdout, stderr, log } = setUp(t, {
    user: 0,
    programs: { cargo: NOTES, rustup: RUSTUP, chromium: "", "apt-get": install },
  });
  assert.equal(status, 0, stderr);
  assert.doesNotMatch(stdout, /^Chromium /m);
  assert.match(stdout, /Installing it now with:\n\n {2}apt-get update\n {2}apt-get install/);
  const calls = log.split("\n").filter((line) => line.startsWith("apt-get"));
  assert.deepEqual(calls, [
    "apt-get update",
    "apt-get install -y --no-install-recommends chromium-driver firefox-esr openssl",
  ]);
});

test("when an install leaves something out, that is reported", (t) => {
  const { status, stderr } = setUp(t, {
    user: 0,
    programs: { cargo: NOTES, rustup: RUSTUP, "apt-get": NOTES },
  });
  assert.equal(status, 1);
  assert.match(stderr, /Everything was installed, and yet this is missing:\n\n(.*\n)+Chromium /);
});

test("a toolchain that lacks the target is completed by one command", (t) => {
  const half =
    'echo "rustup $@" >> "$LOG"; case "$1" in component) printf "cargo\\nrustc\\nclippy\\nrustfmt\\n";; *) exit 3;; esac';
  const { status, stdout, stderr, log } = setUp(t, {
    programs: { cargo: NOTES, rustup: half, chromium: "", chromedriver: "", firefox: "", openssl: "" },
  });
  assert.equal(status, 1);
  assert.match(stdout, /toolchain 1\.95\.0 lacks rust-std-wasm32-unknown-unknown/);
  assert.match(log, /^rustup toolchain install 1\.95\.0 .*--target wasm32-unknown-unknown$/m);
  assert.match(stderr, /failed\. The command was/);
});

test("nothing missing: not a word", (t) => {
  const { status, stdout, stderr } = setUp(t, {
    programs: { cargo: NOTES, rustup: RUSTUP, chromium: "", chromedriver: "", firefox: "", openssl: "" },
  });
  assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: "", stderr: "" });
});

test("two versions of wasm-bindgen are refused", (t) => {
  const folder = temporary(t);
  mkdirSync(join(folder, "scripts", "bindgen"), { recursive: true });
  for (const file of ["package.json", "rust-toolchain.toml", "Cargo.lock"]) {
    writeFileSync(join(folder, file), readFileSync(join(root, file)));
  }
  const tool = readFileSync(join(root, "scripts", "bindgen", "Cargo.toml"), "utf8");
  writeFileSync(join(folder, "scripts", "bindgen", "Cargo.toml"), tool);
  const { wasmBindgen } = pinned(folder);
  writeFileSync(join(folder, "scripts", "bindgen", "Cargo.toml"), tool.replaceAll(wasmBindgen, "0.2.1"));
  assert.throws(
    () => pinned(folder),
    /Cargo\.lock has wasm-bindgen .* builds its command in version 0\.2\.1/,
  );
});

/**
 * Runs set-up where PATH has only these programs.
 * @param {import("node:test").TestContext} t
 * @param {{ user?: number, programs?: Record<string, string> }} machine each program is a line of shell
 */
function setUp(t, { user = 0, programs = {} }) {
  const folder = temporary(t);
  const bin = join(folder, "bin");
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, "node"));
  for (const [name, line] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${line}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const script = pathToFileURL(join(root, "scripts", "setup.mjs")).href;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--input-type=module", "-e", `process.getuid = () => ${user}; await import(${JSON.stringify(script)});`],
    { env: { PATH: bin, BIN: bin, LOG: join(folder, "log"), HOME: folder }, encoding: "utf8" },
  );
  const log = spawnSync("cat", [join(folder, "log")], { encoding: "utf8" }).stdout;
  return { status, stdout, stderr, log };
}

/** @param {import("node:test").TestContext} t */
function temporary(t) {
  const folder = mkdtempSync(join(tmpdir(), "setup-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}
