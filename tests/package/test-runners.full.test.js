// The README's test, under Vitest and Jest, in each of their environments.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { root } from "../helpers/repository.js";
import { testRunners } from "./environments/test-runners.js";
import { installedProject } from "./project.js";
import { blocks, section } from "./readme.js";

const run = promisify(execFile);
const modules = join(root, "tests", "package", "matrix", "node_modules");

/** @type {Awaited<ReturnType<typeof installedProject>>} */
let project;
/** @type {string[]} the README's blocks: the test, Jest's configuration, its set-up */
let programs;
before(async () => {
  project = await installedProject();
  programs = blocks(section("React, plain HTML, testing"), "js");
  assert.equal(programs.length, 3);
});
after(() => project.remove());

/** A failing test beside it shows that failures are seen. */
const failing = "\ntest('fails', async () => { expect(await checker.check([1])).toEqual({}); });\n";

for (const { name, runner, environment } of testRunners) {
  test(name, { timeout: 120_000 }, async () => {
    const folder = join(project.folder, `${runner}-${environment}`);
    await mkdir(folder);
    const [code = "", config = "", setUp = ""] = programs;
    await writeFile(join(folder, "permissions.test.js"), code);
    await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
    if (runner === "jest") {
      await writeFile(join(folder, "jest.setup.js"), setUp);
      await writeFile(join(folder, "esbuild.cjs"), transformer);
      const ours = `testEnvironment: ${JSON.stringify(environments.get(environment))}, transform: { "\\\\.js$": "./esbuild.cjs" },`;
      await writeFile(join(folder, "jest.config.js"), config.replace("{", `{ ${ours}`));
    }
    const output = await ends(command(runner, environment, folder), folder);
    assert.match(output.text, /Tests:? +1 passed/, output.text);
    assert.equal(output.passed, true);
    await writeFile(join(folder, "permissions.test.js"), code + failing);
    const failed = await ends(command(runner, environment, folder), folder);
    assert.match(failed.text, /Tests:? +1 failed/, failed.text);
    assert.equal(failed.passed, false);
  });
}

const environments = new Map([
  ["node", "node"],
  ["jsdom", join(modules, "jest-environment-jsdom")],
  ["happy-dom", join(modules, "@happy-dom", "jest-environment")],
]);

/** What transforms a project's own code: here esbuild. */
const transformer = `const { transformSync } = require("esbuild");
module.exports = { process: (text, path) => transformSync(text, { format: "cjs", sourcefile: path, supported: { "dynamic-import": false } }) };
`;

/** @param {string} runner @param {string} environment @param {string} folder */
function command(runner, environment, folder) {
  return runner === "jest"
    ? [join(modules, "jest", "bin", "jest.js"), "--rootDir", folder]
    : [
        join(modules, "vitest", "vitest.mjs"),
        "run",
        "--root",
        folder,
        "--environment",
        environment,
        "--globals",
      ];
}

/** @param {string[]} args @param {string} cwd */
async function ends(args, cwd) {
  const env = { ...process.env, NO_COLOR: "1", CI: "1", NODE_OPTIONS: "", NODE_TEST_CONTEXT: "" };
  try {
    const { stdout, stderr } = await run(process.execPath, args, { cwd, env });
    return { passed: true, text: stdout + stderr };
  } catch (error) {
    const { stdout, stderr } = /** @type {{ stdout: string, stderr: string }} */ (error);
    return { passed: false, text: stdout + stderr };
  }
}
