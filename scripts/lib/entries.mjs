// Bundles what stands on the module: the element, a file for each of its
// languages, the command, and what the demo page reads pictures with.

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./paths.mjs";

const words = join(root, "src", "badge", "words");

export async function bundleEntries() {
  // Not a static import: where the npm packages are absent, set-up must still be able to say so.
  const { build } = await import("esbuild");
  /** @type {import("esbuild").BuildOptions} */
  const options = {
    absWorkingDir: root,
    bundle: true,
    format: "esm",
    target: "es2022",
    platform: "neutral",
    minify: true,
    charset: "utf8",
    legalComments: "none",
    sourcemap: true,
    logLevel: "warning",
  };
  await build({
    ...options,
    entryPoints: ["src/badge/element.js"],
    outfile: join(root, "pkg", "badge.js"),
    plugins: [moduleAt("./civitai-permissions.js")],
  });
  await build({
    ...options,
    platform: "node",
    target: "node20",
    entryPoints: ["src/cli/main.js"],
    outfile: join(root, "pkg", "cli", "main.js"),
    plugins: [moduleAt("../civitai-permissions.js")],
  });
  await build({
    ...options,
    platform: "browser",
    entryPoints: ["www/image.js"],
    outfile: join(root, "pkg", "www", "image.js"),
    sourcemap: false,
    legalComments: "inline",
  });
  for (const file of await readdir(words)) {
    if (file === "en.js" || file === "all.js") continue;
    const [language] = file.replace(/\.js$/, "").split("-");
    await build({
      ...options,
      stdin: {
        contents: `import { addLanguage } from "../badge.js";
import * as words from "./${file}";
addLanguage("${language}", Object.values(words)[0]);`,
        resolveDir: words,
      },
      outfile: join(root, "pkg", "badge", file),
      external: ["../badge.js"],
    });
  }
}

/** The module stays a file of its own, loaded at first use. @param {string} path @returns {import("esbuild").Plugin} */
const moduleAt = (path) => ({
  name: "module-beside",
  setup({ onResolve }) {
    onResolve({ filter: /\/civitai-permissions\.js$/ }, () => ({ path, external: true }));
  },
});
