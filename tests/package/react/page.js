// Builds the page with React 18 or 19 from the packed module, and opens it in Chromium.

import { copyFile, mkdir, writeFile } from "node:fs/promises";
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
 */
export async function openPage(project, react, browser) {
  const outdir = join(project, `react-${react}`);
  await mkdir(outdir, { recursive: true });
  const entry = join(project, "react-app.js");
  await copyFile(join(import.meta.dirname, "app.js"), entry);
  const { build } = await tool("esbuild");
  const folder = folders.get(react) ?? "";
  await build({
    entryPoints: { main: entry },
    outdir,
    bundle: true,
    minify: true,
    format: "esm",
    logLevel: "error",
    define: { "process.env.NODE_ENV": '"development"' },
    alias: { react: join(folder, "react"), "react-dom": join(folder, "react-dom") },
  });
  await build({
    entryPoints: { production: entry },
    outdir,
    bundle: true,
    minify: true,
    format: "esm",
    logLevel: "error",
    define: { "process.env.NODE_ENV": '"production"' },
    alias: { react: join(folder, "react"), "react-dom": join(folder, "react-dom") },
  });
  for (const name of ["main", "production"]) {
    await writeFile(
      join(outdir, `${name}.html`),
      `<!doctype html><link rel="icon" href="data:,"><main></main><script src="${name}.js" type="module"></script>`,
    );
  }
  const hub = await startHub(outdir);
  const page = await browser.newPage();
  /** @type {string[]} */
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  return {
    page,
    faults,
    /** @param {"main" | "production"} [name] */
    open: (name = "main") => page.goto(`${hub.url}/${name}.html`),
    close: async () => {
      await page.close();
      hub.close();
    },
  };
}
