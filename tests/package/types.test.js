// What the tarball holds, and that TypeScript finds its types from everywhere that ECMAScript modules are.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { root } from "../helpers/repository.js";
import { pack } from "./project.js";

const run = promisify(execFile);

/** @param {string} name */
const bin = (name) => join(root, "node_modules", ".bin", name);

/** @type {string} */
let folder;
/** @type {string} */
let tarball;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "packed-"));
  tarball = await pack(folder);
});
after(() => rm(folder, { recursive: true, force: true }));

test("are-the-types-wrong finds nothing", async () => {
  const { stdout } = await run(bin("attw"), [tarball, "--profile", "esm-only", "--format", "json"]);
  const { analysis, problems } = JSON.parse(stdout);
  assert.deepEqual(Object.keys(analysis.entrypoints), [
    ".",
    "./server",
    "./badge",
    "./badge/react",
    "./badge/vue",
    "./badge/svelte",
    "./badge/*.js",
    "./react",
    "./civitai-permissions.wasm",
    "./package.json",
  ]);
  // It lists what `esm-only` leaves out as well: TypeScript of before 2022, and CommonJS types.
  const kinds = ["node16-esm", "bundler"];
  const ours = Object.values(problems ?? {})
    .flat()
    .filter((/** @type {{ resolutionKind: string }} */ { resolutionKind }) => kinds.includes(resolutionKind));
  assert.deepEqual(ours, []);
});

test("publint finds nothing", async () => {
  const { stdout } = await run(bin("publint"), ["run", tarball, "--level", "suggestion", "--strict"]);
  assert.match(stdout, /All good!/);
});

test("the tarball holds what is needed, and nothing else", async () => {
  const { stdout } = await run("tar", ["-tzf", tarball]);
  assert.deepEqual(
    stdout
      .trim()
      .split("\n")
      .map((name) => name.replace(/^package\//, ""))
      .sort(),
    [
      "CHANGELOG.md",
      "LICENSE-APACHE",
      "LICENSE-MIT",
      "LICENSE-THIRD-PARTY",
      "README.md",
      "package.json",
      "pkg/badge.js",
      "pkg/badge.js.map",
      ...["de", "es", "ja", "ru", "zh-CN"].flatMap((name) => [
        `pkg/badge/${name}.js`,
        `pkg/badge/${name}.js.map`,
      ]),
      "pkg/cli/main.js",
      "pkg/cli/main.js.map",
      "pkg/civitai-permissions.js",
      "pkg/civitai-permissions.wasm",
      "pkg/civitai-permissions.workerd.js",
      ...["badge", "language", "react", "svelte", "vue"].map((name) => `src/badge/types/${name}.d.ts`),
      "src/js/errors.js",
      "src/js/index.d.ts",
      "src/js/largest-id.js",
      "src/js/server-in-browser.js",
      "src/js/server.d.ts",
      "src/js/server.js",
      "src/js/types.d.ts",
      "src/js/wasm.d.ts",
      "src/react/frames.js",
      "src/react/index.d.ts",
      "src/react/index.js",
    ].sort(),
  );
});
