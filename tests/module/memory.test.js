// A shorter scripts/bench/long-run.mjs: after warm-up, memory stays flat, the wasm's own included.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

test("memory stays flat over 30,000 checks", async () => {
  const script = fileURLToPath(new URL("../../scripts/bench/long-run.mjs", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", script, "30000"]);
  /** @type {{ done: number, wasm: number, heap: number }[]} */
  const held = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  // 50,000 answers are cached at most, which 10,000 checks of 5 ids fill.
  const [warm, last] = [held[4], held[9]];
  assert.ok(warm && last && warm.wasm > 1000, stdout);
  assert.equal(last.wasm, warm.wasm, stdout);
  assert.ok(last.heap - warm.heap < 1000, stdout);
});
