// The pages for people name files, tests and commands that exist.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { root } from "../../scripts/lib/paths.mjs";

const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const pages = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((name) => name && existsSync(join(root, name)) && !name.startsWith("tests/fixtures/"));

for (const page of pages) {
  const text = readFileSync(join(root, page), "utf8");

  test(`${page}: its links lead to files that exist`, () => {
    const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)\s#]+)/g)].map(([, path = ""]) => path);
    const broken = links.filter((path) => !existsSync(join(root, dirname(page), path)));
    assert.deepEqual(broken, []);
  });

  test(`${page}: its paths and npm commands exist`, () => {
    const paths = [...text.matchAll(/`((?:src|tests|scripts|examples|www)\/[\w./-]+)`/g)].map(
      ([, path = ""]) => path,
    );
    assert.deepEqual(
      paths.filter((path) => !existsSync(join(root, path)) && !/^tests\/screenshots/.test(path)),
      [],
    );
    if (page.includes("/") && existsSync(join(root, dirname(page), "package.json"))) return;
    for (const [, name = ""] of text.matchAll(/npm run ([\w:-]+)/g))
      assert.ok(name in scripts || name.startsWith("--"), name);
  });
}

test("SECURITY.md: each test that it quotes is in the file that it names", () => {
  const rows = readFileSync(join(root, "SECURITY.md"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| ") && line.includes("`tests/") === true);
  assert.ok(rows.length > 20);
  for (const row of rows) {
    for (const part of row.split(/;|,(?= `)/)) {
      const file = /`(tests\/[\w./-]+)`/.exec(part)?.[1];
      const quoted = /"([^"…]+)/.exec(part)?.[1]?.trim();
      if (!file || !quoted) continue;
      const text = readFileSync(join(root, file), "utf8");
      assert.ok(text.includes(quoted), `${file} has no test "${quoted}"`);
    }
  }
});
