import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { agreement } from "../../../src/extension/content/find/version-list.js";

describe("labels and the names of versions", () => {
  for (const [
    what,
    labels,
    names,
    byIndex,
    expected,
  ] of /** @type {[string, string[], string[], boolean, number[][] | null][]} */ ([
    [
      "the same",
      ["a", "b"],
      ["a", "b"],
      false,
      [
        [0, 0],
        [1, 1],
      ],
    ],
    [
      "an add-on's sign beside a name",
      ["a ★", "b"],
      ["a", "b"],
      false,
      [
        [0, 0],
        [1, 1],
      ],
    ],
    [
      "a version that the list does not hold",
      ["a", "new", "b"],
      ["a", "b"],
      false,
      [
        [0, 0],
        [2, 1],
      ],
    ],
    [
      "a version that the page does not show",
      ["a", "c"],
      ["a", "b", "c"],
      false,
      [
        [0, 0],
        [1, 2],
      ],
    ],
    [
      "one translated",
      ["a", "Waschung"],
      ["a", "Wash"],
      true,
      [
        [0, 0],
        [1, 1],
      ],
    ],
    ["another name, and nothing says that it is translated", ["a", "draft"], ["a", "b"], false, [[0, 0]]],
    ["a longer name that begins alike", ["v1.1"], ["v1"], false, null],
    [
      "two of one name",
      ["a", "a"],
      ["a", "a"],
      true,
      [
        [0, 0],
        [1, 1],
      ],
    ],
    ["two of one name, one of them not listed", ["a", "a"], ["a"], false, null],
    ["two of one name, and one more", ["a", "a", "b"], ["a", "a"], false, null],
    ["another order", ["b", "a"], ["a", "b"], false, null],
    ["other labels", ["x", "y"], ["a", "b"], true, null],
  ])) {
    test(what, () => assert.deepEqual(agreement(labels, names, byIndex), expected));
  }
});
