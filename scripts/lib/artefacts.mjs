// What must hold of everything that is published.

import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { packed } from "./pack-npm.mjs";
import { env, root } from "./paths.mjs";
import { must, Stop } from "./run.mjs";

/** @typedef {import("../release.mjs").Artefact} Artefact */

/** @returns {Promise<string>} the one version that all files name */
export async function checkVersions() {
  const read = (/** @type {string} */ file) => readFile(join(root, file), "utf8");
  const cargo = /^version = "(.+)"/m.exec(await read("Cargo.toml"))?.[1];
  /** @type {Record<string, string | undefined>} */
  const versions = { "Cargo.toml": cargo };
  for (const file of ["package.json", "manifest.json"]) versions[file] = JSON.parse(await read(file)).version;
  if (new Set(Object.values(versions)).size !== 1 || cargo === undefined) {
    const list = Object.entries(versions).map(([file, version]) => `  ${file}: ${version ?? "none"}`);
    throw new Stop(`The versions differ; set the same in all:\n\n${list.join("\n")}`);
  }
  return cargo;
}

/** Licences under which a dependency may be a part of what we publish under MIT or Apache-2.0. */
const LICENCES = ["MIT", "Apache-2.0", "Unicode-3.0", "BSD-3-Clause", "Zlib"];

/** Of the crates that are linked into the wasm, each with its notice; the module has no npm dependency. */
export async function checkLicences() {
  const linked = ["--edges", "normal,no-proc-macro", "--target", "wasm32-unknown-unknown"];
  const shown = ["--prefix", "none", "--format", "{p}|{l}"];
  const output = execFileSync("cargo", ["tree", "--locked", ...linked, ...shown], {
    cwd: root,
    env,
    encoding: "utf8",
  });
  // The first line is this crate itself; (*) marks what was listed before.
  const lines = new Set(output.trim().replaceAll(" (*)", "").split("\n").slice(1));
  const crates = [...lines].map((line) => {
    const [, name = "", version = "", licence = ""] = /^(\S+) v(\S+).*\|(.*)$/.exec(line) ?? [];
    return { name, version, licence };
  });
  const list = (/** @type {typeof crates} */ some) =>
    some.map(({ name, version, licence }) => `  ${name} ${version}   ${licence || "none stated"}`).join("\n");
  const bad = crates.filter(({ licence }) => !allowed(licence));
  if (bad.length > 0)
    throw new Stop(`Licences that are not in the list of scripts/lib/artefacts.mjs:\n\n${list(bad)}`);
  const notice = await readFile(join(root, "LICENSE-THIRD-PARTY"), "utf8");
  const unnamed = crates.filter(({ name, version }) => !notice.includes(`  ${name} ${version} `));
  if (unnamed.length > 0)
    throw new Stop(`LICENSE-THIRD-PARTY lacks what the wasm holds; add:\n\n${list(unnamed)}`);
  const { dependencies = {} } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  if (Object.keys(dependencies).length > 0)
    throw new Stop("package.json has run-time dependencies; it must not.");
}

/** Whether every licence in an expression is one of ours. @param {string | null} expression */
export function allowed(expression) {
  const names = (expression ?? "").split(/ OR | AND |[()/]/).filter(Boolean);
  return names.length > 0 && names.every((name) => LICENCES.includes(name.trim()));
}

/**
 * No folder of the machine that made them stands in them.
 * @param {Artefact[]} artefacts
 * @param {string[]} folders
 */
export async function checkPaths(artefacts, folders) {
  // Not a static import: set-up must be able to run before the npm packages are installed.
  const { unzip } = await import("./pack-zip.mjs");
  const places = [...folders, `${homedir()}/`, `${tmpdir()}/`, ".cargo/registry"];
  for (const { name, bytes } of artefacts) {
    const contents = name.endsWith(".zip") ? Buffer.concat([...unzip(bytes).values()]) : gunzipSync(bytes);
    const found = places.find((place) => place.length > 1 && contents.includes(place));
    if (found) throw new Stop(`${name} holds a path of this machine: ${found}`);
  }
}

/**
 * What is packed is what lies here, and so what was tested.
 * @param {Artefact[]} artefacts
 */
export async function checkContents(artefacts) {
  const tarball = artefacts.find(({ name }) => name.endsWith(".tgz"));
  if (!tarball) throw new Stop(`There is no tarball among ${artefacts.map(({ name }) => name).join(", ")}.`);
  const folder = await mkdtemp(join(tmpdir(), "packed-"));
  try {
    const file = join(folder, tarball.name);
    await writeFile(file, tarball.bytes);
    await must(`unpack ${tarball.name}`, "tar", ["-xzf", file, "-C", folder]);
    const unpacked = join(folder, "package");
    for (const entry of await readdir(unpacked, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const name = join(entry.parentPath, entry.name).slice(unpacked.length + 1);
      const [theirs, ours] = await Promise.all([readFile(join(unpacked, name)), packed(name)]);
      if (!theirs.equals(ours)) {
        throw new Stop(
          `${name} is packed otherwise than it lies here: \`npm run build\`, test, and then again.`,
        );
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
