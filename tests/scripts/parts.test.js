// The parts of the commands that decide something.

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { afterSecondTry, cargoCounts, nodeCounts, oneCount } from "../../scripts/lib/counts.mjs";
import { root } from "../../scripts/lib/paths.mjs";
import { must, run } from "../../scripts/lib/run.mjs";
import { table } from "../../scripts/lib/table.mjs";

test("counts: the lines of cargo's binaries are added up", () => {
  const output = [
    "test result: ok. 4 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s",
    "test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s",
  ].join("\n");
  assert.deepEqual(cargoCounts(output, false), { passed: 6, failed: 3, skipped: 1 });
});

test("counts: the last lines of node --test", () => {
  const output = (/** @type {number} */ fail) =>
    `✔ x\nℹ tests 9\nℹ suites 0\nℹ pass 5\nℹ fail ${fail}\nℹ cancelled 1\nℹ skipped 1\nℹ todo 1\n`;
  assert.deepEqual(nodeCounts(output(1), false), { passed: 5, failed: 2, skipped: 2 });
});

test("counts: a runner that fails without a failed test is a failure", () => {
  const output = "test result: ok. 4 passed; 0 failed; 0 ignored; 0 measured";
  assert.deepEqual(cargoCounts(output, false), { passed: 4, failed: 1, skipped: 0 });
  assert.deepEqual(oneCount("", false), { passed: 0, failed: 1, skipped: 0 });
});

test("counts: a runner that ran no test is a failure", () => {
  assert.deepEqual(cargoCounts("test result: ok. 0 passed; 0 failed; 0 ignored", true).failed, 1);
  assert.deepEqual(cargoCounts("", true).failed, 1);
  assert.deepEqual(nodeCounts("ℹ pass 0\nℹ fail 0\n", true).failed, 1);
});

test("second try: what passes only then is counted as unsteady, what fails again has failed", () => {
  const first = { passed: 8, failed: 3, skipped: 1 };
  const passed = { passed: 6, failed: 0, skipped: 0 };
  assert.deepEqual(afterSecondTry(first, passed), { passed: 11, failed: 0, skipped: 1, unsteady: 3 });
  const worse = { passed: 2, failed: 4, skipped: 0 };
  assert.deepEqual(afterSecondTry(first, worse), { ...first, unsteady: 0 });
});

test("build: the module names no folder of this machine", () => {
  for (const name of ["bindings_bg.wasm", "core.js"]) {
    const text = readFileSync(join(root, "pkg", "raw", name), "latin1");
    assert.ok(text.length > 0);
    for (const folder of [root, homedir()]) assert.ok(!text.includes(folder), `${name} names ${folder}`);
  }
});

test("table: columns as wide as their widest word", () => {
  const rows = [
    ["1", "open"],
    ["22222", ""],
  ];
  assert.equal(table(["id", "kind"], rows), "id     kind\n─────  ────\n1      open\n22222");
});

test("run: what a command leaves behind ends with it", async (t) => {
  mute(t);
  const folder = mkdtempSync(join(tmpdir(), "run-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const late = join(folder, "late");
  const { ok } = await run("leaves one behind", "sh", ["-c", '(sleep 0.3; : > "$0") >&- 2>&- &', late]);
  assert.ok(ok);
  await new Promise((resolve) => setTimeout(resolve, 800));
  assert.ok(!existsSync(late), "it went on");
});

test("run: a command that hangs is ended, a missing one is a failure", async (t) => {
  mute(t);
  const hanging = await run("hangs", "sleep", ["300"], { limit: 100 });
  assert.equal(hanging.ok, false);
  assert.match(hanging.output, /longer than it may/);
  await assert.rejects(
    must("absent", "no-such-command", ["x"]),
    /no-such-command does not start[\s\S]*no-such-command x/,
  );
});

/**
 * Keeps the progress of commands out of this process's output, where Node 20's runner reads its own messages
 * and now and then stumbles over others.
 * @param {import("node:test").TestContext} t
 */
function mute(t) {
  t.mock.method(console, "log", () => {});
}
