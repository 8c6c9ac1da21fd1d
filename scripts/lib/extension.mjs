// Bundles the content script: a browser loads it as one classic script, and it is written as modules.

import { join } from "node:path";
import { root } from "./paths.mjs";

/** Readable, since stores review it; the source map lies beside it and is not packed. */
export async function bundleExtension() {
  // Not a static import: where the npm packages are absent, set-up must still be able to say so.
  const { build } = await import("esbuild");
  await build({
    absWorkingDir: root,
    entryPoints: ["src/extension/content/main.js"],
    outfile: join(root, "pkg", "content.js"),
    bundle: true,
    format: "iife",
    target: ["chrome123", "firefox140"],
    charset: "utf8",
    legalComments: "none",
    sourcemap: true,
    // The badge's languages are imported for what they do.
    ignoreAnnotations: true,
    logLevel: "warning",
  });
}
