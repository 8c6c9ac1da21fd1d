// npm run release -- --dry-run: everything that is published, in dist/, with checksums; and the proof that it may be.
//
// All of it is made twice, from copies of the repository in two other folders: what differs would depend on the
// place. Publishing itself is left to the workflow .github/workflows/release.yml.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { checkContents, checkLicences, checkPaths, checkVersions } from "./lib/artefacts.mjs";
import { setUp } from "./lib/install.mjs";
import { root } from "./lib/paths.mjs";
import { main, must, Stop } from "./lib/run.mjs";
import { table } from "./lib/table.mjs";

/** @typedef {{ name: string, bytes: Buffer, sha256: string }} Artefact */

main(async () => {
  if (!process.argv.includes("--dry-run")) {
    throw new Stop(
      "This command only rehearses: npm run release -- --dry-run\n" +
        "To publish, push a tag vX.Y.Z; .github/workflows/release.yml then does the same and publishes.",
    );
  }
  await setUp("build");
  const version = await checkVersions();
  await checkLicences();

  const place = await mkdtemp(join(tmpdir(), "release-"));
  try {
    const first = await make(join(place, "one"));
    const second = await make(join(place, "two", "a folder"));
    checkEqual(first, second);
    await checkPaths(first, [root, place]);
    await checkContents(first);
    await keep(first);
    const rows = first.map(({ name, bytes, sha256 }) => [name, bytes.length.toLocaleString("en"), sha256]);
    console.log(`\n${table([`version ${version}`, "bytes", "sha256"], rows)}\n`);
    console.log(
      "Made twice, in two folders, with equal bytes; versions, licences, paths and contents are right.",
    );
    console.log("All of it is in dist/.");
  } finally {
    await rm(place, { recursive: true, force: true });
  }
});

/**
 * Makes everything from a copy of the repository.
 * @param {string} folder where the copy goes
 * @returns {Promise<Artefact[]>}
 */
async function make(folder) {
  await copy(folder);
  const at = `in ${folder}`;
  const script = join(folder, "scripts", "package.mjs");
  await must(`npm run package, ${at}`, process.execPath, [script]);
  const target = join(folder, "target");
  const crate = [
    "package",
    "--locked",
    "--manifest-path",
    join(folder, "Cargo.toml"),
    "--target-dir",
    target,
  ];
  await must(`cargo package, ${at}`, "cargo", crate);

  const files = [
    ...(await listed(join(folder, "dist"), /\.(tgz|zip)$/)),
    ...(await listed(join(target, "package"), /\.crate$/)),
  ];
  return Promise.all(
    files.map(async (file) => {
      const bytes = await readFile(file);
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      return { name: file.slice(dirname(file).length + 1), bytes, sha256 };
    }),
  );
}

/** Copies the files that git tracks or would add; installed packages and tools are shared. @param {string} folder */
async function copy(folder) {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"];
  const names = execFileSync("git", args, { cwd: root, encoding: "utf8" }).split("\0");
  // Git also lists what was deleted and not committed yet.
  for (const name of names.filter((name) => name && existsSync(join(root, name)))) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await cp(join(root, name), join(folder, name));
  }
  for (const shared of ["node_modules", ".tools"]) {
    await symlink(join(root, shared), join(folder, shared), "junction");
  }
}

/** @param {string} folder @param {RegExp} pattern */
async function listed(folder, pattern) {
  const names = (await readdir(folder)).filter((name) => pattern.test(name)).sort();
  return names.map((name) => join(folder, name));
}

/** @param {Artefact[]} first @param {Artefact[]} second */
function checkEqual(first, second) {
  const names = first.map(({ name }) => name).join(", ");
  if (second.map(({ name }) => name).join(", ") !== names) {
    throw new Stop(`The second time other files were made than ${names}.`);
  }
  const differing = first.filter(({ sha256 }, nth) => second[nth]?.sha256 !== sha256);
  if (differing.length > 0) {
    throw new Stop(
      `Not the same bytes in another folder: ${differing.map(({ name }) => name).join(", ")}. ` +
        "Something depends on the folder or on the time.",
    );
  }
}

/** @param {Artefact[]} artefacts */
async function keep(artefacts) {
  const dist = join(root, "dist");
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist);
  for (const { name, bytes } of artefacts) await writeFile(join(dist, name), bytes);
  const sums = artefacts.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join("");
  await writeFile(join(dist, "SHA256SUMS"), sums);
}
