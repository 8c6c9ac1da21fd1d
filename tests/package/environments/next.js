// Next.js: the same program in a server component and in a client component, built and served by it.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { root } from "../../helpers/repository.js";
import { pinned } from "./versions.js";

const matrix = join(root, "tests", "package", "matrix");
const cli = join(matrix, "node_modules", "next", "dist", "bin", "next");
const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" };

/** @type {import("./index.js").Environment} */
export const next = {
  name: "Next.js",
  version: pinned("next"),
  how: "`import` in a server and in a client component",
  programs: 2,
  slow: true,
  async run(place) {
    const app = join(place.folder, place.name);
    await cp(join(place.folder, "probe.js"), join(app, "probe.js"));
    const url = await startNext(app, pages(place), place);
    const page = await fetch(`${url}/server`);
    if (!page.ok) throw new Error(`Next.js answers ${page.status}: ${await page.text()}`);
    await place.chromium(`${url}/client`);
  },
};

/** @param {import("./index.js").Place} place @returns {Record<string, string>} */
function pages({ baseUrl, report }) {
  const imports = `import { checkPermissions, isPermissionsError } from "civitai-permissions";
import { probe } from "../../probe.js";`;
  const call = `probe({ checkPermissions, isPermissionsError }, ${JSON.stringify(baseUrl)}, ${JSON.stringify(report)})`;
  return {
    "app/layout.js":
      'export default function Layout({ children }) { return <html lang="en"><body>{children}</body></html>; }',
    "app/server/page.js": `${imports}
export const dynamic = "force-dynamic";
export default async function Page() { await ${call}; return <p>asked</p>; }`,
    "app/client/page.js": `"use client";
import { useEffect } from "react";
${imports}
export default function Page() { useEffect(() => { ${call}; }, []); return <p>asking</p>; }`,
  };
}

/**
 * Builds an app, as its author would, and serves it until the test is over.
 * @param {string} app its folder, in a project
 * @param {Record<string, string>} files by their paths in it
 * @param {Pick<import("./index.js").Place, "after" | "signal">} test
 * @param {Record<string, string>} [variables] of the server's environment
 * @returns {Promise<string>} its address
 */
export async function startNext(app, files, test, variables = {}) {
  const all = {
    "package.json": JSON.stringify({ private: true, type: "module" }),
    // Where it looks for packages: the tools lie above the project.
    "next.config.js": `export default { turbopack: { root: ${JSON.stringify(matrix)} } };`,
    ...files,
  };
  for (const [name, text] of Object.entries(all)) {
    await mkdir(join(app, name, ".."), { recursive: true });
    await writeFile(join(app, name), text);
  }
  await promisify(execFile)(process.execPath, [cli, "build", app], { cwd: app, env, signal: test.signal });
  return serve(app, test, variables);
}

/**
 * @param {string} app
 * @param {Pick<import("./index.js").Place, "after" | "signal">} test
 * @param {Record<string, string>} variables
 */
async function serve(app, { after, signal }, variables) {
  const server = spawn(process.execPath, [cli, "start", app, "--hostname", "127.0.0.1", "--port", "0"], {
    cwd: app,
    env: { ...env, ...variables },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(server, "exit");
  // A test that timed out undoes nothing that comes later.
  signal.addEventListener("abort", () => server.kill());
  after(async () => {
    server.kill();
    await ended;
  });
  for await (const line of createInterface({ input: server.stdout })) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (url) return url;
  }
  throw new Error("next start ended before it listened");
}
