// What a release must not be. That it is made twice with equal bytes, `npm run release -- --dry-run` shows.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import {
  allowed,
  checkContents,
  checkLicences,
  checkPaths,
  checkVersions,
} from "../../scripts/lib/artefacts.mjs";
import { zip } from "../../scripts/lib/pack-zip.mjs";
import { env, root, target } from "../../scripts/lib/paths.mjs";
import { pack } from "../package/project.js";

const run = promisify(execFile);

test("versions agree, licences allow it", async () => {
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  assert.equal(await checkVersions(), version);
  await checkLicences();
});

test("a licence that is not in the list is refused, also as one half of two", () => {
  assert.equal(allowed("(MIT OR Apache-2.0) AND Unicode-3.0"), true);
  for (const expression of ["GPL-3.0-only", "MIT AND MPL-2.0", "", null])
    assert.equal(allowed(expression), false);
});

test("a path of this machine is found, in a tarball and in a zip", async () => {
  const clean = Buffer.from("nothing here");
  const dirty = Buffer.from(`panicked at ${homedir()}/.cargo/x.rs`);
  const tarball = (/** @type {Buffer} */ bytes) => artefact("a.tgz", gzipSync(bytes));
  const archive = (/** @type {Buffer} */ bytes) =>
    artefact(
      "a.zip",
      zip(
        new Map([
          ["one.txt", clean],
          ["two.txt", bytes],
        ]),
      ),
    );
  await checkPaths([tarball(clean), archive(clean)], ["/a/folder"]);
  for (const made of [tarball(dirty), archive(dirty)]) {
    await assert.rejects(checkPaths([made], []), /holds a path of this machine/);
  }
  await assert.rejects(checkPaths([tarball(Buffer.from("at /a/folder/src"))], ["/a/folder"]), /\/a\/folder/);
});

test("what is packed is what lies here, else it is refused", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "release-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const tarball = await pack(folder);
  await checkContents([artefact("right.tgz", await readFile(tarball))]);

  await run("tar", ["-xzf", tarball, "-C", folder]);
  await run(
    "sh",
    ["-c", "echo '// other' >> package/pkg/civitai-permissions.js; tar -czf wrong.tgz package"],
    {
      cwd: folder,
    },
  );
  const wrong = artefact("wrong.tgz", await readFile(join(folder, "wrong.tgz")));
  await assert.rejects(checkContents([wrong]), /civitai-permissions\.js is packed otherwise/);
});

test("cargo package is content, and takes only what the crate needs", async () => {
  const args = ["package", "--locked", "--allow-dirty", "--target-dir", join(target, "crate")];
  const { stderr } = await run("cargo", args, { cwd: root, env });
  // The tests need the stand-in, which is not published.
  const warnings = stderr.split("\n").filter((line) => /^warning/.test(line) && !/ignoring test/.test(line));
  assert.deepEqual(warnings, []);
  const { stdout } = await run("cargo", ["package", "--list", "--allow-dirty"], { cwd: root, env });
  const made = /^(Cargo\.(toml|toml\.orig|lock)|\.cargo_vcs_info\.json)$/;
  const taken = /^(src\/.*\.rs|src\/js\/types\.d\.ts|README\.md|CHANGELOG\.md|LICENSE-(MIT|APACHE))$/;
  const strange = stdout
    .trim()
    .split("\n")
    .filter((name) => !made.test(name) && !taken.test(name));
  assert.deepEqual(strange, []);
});

/** @param {string} name @param {Buffer} bytes */
const artefact = (name, bytes) => ({ name, bytes, sha256: "" });
