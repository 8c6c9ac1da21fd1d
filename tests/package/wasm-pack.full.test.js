// `wasm-pack build` of the repository alone, without the npm build: packages whose calls work in Node.js and in a page,
// with their types. It takes two minutes.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { isPermissionsError } from "civitai-permissions";
import { launchChromium } from "../helpers/browsers.js";
import { env, root, target } from "../helpers/repository.js";
import { startStandIn } from "../helpers/stand-in.js";
import { startHub } from "./hub.js";
import { tool } from "./matrix/tool.js";

const run = promisify(execFile);

/** Not pkg/, which the npm build fills. */
const folder = join(target, "wasm-pack");
const web = join(folder, "web");
const bundler = join(folder, "bundler");

/** @type {import("../helpers/stand-in.js").StandIn} */
let standIn;
/** @type {any} wasm-pack's own types are those of the build */
let module;
before(
  async () => {
    standIn = await startStandIn();
    // One after the other: the second finds the crate compiled.
    for (const out of [web, bundler]) {
      // no-install: with the tools that set-up installed.
      const args = ["build", root, "--target", basename(out), "--mode", "no-install", "--out-dir", out];
      await run("wasm-pack", [...args, "--", "--locked"], {
        cwd: root,
        env: { ...env, CARGO_TARGET_DIR: folder },
        maxBuffer: 2 ** 26,
      });
    }
    module = await import(pathToFileURL(join(web, "civitai_permissions.js")).href);
    module.initSync({ module: await readFile(join(web, "civitai_permissions_bg.wasm")) });
  },
  { timeout: 600_000 },
);
after(() => standIn.close());

test("checkPermissions: one request, true and false", async () => {
  const { baseUrl, log } = standIn.session("wasm-pack");
  const verdicts = await module.checkPermissions([2514310, "civitai:827184@2402203"], { baseUrl });
  assert.deepEqual(verdicts, { 2402203: false, 2514310: true });
  assert.equal((await log()).length, 1);
});

test("a checker, and what is wrong comes with its code and the known verdicts", async () => {
  const { baseUrl, faults } = standIn.session("wasm-pack-checker");
  const checker = new module.PermissionChecker({ baseUrl, maxBatchSize: 1 });
  await faults({ match: "entityIds=2402203", status: 403 });
  const error = await checker.check([2514310, 2402203]).catch((/** @type {unknown} */ thrown) => thrown);
  assert.ok(error instanceof Error && isPermissionsError(error));
  assert.deepEqual([error.code, error.unknown, error.verdicts], ["HTTP", [2402203], { 2514310: true }]);
  const refused = await module.checkPermissions("2514310").catch((/** @type {unknown} */ thrown) => thrown);
  assert.ok(isPermissionsError(refused) && refused.code === "INVALID_ARGUMENT");
  assert.equal(module.parseEntityId("https://civitai.com/models/827184?modelVersionId=2514310"), 2514310);
});

test("--target web, in a page without a bundler", async (context) => {
  const project = await projectWith(web, 'import init from "civitai-permissions";\nawait init();', context);
  const imports = { "civitai-permissions": "./node_modules/civitai-permissions/civitai_permissions.js" };
  const map = `<script type="importmap">${JSON.stringify({ imports })}</script>`;
  await project.answers(`${map}<script type="module" src="program.js"></script>`);
});

test("--target bundler, in a page made by webpack", async (context) => {
  const project = await projectWith(bundler, "", context);
  const { default: webpack } = await tool("webpack");
  const stats = await promisify(webpack)({
    mode: "production",
    context: project.folder,
    entry: "./program.js",
    output: { path: project.folder, filename: "main.js" },
    // The only setting that the package needs.
    experiments: { asyncWebAssembly: true },
    performance: false,
  });
  assert.ok(!stats.hasErrors() && !stats.hasWarnings(), stats.toString());
  await project.answers('<script src="main.js"></script>');
});

/**
 * What a TypeScript user of the package writes.
 * @param {string} start
 * @param {string} baseUrl
 */
const program = (start, baseUrl) => `${start}
import { checkPermissions, PermissionChecker, type CheckerOptions, type Verdicts } from "civitai-permissions";

const options: CheckerOptions = { baseUrl: "${baseUrl}" };
const verdicts: Verdicts = await checkPermissions([2514310, "civitai:827184@2402203"], options);
const checker = new PermissionChecker(options);
const states: string[] = (await checker.explain([2402203])).map((explanation) => explanation.state);
// @ts-expect-error: a list of ids
const refused: unknown = await checkPermissions(2514310, options).catch((error) => error.code);
document.body.textContent = JSON.stringify({ verdicts, states, refused });
`;

/**
 * A project with the package installed, and the program, whose types are checked.
 * @param {string} built
 * @param {string} start
 * @param {import("node:test").TestContext} context
 */
async function projectWith(built, start, context) {
  const folder = await mkdtemp(join(tmpdir(), "wasm-pack-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  await cp(built, join(folder, "node_modules", "civitai-permissions"), { recursive: true });
  const { baseUrl } = standIn.session(basename(built));
  await writeFile(join(folder, "program.ts"), program(start, baseUrl));
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  // As `tsc --init` has it; wasm-bindgen's own types name Symbol.dispose.
  const options = ["--strict", "--target", "esnext", "--module", "esnext", "--moduleResolution", "bundler"];
  await run(join(root, "node_modules", ".bin", "tsc"), ["program.ts", ...options], { cwd: folder }).catch(
    ({ stdout }) => assert.fail(stdout),
  );
  return {
    folder,
    /** The page with these scripts shows the right answers. @param {string} scripts */
    async answers(scripts) {
      await writeFile(join(folder, "index.html"), `<!doctype html><body>${scripts}`);
      const [hub, browser] = await Promise.all([startHub(folder), launchChromium()]);
      context.after(() => Promise.all([hub.close(), browser.close()]));
      const page = await browser.newPage();
      const thrown = new Promise((_, reject) => page.once("pageerror", reject));
      await page.goto(`${hub.url}/index.html`);
      const shown = await Promise.race([page.getByText(/^\{.*\}$/).textContent(), thrown]);
      assert.deepEqual(JSON.parse(shown), {
        verdicts: { 2402203: false, 2514310: true },
        states: ["denied"],
        refused: "INVALID_ARGUMENT",
      });
    },
  };
}
