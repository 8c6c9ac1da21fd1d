// The workflows of the public host: nothing that moves is trusted, and no job may do more than its part.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../scripts/lib/paths.mjs";

const folder = join(root, ".github", "workflows");
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

for (const name of readdirSync(folder)) {
  const text = readFileSync(join(folder, name), "utf8");
  const lines = text.split("\n");

  test(`${name}: actions are pinned by their hash, and say their version`, () => {
    const used = lines.filter((line) => /^\s*(- )?uses:/.test(line));
    assert.ok(used.length > 0);
    for (const line of used) assert.match(line, /uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test(`${name}: no right is given to all jobs, and every job states its own`, () => {
    assert.match(text, /^permissions: \{\}$/m);
    const jobs =
      text
        .split(/^jobs:$/m)[1]
        ?.split(/^ {2}(?=[\w-]+:$)/m)
        .slice(1) ?? [];
    assert.ok(jobs.length > 0);
    for (const job of jobs) assert.match(job, /^ {4}permissions:$/m, job.split("\n")[0]);
  });

  test(`${name}: nothing is built or installed where there is a token to publish with`, () => {
    const jobs = text.split(/^ {2}(?=[\w-]+:$)/m).filter((job) => /secrets\.|id-token: write/.test(job));
    for (const job of jobs) {
      const commands = [...job.matchAll(/run: (.*)/g)].map(([, command = ""]) => command);
      assert.ok(commands.length > 0);
      for (const command of commands)
        assert.match(
          command,
          /^(sha256sum --check|npm publish .*--ignore-scripts|cargo publish .*--no-verify)/,
        );
    }
    if (name === "release.yml") assert.equal(jobs.length, 2);
  });

  test(`${name}: no expression is pasted into a command, no credential stays in the checkout`, () => {
    for (const line of lines.filter((line) => /run:/.test(line))) assert.doesNotMatch(line, /\$\{\{/);
    const checkouts = text.match(/actions\/checkout@/g) ?? [];
    assert.equal(text.match(/persist-credentials: false/g)?.length, checkouts.length);
  });

  test(`${name}: packages are installed as locked, and none of their scripts runs`, () => {
    for (const [command] of text.matchAll(/npm (ci|install|i)\b.*/g))
      assert.match(command, /^npm ci --ignore-scripts/);
  });

  test(`${name}: its npm commands exist`, () => {
    for (const [, script = ""] of text.matchAll(/npm run ([\w:]+)/g)) assert.ok(script in scripts, script);
  });
}

test("what is published is made by a job that tests nothing, and compared with what was tested", () => {
  const text = readFileSync(join(folder, "release.yml"), "utf8");
  const job = (/** @type {string} */ name) =>
    text.split(/^ {2}(?=[\w-]+:$)/m).find((part) => part.startsWith(`${name}:`)) ?? "";
  assert.match(job("test"), /\.ci\/run[\s\S]*name: tested\n +path: dist\/SHA256SUMS/);
  assert.doesNotMatch(job("make"), /npm test|\.ci\/run/);
  assert.match(job("make"), /diff tested\/SHA256SUMS dist\/SHA256SUMS[\s\S]*name: dist\n +path: dist\n/);
  assert.match(job("npm"), /needs: make[\s\S]*name: dist/);
  assert.match(job("crate"), /needs: make/);
});
