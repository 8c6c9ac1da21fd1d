// The element in Vue's and Svelte's templates, checked by their own checkers: the examples pass, what is wrong does not.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { root } from "../helpers/repository.js";
import { installedProject } from "./project.js";

/** @type {Awaited<ReturnType<typeof installedProject>>} */
let project;
before(async () => {
  project = await installedProject();
});
after(() => project.remove());

const tools = join(root, "tests", "package", "matrix", "node_modules");

/** @type {Record<string, { args: string[], settings?: object, right: string, wrong: string }>} */
const checkers = {
  "vue-tsc": {
    args: [join(tools, "vue-tsc", "bin", "vue-tsc.js"), "--noEmit", "--project", "tsconfig.json"],
    // Else it takes any attribute of any element.
    settings: { vueCompilerOptions: { strictTemplates: true } },
    right: "Versions.vue",
    wrong: `<script setup lang="ts">import "civitai-permissions/badge/vue";</script>
<template><civitai-lock-badge :user-id="{ name: 'x' }" /></template>`,
  },
  "svelte-check": {
    args: [
      join(tools, "svelte-check", "bin", "svelte-check"),
      "--tsconfig",
      "tsconfig.json",
      "--output",
      "human",
    ],
    right: "Versions.svelte",
    wrong: `<script lang="ts">import "civitai-permissions/badge/svelte";</script>
<civitai-lock-badge user-id={{ name: "x" }}></civitai-lock-badge>`,
  },
};

for (const [name, { args, settings, right, wrong }] of Object.entries(checkers)) {
  test(`${name}: the example passes, a wrong attribute does not`, { timeout: 120_000 }, async () => {
    const folder = join(project.folder, name);
    await mkdir(folder);
    await cp(join(root, "examples", "badge", right), join(folder, right));
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: options, ...settings }));
    const check = () =>
      promisify(execFile)(process.execPath, args, { cwd: folder }).then(
        ({ stdout }) => ({ passed: true, output: stdout }),
        ({ stdout, stderr }) => ({ passed: false, output: `${stdout}${stderr}` }),
      );
    const passed = await check();
    assert.equal(passed.passed, true, passed.output);
    const wrongFile = right.replace("Versions", "Wrong");
    await writeFile(join(folder, wrongFile), wrong);
    const failed = await check();
    assert.equal(failed.passed, false, failed.output);
    assert.ok(failed.output.includes(wrongFile) && !failed.output.includes(right), failed.output);
    assert.match(failed.output, /name: string/);
  });
}

const options = {
  ...{ strict: true, noEmit: true, module: "esnext", moduleResolution: "bundler", target: "es2022" },
  ...{ types: [], lib: ["es2023", "dom", "dom.iterable", "esnext.disposable"], skipLibCheck: true },
};
