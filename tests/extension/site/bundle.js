import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, version } from "esbuild";
import { target } from "../../helpers/repository.js";

/**
 * The app, built twice from the same source: for Node, which renders it, and for the browser, which hydrates
 * that. React's production and development builds behave differently where it complains, so both exist.
 *
 * @typedef {"production" | "development"} Build
 * @typedef {{ script: string, style: string, render: typeof import("./app/server.jsx").render }} Bundle
 */

const app = fileURLToPath(new URL("./app/", import.meta.url));

/** As in a real build, the middle of each CSS module's class is nothing to rely on. */
const moduleHash = Math.random().toString(36).slice(2, 8);

/** Stands for it in what is kept. */
const hashMark = "MODULE_HASH_OF_THIS_RUN";

/** What earlier processes built, by its sources: every test file that opens the site needs the same. */
const kept = join(target, "site-bundles");

/** @type {Map<Build, Promise<Bundle>>} */
const built = new Map();

/**
 * @param {Build} mode
 * @returns {Promise<Bundle>} built once per process
 */
export function bundle(mode) {
  const known = built.get(mode);
  if (known) return known;
  const fresh = texts(mode).then(({ script, style, server }) => ({
    script: script.replaceAll(hashMark, moduleHash),
    style: style.replaceAll("__HASH__", `__${moduleHash}__`),
    render: loaded(server.replaceAll(hashMark, moduleHash)),
  }));
  built.set(mode, fresh);
  fresh.catch(() => built.delete(mode));
  return fresh;
}

/** @typedef {{ script: string, style: string, server: string }} Texts */

/** @param {Build} mode @returns {Promise<Texts>} */
async function texts(mode) {
  const file = join(kept, `${mode}-${await sources()}.json`);
  const before = await readFile(file, "utf8").catch(() => null);
  if (before !== null) return JSON.parse(before);
  const [browser, server] = await Promise.all([forBrowser(mode), forNode(mode)]);
  const fresh = { ...browser, server };
  await mkdir(kept, { recursive: true });
  // Under another name first: several processes may build at once.
  await writeFile(`${file}.${process.pid}`, JSON.stringify(fresh));
  await rename(`${file}.${process.pid}`, file);
  return fresh;
}

/** Of all that a bundle is made of. @returns {Promise<string>} a hash */
async function sources() {
  const own = [fileURLToPath(import.meta.url), fileURLToPath(new URL("package-lock.json", import.meta.url))];
  const names = (await readdir(app)).sort().map((name) => join(app, name));
  const hash = createHash("sha256").update(version);
  for (const name of [...own, ...names]) hash.update(name).update(await readFile(name));
  return hash.digest("hex").slice(0, 16);
}

/** @param {Build} mode */
async function forBrowser(mode) {
  const result = await build({
    ...common(mode),
    entryPoints: [join(app, "client.jsx")],
    platform: "browser",
    format: "iife",
    target: "es2022",
    outdir: "out",
  });
  const file = (/** @type {string} */ end) =>
    result.outputFiles.find((out) => out.path.endsWith(end))?.text ?? "";
  return { script: file(".js"), style: file(".css") };
}

/** @param {Build} mode */
async function forNode(mode) {
  const result = await build({
    ...common(mode),
    entryPoints: [join(app, "server.jsx")],
    platform: "node",
    format: "cjs",
    loader: { ".css": "empty" },
  });
  return result.outputFiles[0]?.text ?? "";
}

/** @param {string} server @returns {typeof import("./app/server.jsx").render} */
function loaded(server) {
  const folder = mkdtempSync(join(tmpdir(), "site-render-"));
  const file = join(folder, "server.cjs");
  try {
    writeFileSync(file, server);
    return createRequire(import.meta.url)(file).render;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * @param {Build} mode
 * @returns {import("esbuild").BuildOptions & { write: false }}
 */
function common(mode) {
  return {
    bundle: true,
    write: false,
    jsx: "automatic",
    jsxDev: mode === "development",
    minify: mode === "production",
    define: { "process.env.NODE_ENV": JSON.stringify(mode), MODULE_HASH: JSON.stringify(hashMark) },
    logLevel: "error",
  };
}
