// The workflows of the public host: nothing that moves is trusted, and nobody may do more than his part.

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
        ?.split(/^ {2}(?=\w+:$)/m)
        .slice(1) ?? [];
    assert.ok(jobs.length > 0);
    for (const job of jobs) assert.match(job, /^ {4}permissions:$/m, job.split("\n")[0]);
  });

  test(`${name}: no expression is pasted into a command, no credential stays in the checkout`, () => {
    for (const line of lines.filter((line) => /run:/.test(line))) assert.doesNotMatch(line, /\$\{\{/);
    const checkouts = text.match(/actions\/checkout@/g) ?? [];
    assert.equal(text.match(/persist-credentials: false/g)?.length, checkouts.length);
  });

  test(`${name}: its npm commands exist`, () => {
    for (const [, script = ""] of text.matchAll(/npm run ([\w:]+)/g)) assert.ok(script in scripts, script);
  });
}
