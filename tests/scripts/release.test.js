// What a release must not be. That it is made twice with equal bytes, `npm run release -- --dry-run` shows.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
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
import { packNpm, repositoryOf } from "../../scripts/lib/pack-npm.mjs";
import { zip } from "../../scripts/lib/pack-zip.mjs";
import { env, root, target } from "../../scripts/lib/paths.mjs";

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
  const tarball = await packNpm(folder);
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

test("from npm's page every link and picture leads into the repository, and none is dead without its address", async (context) => {
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const url = "https://github.com/someone/something";
  assert.equal(
    repositoryOf({ GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "someone/something" }),
    url,
  );
  assert.equal(repositoryOf({}), null);

  const known = await unpacked(url, context);
  const into = (/** @type {string} */ kind) => `${url}/${kind}/v${version}/`;
  for (const { isPicture, target } of known.links) {
    const start = into(isPicture ? "raw" : "blob");
    if (!target.startsWith(url)) assert.match(target, /^(https:|#)/);
    else assert.ok(existsSync(join(root, target.slice(start.length))) && target.startsWith(start), target);
  }
  const pictures = (await readFile(join(root, "README.md"), "utf8")).matchAll(/!\[[^\]]*\]\(/g);
  assert.equal(known.links.filter(({ isPicture }) => isPicture).length, [...pictures].length);
  // What npm compares with the workflow that publishes, before it accepts `--provenance`.
  assert.deepEqual(known.manifest.repository, { type: "git", url: `git+${url}.git` });
  assert.deepEqual([known.manifest.homepage, known.manifest.bugs], [`${url}#readme`, `${url}/issues`]);

  const unknown = await unpacked(null, context);
  for (const { isPicture, target } of unknown.links)
    assert.ok(!isPicture && /^(https:|#)/.test(target), target);
  assert.match(unknown.readme, /PRIVACY\.md\s+lists what leaves/, "a link becomes its words");
  assert.deepEqual(unknown.manifest, JSON.parse(await readFile(join(root, "package.json"), "utf8")));

  const headings = [...unknown.readme.matchAll(/^#+ (.*)$/gm)].map(([, words = ""]) => anchor(words));
  for (const { target } of unknown.links.filter(({ target }) => target.startsWith("#")))
    assert.ok(headings.includes(target.slice(1)), target);
});

/** What of the tarball npm shows. @param {string | null} repository @param {import("node:test").TestContext} context */
async function unpacked(repository, context) {
  const folder = await mkdtemp(join(tmpdir(), "release-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  await run("tar", ["-xzf", await packNpm(folder, repository), "-C", folder]);
  const file = (/** @type {string} */ name) => readFile(join(folder, "package", name), "utf8");
  const [readme, manifest] = [await file("README.md"), JSON.parse(await file("package.json"))];
  const prose = readme.replaceAll(/^```[\s\S]*?^```$/gm, "");
  const links = [...prose.matchAll(/(!?)\[[^\]]*\]\(([^)\s]+)\)/g)].map(([, mark, target = ""]) => ({
    isPicture: mark === "!",
    target,
  }));
  assert.ok(links.length > 0);
  return { readme, manifest, links };
}

/** A heading's anchor on npm's and GitHub's pages. @param {string} words */
const anchor = (words) =>
  words
    .toLowerCase()
    .replaceAll(/[^\w -]/g, "")
    .replaceAll(" ", "-");

test("cargo package is content, and takes only what the crate needs", async () => {
  const args = ["package", "--locked", "--allow-dirty", "--target-dir", join(target, "crate")];
  const { stderr } = await run("cargo", args, { cwd: root, env });
  // The tests need the stand-in, which is not published.
  const warnings = stderr.split("\n").filter((line) => /^warning/.test(line) && !/ignoring test/.test(line));
  assert.deepEqual(warnings, []);
  const { stdout } = await run("cargo", ["package", "--list", "--allow-dirty"], { cwd: root, env });
  const made = /^(Cargo\.(toml|toml\.orig|lock)|\.cargo_vcs_info\.json)$/;
  const taken = /^(src\/.*\.rs|src\/js\/types\.d\.ts|src\/README\.md|CHANGELOG\.md|LICENSE-(MIT|APACHE))$/;
  const strange = stdout
    .trim()
    .split("\n")
    .filter((name) => !made.test(name) && !taken.test(name));
  assert.deepEqual(strange, []);
});

test("the crate's page has links that lead to docs.rs alone, and to what is documented there", async () => {
  const [page, library] = await Promise.all(
    ["README.md", "lib.rs"].map((name) => readFile(join(root, "src", name), "utf8")),
  );
  assert.doesNotMatch(
    page ?? "",
    /\]\((?!https:)/,
    "crates.io knows no relative links without the repository's address",
  );
  const links = [...(page ?? "").matchAll(/^\[`(\w+).*`\]: (\S+)$/gm)];
  assert.ok(links.length > 5);
  for (const [, name = "", url = ""] of links) {
    const place = String.raw`^https://docs\.rs/civitai-permissions/latest/(wasm32-unknown-unknown/)?civitai_permissions/`;
    assert.match(url, new RegExp(String.raw`${place}(struct|enum|fn)\.${name}\.html(#method\.\w+)?$`));
    assert.match(library ?? "", new RegExp(String.raw`pub use [^;]*\b${name}\b`));
  }
});

/** @param {string} name @param {Buffer} bytes */
const artefact = (name, bytes) => ({ name, bytes, sha256: "" });
