// Builds the page with React 18 or 19 from the packed module, and opens it in Chromium.

import { copyFile, mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startHub } from "../hub.js";
import { tool } from "../matrix/tool.js";

const matrix = join(import.meta.dirname, "..", "matrix", "node_modules");

/** Where the packages of a React lie. */
export const folders = new Map([
  ["18", join(matrix, "react-18", "node_modules")],
  ["19", matrix],
]);

/**
 * @param {string} project a folder with the packed module
 * @param {string} react "18" or "19"
 * @param {import("playwright-core").BrowserContext} browser
 * @param {{ app?: string, build?: "development" | "production" }} [options] the page's script, and which React it gets
 */
export async function openPage(project, react, browser, { app = "app.js", build = "development" } = {}) {
  const outdir = await mkdtemp(join(project, "page-"));
  const entry = join(project, app);
  await copyFile(join(import.meta.dirname, app), entry);
  const esbuild = await tool("esbuild");
  const folder = folders.get(react) ?? "";
  await esbuild.build({
    entryPoints: { app: entry },
    outdir,
    bundle: true,
    minify: true,
    format: "esm",
    logLevel: "error",
    define: { "process.env.NODE_ENV": JSON.stringify(build) },
    alias: { react: join(folder, "react"), "react-dom": join(folder, "react-dom") },
  });
  await writeFile(
    join(outdir, "index.html"),
    '<!doctype html><link rel="icon" href="data:,"><main></main><script src="app.js" type="module"></script>',
  );
  const hub = await startHub(outdir);
  const page = await browser.newPage();
  /** @type {string[]} */
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  return {
    page,
    faults,
    open: () => page.goto(`${hub.url}/index.html`),
    close: async () => {
      await page.close();
      hub.close();
    },
  };
}
