import assert from "node:assert/strict";
import { test } from "node:test";
import { fromFragment, mostSharedIds, readUserId, readVersions, toFragment } from "../../www/question.js";

class Refusal extends Error {
  code = "INVALID_ARGUMENT";
}

/** A reader of plain numbers: the module's own grammar is tested with the module. */
const permissions = /** @type {import("../../www/permissions.js").Permissions} */ (
  /** @type {unknown} */ ({
    parseEntityId(/** @type {string} */ text) {
      if (text === "broken") throw new Error("the module is broken");
      if (!/^\d+$/.test(text))
        throw new Refusal(`entityId is ${JSON.stringify(text.slice(0, 80))}: not: a number`);
      return Number(text);
    },
    isPermissionsError: (/** @type {unknown} */ error) => error instanceof Refusal,
  })
);

test("entries are separated by commas, spaces and lines, in any mixture", () => {
  const { ids, repeats, mistakes } = readVersions(" 3,1\t2 ,, 4\r\n\n5,3\n", permissions);
  assert.deepEqual(ids, [3, 1, 2, 4, 5]);
  assert.equal(repeats, 1);
  assert.deepEqual(mistakes, []);
});

test("a mistake tells its line, its text and its place; the others are still read", () => {
  const text = "1\n\n2, abc 3\nx";
  const { ids, mistakes } = readVersions(text, permissions);
  assert.deepEqual(ids, [1, 2, 3]);
  assert.deepEqual(mistakes, [
    { line: 3, entry: "abc", start: 6, end: 9, reason: "not: a number" },
    { line: 4, entry: "x", start: 12, end: 13, reason: "not: a number" },
  ]);
});

test("a long entry is cut where it is shown, and selected whole", () => {
  const { mistakes } = readVersions(`7 ${"y".repeat(500)}`, permissions);
  assert.equal(mistakes[0]?.entry, `${"y".repeat(80)}…`);
  assert.equal(mistakes[0]?.end, 502);
  assert.match(mistakes[0]?.reason ?? "", /not: a number/);
});

test("a failure that is not about the entry is not blamed on it", () => {
  assert.throws(() => readVersions("1 broken", permissions), /the module is broken/);
});

test("a user id is a whole number, or nothing", () => {
  assert.equal(readUserId("  "), null);
  assert.equal(readUserId(" 12345 "), 12345);
  assert.equal(readUserId("2147483647"), 2147483647);
  for (const text of ["0", "-5", "abc", "1.5", "1e3", "007", "2147483648", "12 34", "١٢"]) {
    assert.throws(() => readUserId(text), {
      name: "RangeError",
      message: new RegExp(`“${text}” is not a user id`),
    });
  }
});

test("a question goes round through the fragment", () => {
  assert.equal(toFragment([7, 5], null), "#ids=7,5");
  assert.equal(toFragment([7, 5], 9), "#ids=7,5&user=9");
  assert.deepEqual(fromFragment("#ids=7,5"), { versions: "7\n5", user: "" });
  assert.deepEqual(fromFragment("#ids=7%2C5&user=9"), { versions: "7\n5", user: "9" });
});

test("no fragment for nothing, nor for more than fit", () => {
  const many = Array.from({ length: mostSharedIds }, (_, nth) => nth + 1);
  assert.notEqual(toFragment(many, null), "");
  assert.equal(toFragment([...many, 9999], null), "");
  assert.equal(toFragment([], 9), "");
  for (const fragment of ["", "#", "#ids=", "#user=9", "#%"]) assert.equal(fromFragment(fragment), null);
});
