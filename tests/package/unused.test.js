// An import that is not used costs nothing: the `sideEffects: false` of package.json is true.

import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { esbuild, rollup, vite, webpack } from "./environments/bundlers.js";
import { installedProject } from "./project.js";

/** @type {Awaited<ReturnType<typeof installedProject>>} */
let project;
before(async () => {
  project = await installedProject();
});
after(() => project.remove());

for (const bundler of [esbuild, rollup, vite, webpack]) {
  test(`${bundler.name} leaves an unused import out`, async () => {
    const unused = await bundle(
      "unused",
      'import { checkPermissions } from "civitai-permissions"; console.log(1);',
    );
    assert.ok(unused.length < 100, `${unused.length} characters are left: ${unused.slice(0, 200)}`);
  });

  test(`${bundler.name} keeps a used one`, async () => {
    const used = await bundle("used", 'import { init } from "civitai-permissions"; init();');
    assert.match(used, /WebAssembly/);
  });

  /** @param {string} name @param {string} source */
  async function bundle(name, source) {
    const entry = join(project.folder, `${bundler.name}-${name}.js`);
    const outdir = join(project.folder, `${bundler.name}-${name}`);
    await mkdir(outdir);
    await writeFile(entry, source);
    await bundler(entry, outdir);
    return readFile(join(outdir, "main.js"), "utf8");
  }
}
