// What no source of ours may do: make markup or code of text, or reach for what a page must not have.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../helpers/repository.js";

const sources = ["src", "www"]
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
  )
  .filter((name) => /\.(js|html)$/.test(name))
  .map((name) => ({ name, text: readFileSync(join(root, name), "utf8") }));

test("there are sources to look at", () => assert.ok(sources.length > 30));

/** @type {[string, RegExp, RegExp?][]} what, the pattern, and what is allowed */
const rules = [
  ["code made of text", /\beval\(|new Function\(|set(?:Timeout|Interval)\(\s*["'`]/],
  [
    // A template without a value in it is markup that we wrote, not text of somebody's.
    "markup made of text",
    /\.(?:inner|outer)HTML\s*\+?=(?!\s*`[^`$]*`)|insertAdjacentHTML|document\.write|createContextualFragment/,
  ],
  ["a message from anywhere", /onMessageExternal|onConnectExternal|addEventListener\(\s*"message"/],
  ["cookies and pages' storage", /document\.cookie|localStorage|indexedDB/, /^www\//],
];

for (const [what, pattern, allowed] of rules) {
  test(`no source has ${what}`, () => {
    const found = sources
      .filter(({ name }) => !allowed?.test(name))
      .flatMap(({ name, text }) => {
        const match = pattern.exec(text);
        return match ? [`${name}: ${match[0]}`] : [];
      });
    assert.deepEqual(found, []);
  });
}

test("the manifest lets no page and no other extension in", () => {
  const manifest = JSON.parse(readFileSync(join(root, "manifest.json"), "utf8"));
  assert.equal(manifest.externally_connectable, undefined);
  assert.equal(manifest.web_accessible_resources, undefined);
  const policy = manifest.content_security_policy?.extension_pages ?? "";
  assert.doesNotMatch(policy, /'unsafe-(inline|eval)'|https?:|\*/);
});
