import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

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

/** @type {Map<Build, Promise<Bundle>>} */
const built = new Map();

/**
 * @param {Build} mode
 * @returns {Promise<Bundle>} built once per process
 */
export function bundle(mode) {
  const known = built.get(mode);
  if (known) return known;
  const fresh = Promise.all([forBrowser(mode), forNode(mode)]).then(([browser, render]) => ({
    ...browser,
    render,
  }));
  built.set(mode, fresh);
  fresh.catch(() => built.delete(mode));
  return fresh;
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
  return { script: file(".js"), style: file(".css").replaceAll("__HASH__", `__${moduleHash}__`) };
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
  const folder = mkdtempSync(join(tmpdir(), "site-render-"));
  const file = join(folder, "server.cjs");
  try {
    writeFileSync(file, result.outputFiles[0]?.text ?? "");
    return /** @type {typeof import("./app/server.jsx")} */ (createRequire(import.meta.url)(file)).render;
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
    define: { "process.env.NODE_ENV": JSON.stringify(mode), MODULE_HASH: JSON.stringify(moduleHash) },
    logLevel: "error",
  };
}
