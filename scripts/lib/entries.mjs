// Bundles what stands on the module: the element, a file for each of its
// languages, the command, and what the demo page reads pictures with.

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { bundle } from "./bundle.mjs";
import { root } from "./paths.mjs";

const words = join(root, "src", "badge", "words");

export async function bundleEntries() {
  await bundle({
    entryPoints: ["src/badge/element.js"],
    outfile: join(root, "pkg", "badge.js"),
    plugins: [moduleAt("./civitai-permissions.js")],
  });
  await bundle({
    platform: "node",
    target: "node20",
    entryPoints: ["src/cli/main.js"],
    outfile: join(root, "pkg", "cli", "main.js"),
    plugins: [moduleAt("../civitai-permissions.js")],
  });
  await bundle({
    platform: "browser",
    entryPoints: ["www/image.js"],
    outfile: join(root, "pkg", "www", "image.js"),
    sourcemap: false,
    legalComments: "inline",
  });
  for (const file of await readdir(words)) {
    if (file === "en.js" || file === "all.js") continue;
    const [language] = file.replace(/\.js$/, "").split("-");
    await bundle({
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
