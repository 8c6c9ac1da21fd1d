// The front ends in which the element's examples are built: for a browser, and rendered on a server before.

import { readFile } from "node:fs/promises";
import { tool } from "./matrix/tool.js";

/**
 * @typedef {object} Frontend
 * @property {string} file the example
 * @property {string} onServer a program that exports `html`, rendered from `props`
 * @property {string} inBrowser a program that hydrates it, from the global `props`
 */

/** @type {Record<string, Frontend>} */
export const frontends = {
  react: {
    file: "Versions.tsx",
    onServer: `import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { Versions } from "./Versions.tsx";
export const html = renderToString(createElement(Versions, globalThis.props));`,
    inBrowser: `import { createElement } from "react";
import { hydrateRoot } from "react-dom/client";
import { Versions } from "./Versions.tsx";
hydrateRoot(document.getElementById("app"), createElement(Versions, globalThis.props), {
  onRecoverableError: (error) => console.error(error),
});`,
  },
  vue: {
    file: "Versions.vue",
    onServer: `import { createSSRApp } from "vue";
import { renderToString } from "vue/server-renderer";
import Versions from "./Versions.vue";
export const html = await renderToString(createSSRApp(Versions, globalThis.props));`,
    inBrowser: `import { createSSRApp } from "vue";
import Versions from "./Versions.vue";
createSSRApp(Versions, globalThis.props).mount("#app");`,
  },
  svelte: {
    file: "Versions.svelte",
    onServer: `import { render } from "svelte/server";
import Versions from "./Versions.svelte";
export const html = render(Versions, { props: globalThis.props }).body;`,
    inBrowser: `import { hydrate } from "svelte";
import Versions from "./Versions.svelte";
hydrate(Versions, { target: document.getElementById("app"), props: globalThis.props });`,
  },
};

/**
 * Builds a program for a browser or for Node.js, in development mode, where the front ends complain.
 *
 * @param {string} folder
 * @param {string} contents
 * @param {"browser" | "node"} platform
 * @param {string} outfile
 */
export async function bundle(folder, contents, platform, outfile) {
  const { build } = await tool("esbuild");
  await build({
    stdin: { contents, resolveDir: folder, loader: "js" },
    outfile,
    ...{ bundle: true, format: "esm", platform, target: "es2022", jsx: "automatic", logLevel: "error" },
    // Node has these; esbuild's conditions for it are those of CommonJS.
    ...(platform === "node" && {
      external: ["react", "react-dom", "vue", "svelte"].flatMap((name) => [name, `${name}/*`]),
    }),
    conditions: [platform === "browser" ? "browser" : "node", "development"],
    define: {
      "process.env.NODE_ENV": '"development"',
      __VUE_OPTIONS_API__: "true",
      __VUE_PROD_DEVTOOLS__: "false",
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "true",
    },
    plugins: [vue(platform), svelte(platform)],
  });
}

/** @param {"browser" | "node"} platform @returns {import("esbuild").Plugin} */
const vue = (platform) => ({
  name: "vue",
  setup({ onLoad }) {
    onLoad({ filter: /\.vue$/ }, async ({ path }) => {
      const { parse, compileScript } = await tool("vue/compiler-sfc");
      // As a reader would set it, once: `compilerOptions.isCustomElement`.
      const compilerOptions = { isCustomElement: (/** @type {string} */ tag) => tag.includes("-") };
      const source = await readFile(path, "utf8");
      const { descriptor } = parse(source, { filename: path, templateParseOptions: compilerOptions });
      const { content } = compileScript(descriptor, {
        id: "example",
        inlineTemplate: true,
        templateOptions: {
          ssr: platform === "node",
          ssrCssVars: [],
          compilerOptions,
        },
      });
      return { contents: content, loader: "ts" };
    });
  },
});

/** @param {"browser" | "node"} platform @returns {import("esbuild").Plugin} */
const svelte = (platform) => ({
  name: "svelte",
  setup({ onLoad }) {
    onLoad({ filter: /\.svelte$/ }, async ({ path }) => {
      const { compile } = await tool("svelte/compiler");
      const source = await readFile(path, "utf8");
      const { js } = compile(source, {
        generate: platform === "node" ? "server" : "client",
        dev: platform === "browser",
        filename: path,
      });
      return { contents: js.code, loader: "js" };
    });
  },
});

/** The page that holds what a server rendered. @param {string} html @param {object} props */
export const shell = (html, props) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Badges</title></head>
<body><div id="app">${html}</div>
<script>globalThis.props = ${JSON.stringify(props)}; globalThis.complaints = [];
for (const kind of ["error", "warn"]) console[kind] = (...said) => complaints.push(said.join(" "));
addEventListener("error", ({ message }) => complaints.push(message));</script>
<script type="module" src="main.js"></script></body></html>`;
