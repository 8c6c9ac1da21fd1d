// What may import what between scripts/ and tests/, and what the lock files hold.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { root } from "../../scripts/lib/paths.mjs";

/** The files that git knows or would take. @param {...string} patterns */
const files = (...patterns) =>
  execFileSync(
    "git",
    ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", ...patterns],
    {
      cwd: root,
      encoding: "utf8",
    },
  )
    .split("\n")
    .filter((name) => name && existing(name));

/** Git also lists what was deleted and not committed yet. @param {string} name */
function existing(name) {
  try {
    readFileSync(join(root, name));
    return true;
  } catch {
    return false;
  }
}

const imports = /(?:from|import\()\s*"([^"]+)"/g;

test("tests reach into scripts/ through tests/helpers, and scripts/ imports nothing from tests/", () => {
  const wrong = files("*.js", "*.mjs", "*.jsx").flatMap((file) => {
    const inTests = file.startsWith("tests/");
    const door = /^tests\/(scripts\/|helpers\/(repository|browsers)\.js$)/.test(file);
    if (!file.startsWith("scripts/") && !(inTests && !door)) return [];
    const other = inTests ? "scripts/" : "tests/";
    const from = [...readFileSync(join(root, file), "utf8").matchAll(imports)].map(([, path = ""]) => path);
    return from
      .filter((path) => path.startsWith(".") && join(file, "..", path).startsWith(other))
      .map((path) => `${file} imports ${path}`);
  });
  assert.deepEqual(wrong, []);
});

test("a command and a file of scripts/lib have different names", () => {
  const names = files("scripts/*.mjs")
    .filter((file) => /^scripts\/(lib\/)?[^/]+$/.test(file))
    .map((file) => basename(file));
  assert.deepEqual(
    names.filter((name, index) => names.indexOf(name) !== index),
    [],
  );
});

test("no command of package.json needs an installed package before set-up has run", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const commands = Object.values(/** @type {Record<string, string>} */ (scripts)).flatMap((command) =>
    [...command.matchAll(/scripts\/[\w/-]+\.mjs/g)].map(([path]) => path),
  );
  assert.ok(commands.length > 6);
  /** Static imports only: those are loaded before the first line runs. @param {string} file @param {Set<string>} seen */
  const walk = (file, seen) => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(join(root, file), "utf8");
    for (const [, path = ""] of text.matchAll(/^import [^;`]*? from "([^"$]+)";$/gm)) {
      if (path.startsWith(".")) walk(join(file, "..", path), seen);
      else assert.match(path, /^node:/, `${file} imports ${path}`);
    }
  };
  for (const command of commands) walk(command, new Set());
});

for (const lock of files("package-lock.json", "**/package-lock.json")) {
  test(`${lock}: every package has its integrity, and no address`, () => {
    const { packages } = JSON.parse(readFileSync(join(root, lock), "utf8"));
    const entries = Object.entries(packages).filter(
      ([path, { link }]) => path.includes("node_modules/") && !link,
    );
    assert.ok(entries.length > 0);
    for (const [path, { integrity, resolved }] of entries) {
      assert.match(integrity ?? "", /^sha512-/, path);
      assert.equal(resolved, undefined, path);
    }
  });
}

for (const lock of files("Cargo.lock", "**/Cargo.lock")) {
  test(`${lock}: every crate of the registry has its checksum, and there is no other source`, () => {
    const crates = readFileSync(join(root, lock), "utf8").split("[[package]]").slice(1);
    assert.ok(crates.length > 0);
    for (const crate of crates.filter((text) => /^source = /m.test(text))) {
      assert.match(crate, /^source = "registry\+https:\/\/github\.com\/rust-lang\/crates\.io-index"$/m);
      assert.match(crate, /^checksum = "[0-9a-f]{64}"$/m);
    }
  });
}
