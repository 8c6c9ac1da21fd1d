// `wasm-pack build` of the repository alone, without the npm build: a package whose calls work. It takes a minute.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { isPermissionsError } from "civitai-permissions";
import { env, root, target } from "../helpers/repository.js";
import { startStandIn } from "../helpers/stand-in.js";

/** Not pkg/, which the npm build fills. */
const folder = join(target, "wasm-pack");
const built = join(folder, "package");

/** @type {import("../helpers/stand-in.js").StandIn} */
let standIn;
/** @type {any} wasm-pack's own types are those of the build */
let module;
before(async () => {
  standIn = await startStandIn();
  // no-install: with the tools that set-up installed.
  const args = ["build", root, "--target", "web", "--mode", "no-install", "--out-dir", built];
  await promisify(execFile)("wasm-pack", [...args, "--", "--locked"], {
    cwd: root,
    env: { ...env, CARGO_TARGET_DIR: folder },
    maxBuffer: 2 ** 26,
  });
  module = await import(pathToFileURL(join(built, "civitai_permissions.js")).href);
  module.initSync({ module: await readFile(join(built, "civitai_permissions_bg.wasm")) });
});
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

test("its types are those of the module", async () => {
  const types = await readFile(join(built, "civitai_permissions.d.ts"), "utf8");
  assert.match(types, /export function checkPermissions\(/);
  assert.match(types, /export interface CheckOptions/);
});
