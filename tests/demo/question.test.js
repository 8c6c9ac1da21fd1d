import assert from "node:assert/strict";
import { test } from "node:test";
import { fromFragment, mostSharedIds, readUserId, toFragment } from "../../www/question.js";

test("a user number is a whole number, or nothing; what was typed is not repeated", () => {
  assert.equal(readUserId("  "), null);
  assert.equal(readUserId(" 12345 "), 12345);
  assert.equal(readUserId("2147483647"), 2147483647);
  for (const text of ["0", "-5", "hidden", "1.5", "1e3", "007", "2147483648", "12 34", "١٢"]) {
    assert.throws(
      () => readUserId(text),
      (/** @type {Error} */ error) => error instanceof RangeError && !error.message.includes("hidden"),
    );
  }
});

test("a question goes round through the fragment", () => {
  assert.equal(toFragment({ versions: [7, 5], models: [] }, null), "#ids=7,5");
  assert.equal(toFragment({ versions: [7], models: [3] }, 9), "#ids=7&models=3&user=9");
  assert.deepEqual(fromFragment("#ids=7,5"), { text: "7\n5", user: "" });
  assert.deepEqual(fromFragment("#ids=7%2C5&models=3&user=9"), {
    text: "7\n5\nhttps://civitai.com/models/3",
    user: "9",
  });
});

test("no fragment for nothing, nor for more than fit", () => {
  const many = Array.from({ length: mostSharedIds }, (_, nth) => nth + 1);
  assert.notEqual(toFragment({ versions: many, models: [] }, null), "");
  assert.equal(toFragment({ versions: many, models: [1] }, null), "");
  assert.equal(toFragment({ versions: [], models: [] }, 9), "");
  for (const fragment of ["", "#", "#ids=", "#user=9", "#%"]) assert.equal(fromFragment(fragment), null);
});
