// The npm package: the files as they lie here, but for what npm's page needs. That page shows README.md by itself, so a
// relative link or picture there leads nowhere unless it names the repository.
//
// The repository's address stands nowhere in it: the CI that publishes knows its own.

import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { root } from "./paths.mjs";
import { Stop } from "./run.mjs";

/** What is rewritten. Everything else is packed as it lies here. */
const REWRITTEN = ["README.md", "package.json"];

/** Where this is published from, as GitHub's runners say it. @param {NodeJS.ProcessEnv} env @returns {string | null} */
export function repositoryOf({ GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name }) {
  return server && name ? `${server}/${name}` : null;
}

/**
 * @param {string} folder where the tarball goes
 * @param {string | null} [repository] its address
 * @returns {Promise<string>} the tarball's path
 */
export async function packNpm(folder, repository = repositoryOf(process.env)) {
  const { files } = await npmPack(root, ["--dry-run"]);
  const place = await mkdtemp(join(tmpdir(), "npm-"));
  try {
    for (const { path } of files) {
      await mkdir(dirname(join(place, path)), { recursive: true });
      await cp(join(root, path), join(place, path));
    }
    for (const name of REWRITTEN) await writeFile(join(place, name), await packed(name, repository));
    const { filename } = await npmPack(place, ["--pack-destination", folder]);
    return join(folder, filename);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** A file as it is packed. @param {string} name @param {string | null} [repository] @returns {Promise<Buffer>} */
export async function packed(name, repository = repositoryOf(process.env)) {
  const bytes = await readFile(join(root, name));
  if (!REWRITTEN.includes(name)) return bytes;
  const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const text =
    name === "README.md"
      ? readmeFor(`${bytes}`, repository ? { url: repository, tag: `v${manifest.version}` } : null)
      : `${JSON.stringify({ ...manifest, ...(repository && addresses(repository)) }, null, 2)}\n`;
  return Buffer.from(text);
}

/** @param {string} url */
const addresses = (url) => ({
  homepage: `${url}#readme`,
  repository: { type: "git", url: `git+${url}.git` },
  bugs: `${url}/issues`,
});

/**
 * Relative links and pictures lead into the repository, to what was tagged. Without one, links become their words, and
 * pictures are left out.
 * @param {string} text
 * @param {{ url: string, tag: string } | null} repository
 */
function readmeFor(text, repository) {
  const isCode = (/** @type {number} */ nth) => nth % 2 === 1;
  return text
    .split(/^(```[\s\S]*?^```$)/m)
    .map((part, nth) => (isCode(nth) ? part : linked(part, repository)))
    .join("");
}

/** @param {string} text @param {{ url: string, tag: string } | null} repository */
function linked(text, repository) {
  const path = String.raw`\((?!https?:|#|mailto:)([^)\s]+)\)`;
  if (!repository) {
    const picture = new RegExp(String.raw`^!\[[^\]]*\]${path}\n+`, "gm");
    return text.replace(picture, "").replace(new RegExp(String.raw`\[([^\]]*)\]${path}`, "g"), "$1");
  }
  const { url, tag } = repository;
  return text
    .replace(new RegExp(String.raw`(!\[[^\]]*\])${path}`, "g"), `$1(${url}/raw/${tag}/$2)`)
    .replace(new RegExp(String.raw`(\[[^\]]*\])${path}`, "g"), `$1(${url}/blob/${tag}/$2)`);
}

/** @param {string} cwd @param {string[]} args @returns {Promise<{ filename: string, files: { path: string }[] }>} */
async function npmPack(cwd, args) {
  const options = ["pack", "--json", "--ignore-scripts", ...args];
  const { stdout } = await promisify(execFile)("npm", options, { cwd, maxBuffer: 2 ** 24 }).catch((error) => {
    throw new Stop(`${error.stderr}\nThe command was\n\n  npm ${options.join(" ")}\n`);
  });
  return JSON.parse(stdout)[0];
}
