// How the module starts, and that a process ends.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { inspect, promisify } from "node:util";
import { createContext, runInContext } from "node:vm";
import { isPermissionsError, PermissionChecker, PermissionsError } from "civitai-permissions";

/** Runs a script in a process of its own. @param {string} script @param {string[]} flags of Node */
async function run(script, ...flags) {
  const from = performance.now();
  const args = [...flags, "--input-type=module", "--eval", script];
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
    const seen = [];
    for (const call of [() => checkPermissions([2], { fetch }), () => parseEntityId(2), () => new PermissionChecker({ fetch }).check([2]), init]) {
      try { await call(); } catch (error) { seen.push([error.code, error.message.includes("'wasm-unsafe-eval'"), error.cause.message]); }
    }
    Object.assign(WebAssembly, { Module, compile });
    console.log(JSON.stringify([seen, await checkPermissions([2], { fetch })]));`);
  const seen = ["WASM_UNAVAILABLE", true, "blocked by CSP"];
  assert.deepEqual(JSON.parse(said), [[seen, seen, seen, seen], { 2: true }]);
});

test("without WebAssembly, as in Lockdown Mode, the error says so", async () => {
  // Node's switch for platforms that forbid making code at run time.
  const { said } = await run(
    `import { checkPermissions, init, parseEntityId } from "civitai-permissions";
    ${granting}
    const seen = [typeof WebAssembly];
    for (const call of [() => checkPermissions([2], { fetch }), () => parseEntityId(2), init]) {
      try { await call(); } catch ({ code, message }) { seen.push(\`\${code}: \${message}\`); }
    }
    console.log(seen.join("\\n"));`,
    "--jitless",
  );
  const why =
    "WASM_UNAVAILABLE: WebAssembly could not start: there is none here: the browser's Lockdown Mode or a setting switches it off";
  assert.deepEqual(said.split("\n"), ["undefined", why, why, why]);
});

test("where the main thread may not compile, the error names init(), and after it all works", async () => {
  const { said } = await run(`
    import { checkPermissions, init, parseEntityId } from "civitai-permissions";
    ${granting}
    // Chromium's words; it refuses the instance alike.
    for (const name of ["Module", "Instance"]) {
      const real = WebAssembly[name];
      WebAssembly[name] = class extends real {
        constructor(...given) {
          const refusal = "WebAssembly." + name + "(): disallowed on the main thread, if the buffer size is larger than 8MB";
          if (name === "Instance" || given[0].byteLength > 1000) throw new RangeError(refusal);
          super(...given);
        }
      };
    }
    const seen = [];
    for (const call of [() => checkPermissions([2], { fetch }), () => parseEntityId(2)]) {
      try { await call(); } catch ({ code, message, cause }) { seen.push(code, message.includes("await init()"), cause.name); }
    }
    await init();
    console.log(JSON.stringify([seen, await checkPermissions([2], { fetch }), parseEntityId("civitai:1@2")]));`);
  const seen = ["WASM_UNAVAILABLE", true, "RangeError"];
  assert.deepEqual(JSON.parse(said), [[...seen, ...seen], { 2: true }, 2]);
});

test("out of memory is named, and a later start works", async () => {
  const { said } = await run(`
    import { checkPermissions, init } from "civitai-permissions";
    ${granting}
    const { Instance, instantiate } = WebAssembly;
    // The words of Chromium, Firefox and Safari.
    const seen = [];
    for (const words of [
      "WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory for new instance",
      "out of memory",
      "Out of memory",
    ]) {
      WebAssembly.Instance = function () { throw new RangeError(words); };
      WebAssembly.instantiate = async () => { throw new RangeError(words); };
      for (const call of [() => checkPermissions([2], { fetch }), init]) {
        try { await call(); } catch ({ code, message, cause }) { seen.push([code, message, cause.message === words]); }
      }
    }
    Object.assign(WebAssembly, { Instance, instantiate });
    console.log(JSON.stringify([seen, await checkPermissions([2], { fetch })]));`);
  const seen = ["WASM_UNAVAILABLE", "WebAssembly could not start: out of memory", true];
  assert.deepEqual(JSON.parse(said), [Array(6).fill(seen), { 2: true }]);
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
    checkPermissions([2], { fetch: flaky }).then(() => console.log("retried"));
    checkPermissions([2], { fetch: () => Promise.reject("no"), retries: 0 }).catch(({ code }) => console.log(code));`);
  assert.deepEqual(said.split("\n").sort(), ["NETWORK", "checker true", "once true", "retried"]);
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

test("console.log shows a checker's options, and that it was disposed", () => {
  const checker = new PermissionChecker({ baseUrl: "http://127.0.0.1:8787" });
  const said = "PermissionChecker { baseUrl: 'http://127.0.0.1:8787' }";
  assert.equal(inspect(checker), said);
  assert.equal(inspect([checker]), `[ ${said} ]`);
  checker[Symbol.dispose]();
  assert.match(inspect(checker), /^PermissionChecker \(disposed\) \{/);
  assert.equal(inspect(new PermissionChecker()), "PermissionChecker {}");
});
