// Bundles the content script: a browser loads it as one classic script, and it is written as modules.

import { join } from "node:path";
import { bundle } from "./bundle.mjs";
import { root } from "./paths.mjs";

/** Readable, since stores review it; the source map lies beside it and is not packed. */
export async function bundleExtension() {
  await bundle({
    entryPoints: ["src/extension/content/main.js"],
    outfile: join(root, "pkg", "content.js"),
    format: "iife",
    platform: "browser",
    minify: false,
    target: ["chrome123", "firefox140"],
    // The badge's languages are imported for what they do.
    ignoreAnnotations: true,
  });
}
