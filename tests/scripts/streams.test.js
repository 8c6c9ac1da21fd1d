// The wasm taken apart for the published file, and put together again.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import binaryen from "binaryen";
import { root } from "../../scripts/lib/paths.mjs";
import { streamsOf } from "../../scripts/lib/streams.mjs";
import { assemble } from "../../src/js/assemble.js";

test("what is taken apart is put together as it was", () => {
  for (const wasm of [readFileSync(join(root, "pkg", "civitai-permissions.wasm")), binary(UNUSUAL)])
    assert.deepEqual(Buffer.from(assemble(JSON.parse(JSON.stringify(streamsOf(wasm))))), wasm);
});

test("an instruction that is not known is an error, not a guess", () => {
  const simd = binary("(module (func (result v128) (v128.const i64x2 1 2)))");
  assert.throws(() => streamsOf(simd), /0xfd, which .*streams\.mjs does not know/);
  const short = binary("(module (func (drop (i32.const 1))))");
  assert.throws(() => streamsOf(short.subarray(0, -1)), /ends in the middle/);
});

/** @param {string} text */
function binary(text) {
  const module = binaryen.parseText(text);
  module.setFeatures(binaryen.Features.All);
  return Buffer.from(module.emitBinary());
}

/** What the core does not hold today, and numbers at their limits. */
const UNUSUAL = `(module
  (type $none (func))
  (memory 1)
  (table 2 funcref)
  (elem (i32.const 0) $switch)
  (global $sum (mut i64) (i64.const 0))
  (data (i32.const 1048576) "${[...Array(256).keys()].map((byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("")}")
  (func $switch (param i32) (result i32)
    (local $first f32) (local $second f64) (local $third i64)
    (block $a (block $b (br_table $a $b $a (local.get 0))))
    (local.set $first (f32.const 1.5))
    (local.set $second (f64.const -0.1))
    (local.set $third (i64.const -9223372036854775808))
    (global.set $sum (i64.add (local.tee $third (i64.const 55296)) (global.get $sum)))
    (memory.copy (i32.const 0) (i32.const 8) (i32.const 16))
    (i64.store offset=55260 align=1 (i32.const 1114111) (i64.load offset=2147483647 (i32.const 55260)))
    (drop (i32.const -65))
    (drop (i32.const -2147483648))
    (drop (i32.const 2147483647))
    (call_indirect (type $none) (i32.const 1))
    (if (result i32) (ref.is_null (ref.null func))
      (then (select (i32.const 1) (i32.const 2) (memory.size)))
      (else (loop $again (result i32) (br_if $again (local.get 0)) (memory.grow (i32.const 1)))))
  )
  (func $locals ${Array.from({ length: 200 }, (_, place) => `(local $l${place} ${place % 2 ? "i32" : "i64"})`).join("")}
    ${[199, 0, 130, 17, 16, 15, 199].map((place) => `(drop (local.get $l${place}))`).join("")}
  )
)`;
