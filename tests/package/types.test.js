// What the tarball holds, and that TypeScript finds its types from everywhere that ECMAScript modules are.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { homedir, tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { root } from "../helpers/repository.js";
import { tarball as packed } from "./project.js";

const run = promisify(execFile);

/** @param {string} name */
const bin = (name) => join(root, "node_modules", ".bin", name);

/** @type {string} */
let folder;
/** @type {string} */
let tarball;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "packed-"));
  tarball = await packed(folder);
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
      "pkg/civitai-permissions.js.map",
      "pkg/civitai-permissions.wasm",
      "pkg/civitai-permissions.workerd.js",
      "pkg/civitai-permissions.workerd.js.map",
      ...["badge", "language", "react", "svelte", "vue"].map((name) => `src/badge/types/${name}.d.ts`),
      "src/js/errors.js",
      "src/js/index.d.ts",
      "src/js/largest-id.js",
      "src/js/plain-options.js",
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

test("every bundled file has its source map, which names our sources and no folder of this machine", async () => {
  const { stdout } = await run("tar", ["-tzf", tarball]);
  const maps = stdout.split("\n").filter((name) => name.endsWith(".js.map"));
  const bundled = stdout.split("\n").filter((name) => /^package\/pkg\/.*\.js$/.test(name));
  assert.deepEqual(
    maps,
    bundled.map((name) => `${name}.map`),
  );
  const unpacked = await mkdtemp(join(folder, "unpacked-"));
  await run("tar", ["-xzf", tarball, "-C", unpacked]);
  for (const file of bundled) {
    const text = await readFile(join(unpacked, file), "utf8");
    assert.ok(text.trimEnd().endsWith(`\n//# sourceMappingURL=${basename(file)}.map`), file);
    const map = await readFile(join(unpacked, `${file}.map`), "utf8");
    assert.ok(!map.includes(root) && !map.includes(homedir()), file);
    const { sources, sourcesContent } = JSON.parse(map);
    for (const [index, source] of sources.entries()) {
      if (source === "<stdin>") continue;
      const path = relative(join(unpacked, "package"), join(unpacked, dirname(file), source));
      assert.ok(existsSync(join(root, path)), `${file}: ${source}`);
      // The wasm as text is nothing to read.
      assert.equal(sourcesContent[index] === null, path === "pkg/raw/bytes.js", source);
    }
    assert.ok(map.length < 250_000, `${file}.map has ${map.length} characters`);
  }
});

/** Every entry whose types need nothing else; the element's need the DOM library. */
const uses = `import { checkPermissions, init, isPermissionsError, PermissionChecker, type Verdict } from "civitai-permissions";
import { currentUser } from "civitai-permissions/server";
import wasm from "civitai-permissions/civitai-permissions.wasm";

export async function use(): Promise<boolean | undefined> {
  await init(wasm);
  const { id }: { id: number } = await currentUser({ token: "x" });
  const checker = new PermissionChecker({ timeout: 5, fetch: async () => ({ status: 204 }) });
  for await (const verdict of checker.stream([2514310n], { userId: id, signal: null })) state(verdict);
  checker[Symbol.dispose]();
  // @ts-expect-error the types are there: a lone string is not a list
  await checkPermissions("2514310");
  return (await checkPermissions([2514310]))[2514310];
}
const state = (verdict: Verdict): string => (verdict.state === "unknown" ? verdict.error.code : verdict.state);
export const codeOf = (error: unknown): string => (isPermissionsError(error) ? error.code : "other");
`;

const element = `import type { LockBadge } from "civitai-permissions/badge";
import "civitai-permissions/badge/de.js";
export const stateOf = (badge: LockBadge): string => badge.state;
`;

/** A compiler from before 2025, which still has `--moduleResolution node10`; are-the-types-wrong brings it. */
function olderCompiler() {
  const require = createRequire(import.meta.url);
  const core = createRequire(require.resolve("@arethetypeswrong/cli/package.json")).resolve(
    "@arethetypeswrong/core",
  );
  return join(dirname(createRequire(core).resolve("typescript")), "tsc.js");
}

/** @type {{ name: string, options: object, older?: boolean, type?: "commonjs" }[]} */
const resolutions = [
  { name: "node16", options: { module: "node16" } },
  { name: "nodenext", options: { module: "nodenext" } },
  { name: "nodenext, in CommonJS", options: { module: "nodenext" }, type: "commonjs" },
  { name: "bundler", options: { module: "esnext", moduleResolution: "bundler" } },
  { name: "node10, older compiler", options: { module: "esnext", moduleResolution: "node10" }, older: true },
  {
    name: "node10, older compiler, to CommonJS",
    options: { module: "commonjs", moduleResolution: "node10" },
    older: true,
    type: "commonjs",
  },
];
test("types in CommonJS: node16 reports TS1479, as the README says", async () => {
  const project = await installed("commonjs");
  await writeFile(join(project, "uses.ts"), uses);
  assert.match(await compiled(project, { module: "node16", lib: ["es2022"] }), /TS1479/);
});

/** A project with the tarball in it. @param {"module" | "commonjs"} type */
async function installed(type) {
  const project = await mkdtemp(join(folder, "project-"));
  const place = join(project, "node_modules", "civitai-permissions");
  await mkdir(place, { recursive: true });
  await run("tar", ["-xzf", tarball, "-C", place, "--strip-components", "1"]);
  await writeFile(join(project, "package.json"), JSON.stringify({ type }));
  return project;
}

/**
 * What the compiler says of it.
 *
 * @param {string} project
 * @param {object} options
 * @param {string | null} [compiler] another one than ours
 */
async function compiled(project, options, compiler) {
  const compilerOptions = {
    ...{ noEmit: true, strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false },
    ...{ target: "es2022", types: [], ...options },
  };
  await writeFile(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["uses.ts"] }));
  const [program = "", ...args] = compiler ? [process.execPath, compiler] : [bin("tsc")];
  const { stdout } = await run(program, [...args, "-p", project]).catch((error) => error);
  return stdout;
}

for (const { name, options, older, type = "module" } of resolutions) {
  for (const dom of [true, false]) {
    test(`types resolve: ${name}, ${dom ? "with" : "without"} the DOM library`, async () => {
      const project = await installed(type);
      await writeFile(join(project, "uses.ts"), dom ? uses + element : uses);
      const said = await compiled(
        project,
        { ...options, lib: dom ? ["es2022", "dom"] : ["es2022"] },
        older ? olderCompiler() : null,
      );
      assert.equal(said, "");
    });
  }
}
