// The package as a stranger gets it: packed, and installed into an empty project.

import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after } from "node:test";
import { promisify } from "node:util";
import { packNpm, root } from "../helpers/repository.js";
import { startStandIn } from "../helpers/stand-in.js";

const run = promisify(execFile);

/** Tools that a project would install itself are found here: the project lies below this folder. */
const tools = join(root, "tests", "package", "matrix");

/** The module, packed and installed, and a stand-in, for the tests of one file; both end with them. */
export async function projectAndStandIn() {
  const [project, standIn] = await Promise.all([installedProject(), startStandIn()]);
  after(async () => {
    standIn.close();
    await project.remove();
  });
  return { project, standIn };
}

/**
 * Packs the module and installs it into a new project.
 * @returns {Promise<{ folder: string, remove: () => Promise<void> }>}
 */
export async function installedProject() {
  // The dot keeps compilers and linters of this repository out.
  const parent = join(tools, ".projects");
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, "project-"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  await npm(folder, ["install", "--offline", "--ignore-scripts", await tarball(folder)]);
  await copyFile(join(import.meta.dirname, "probe.js"), join(folder, "probe.js"));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/**
 * The packed module: the one that `npm test` has packed for all files, else a new one.
 * @param {string} folder where a new one goes
 */
export const tarball = async (folder) => process.env.PACKED ?? packNpm(folder);

/** @param {string} cwd @param {string[]} args */
function npm(cwd, args) {
  return run("npm", [...args, "--no-audit", "--no-fund"], { cwd });
}

/**
 * The program of an environment.
 * @param {{ baseUrl: string, report: string }} where
 * @param {string} [from] the module, as the environment names it
 */
export function program({ baseUrl, report }, from = "civitai-permissions") {
  return `import { checkPermissions, isPermissionsError } from ${JSON.stringify(from)};
import { probe } from "./probe.js";
probe({ checkPermissions, isPermissionsError }, ${JSON.stringify(baseUrl)}, ${JSON.stringify(report)});
`;
}

/** The module's file, from the project's folder: for environments that resolve no names. */
export const modulePath = "./node_modules/civitai-permissions/pkg/civitai-permissions.js";
