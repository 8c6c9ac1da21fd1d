// npm run package: the npm package and the extension for both stores, in dist/, the same bytes each time.

import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setUp } from "./lib/install.mjs";
import { extensionFiles } from "./lib/pack-files.mjs";
import { packNpm } from "./lib/pack-npm.mjs";
import { root } from "./lib/paths.mjs";
import { build } from "./lib/pkg.mjs";
import { main } from "./lib/run.mjs";

main(async () => {
  await setUp("build");
  await build();
  const dist = join(root, "dist");
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist);
  await packNpm(dist);
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  // Not a static import: set-up must be able to run before the npm packages are installed.
  const { zip } = await import("./lib/pack-zip.mjs");
  const packed = zip(await extensionFiles());
  // One source for both; each store keeps its own archive.
  for (const browser of ["chrome", "firefox"]) {
    await writeFile(join(dist, `civitai-permissions-${version}-${browser}.zip`), packed);
  }
  console.log(
    `dist/: civitai-permissions-${version}.tgz, -chrome.zip and -firefox.zip (${packed.length} bytes)`,
  );
});
