// How this repository calls esbuild.

import { root } from "./paths.mjs";

/** Bundles as everything published is bundled; `options` say what differs. @param {import("esbuild").BuildOptions} options */
export async function bundle(options) {
  // Not a static import: set-up must be able to run before the npm packages are installed.
  const { build } = await import("esbuild");
  return build({
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
    ...options,
  });
}
