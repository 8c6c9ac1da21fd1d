// What must hold of everything that is published.

import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, inflateRawSync } from "node:zlib";
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

/**
 * @typedef {object} Metadata of cargo
 * @property {{ id: string, name: string, version: string, license: string | null, targets: { kind: string[] }[] }[]} packages
 * @property {{ root: string, nodes: { id: string, deps: { pkg: string, dep_kinds: { kind: string | null }[] }[] }[] }} resolve
 */

/** Of the crates that end up in the wasm, each with its notice; the module has no npm dependency. */
export async function checkLicences() {
  const args = [
    "metadata",
    "--format-version",
    "1",
    "--locked",
    "--filter-platform",
    "wasm32-unknown-unknown",
  ];
  const output = execFileSync("cargo", args, { cwd: root, env, encoding: "utf8", maxBuffer: 2 ** 26 });
  const { packages, resolve } = /** @type {Metadata} */ (JSON.parse(output));
  /** Macros run when the wasm is built, and leave nothing of theirs in it. @param {string} wanted */
  const isMacro = (wanted) =>
    packages.some(
      ({ id, targets }) => id === wanted && targets.some(({ kind }) => kind.includes("proc-macro")),
    );
  const shipped = new Set([resolve.root]);
  // A set grows while it is walked.
  for (const id of shipped) {
    const { deps = [] } = resolve.nodes.find((node) => node.id === id) ?? {};
    // A kind is "dev" or "build", or null for what is linked.
    for (const { pkg, dep_kinds } of deps)
      if (dep_kinds.some(({ kind }) => kind === null) && !isMacro(pkg)) shipped.add(pkg);
  }
  const bad = packages.filter(({ id, license }) => shipped.has(id) && !allowed(license));
  if (bad.length > 0) {
    const list = bad.map(({ name, version, license }) => `  ${name} ${version}: ${license ?? "none stated"}`);
    throw new Stop(`Licences that are not in the list of scripts/lib/release.mjs:\n\n${list.join("\n")}`);
  }
  const notice = await readFile(join(root, "LICENSE-THIRD-PARTY"), "utf8");
  const unnamed = packages.filter(
    ({ id, name, version }) =>
      shipped.has(id) && id !== resolve.root && !notice.includes(`  ${name} ${version} `),
  );
  if (unnamed.length > 0) {
    const list = unnamed.map(({ name, version, license }) => `  ${name} ${version}   ${license}`);
    throw new Stop(`LICENSE-THIRD-PARTY lacks what the wasm holds; add:\n\n${list.join("\n")}`);
  }
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
export function checkPaths(artefacts, folders) {
  const places = [...folders, `${homedir()}/`, `${tmpdir()}/`, ".cargo/registry"];
  for (const { name, bytes } of artefacts) {
    const contents = name.endsWith(".zip") ? unzipped(bytes) : gunzipSync(bytes);
    const found = places.find((place) => place.length > 1 && contents.includes(place));
    if (found) throw new Stop(`${name} holds a path of this machine: ${found}`);
  }
}

/** The contents of a zip, one after the other. @param {Buffer} zip */
function unzipped(zip) {
  const end = zip.lastIndexOf("PK\x05\x06", undefined, "latin1");
  let at = zip.readUInt32LE(end + 16);
  const contents = [];
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const bytes = zip.subarray(start, start + zip.readUInt32LE(at + 20));
    contents.push(zip.readUInt16LE(at + 10) === 0 ? bytes : inflateRawSync(bytes));
    at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return Buffer.concat(contents);
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
    const packed = join(folder, "package");
    for (const entry of await readdir(packed, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const name = join(entry.parentPath, entry.name).slice(packed.length + 1);
      const [theirs, ours] = await Promise.all([readFile(join(packed, name)), readFile(join(root, name))]);
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
