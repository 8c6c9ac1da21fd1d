// How the module starts, and that a process ends.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { promisify } from "node:util";
import { createContext, runInContext } from "node:vm";
import { isPermissionsError, PermissionsError } from "civitai-permissions";

/** Runs a script in a process of its own. @param {string} script */
async function run(script) {
  const from = performance.now();
  const args = ["--input-type=module", "--eval", script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname });
  return { said: stdout.trim(), took: performance.now() - from };
}

const granting = `const fetch = async () => Response.json({ 2: true });`;

test("importing compiles nothing", async () => {
  const { said } = await run(`
    for (const name of ["Module", "Instance", "Memory", "compile", "instantiate"]) {
      WebAssembly[name] = () => { throw new Error(name); };
    }
    await import("civitai-permissions");
    console.log("imported");`);
  assert.equal(said, "imported");
});

test("where wasm may not start, the error names the directive; a later start works", async () => {
  const { said } = await run(`
    import { checkPermissions, init, parseEntityId, PermissionChecker } from "civitai-permissions";
    ${granting}
    const { Module, compile } = WebAssembly;
    WebAssembly.compile = WebAssembly.Module = function () { throw new WebAssembly.CompileError("blocked by CSP"); };
    const told = [];
    for (const call of [() => checkPermissions([2], { fetch }), () => parseEntityId(2), () => new PermissionChecker({ fetch }).check([2]), init]) {
      try { await call(); } catch (error) { told.push([error.code, error.message.includes("'wasm-unsafe-eval'"), error.cause.message]); }
    }
    Object.assign(WebAssembly, { Module, compile });
    console.log(JSON.stringify([told, await checkPermissions([2], { fetch })]));`);
  const told = ["WASM_UNAVAILABLE", true, "blocked by CSP"];
  assert.deepEqual(JSON.parse(said), [[told, told, told, told], { 2: true }]);
});

test("init takes bytes or a module that the platform compiled", async () => {
  const file = new URL("../../pkg/raw/bindings_bg.wasm", import.meta.url);
  const bytes = await readFile(file);
  for (const source of [
    "bytes",
    "new WebAssembly.Module(bytes)",
    "bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)",
  ]) {
    const { said } = await run(`
      import { readFileSync } from "node:fs";
      import { checkPermissions, init } from "civitai-permissions";
      ${granting}
      const bytes = readFileSync(new URL(${JSON.stringify(file.href)}));
      init(${source});
      init();
      console.log(JSON.stringify(await checkPermissions([2], { fetch })));`);
    assert.equal(said, '{"2":true}', `${source} of ${bytes.length} bytes`);
  }
});

test("a process ends by itself after the last answer, and not before", async () => {
  const { said, took } = await run(`
    import { checkPermissions, PermissionChecker } from "civitai-permissions";
    ${granting}
    const checker = new PermissionChecker({ fetch });
    checker.check([2]).then((verdicts) => console.log("checker", verdicts[2]));
    checkPermissions([2], { fetch }).then((verdicts) => console.log("once", verdicts[2]));
    let tries = 0;
    const flaky = async () => (tries++ ? fetch() : new Response("", { status: 502 }));
    checkPermissions([2], { fetch: flaky }).then(() => console.log("tried again"));
    checkPermissions([2], { fetch: () => Promise.reject("no"), retries: 0 }).catch(({ code }) => console.log(code));`);
  assert.deepEqual(said.split("\n").sort(), ["NETWORK", "checker true", "once true", "tried again"]);
  assert.ok(took < 10_000, "no timer of 15 s is left");
});

test("errors are recognised across realms and copies, by their brand", async () => {
  const copy = await import(`${import.meta.resolve("civitai-permissions")}?copy`);
  const error = await copy.checkPermissions("x").catch((/** @type {unknown} */ thrown) => thrown);
  assert.ok(!(error instanceof PermissionsError) && isPermissionsError(error));
  assert.ok(
    error instanceof Error && error.name === "PermissionsError" && String(error.stack).includes("entityIds"),
  );
  const brand = Symbol.for("civitai-permissions.error");
  assert.ok(isPermissionsError(runInContext("brand => ({ [brand]: true })", createContext())(brand)));
  for (const other of [undefined, null, 5, "x", new Error("x"), { code: "NETWORK" }]) {
    assert.equal(isPermissionsError(other), false);
  }
});
