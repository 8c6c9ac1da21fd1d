// Browsers without any tool: a static server, and the package's file as it is.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { modulePath, program } from "../project.js";
import { versions } from "./versions.js";

/** @typedef {import("./index.js").Place} Place */

/** @type {import("./index.js").Environment[]} */
export const pages = [
  ...both("page", '`<script type="module">`, import map', page),
  ...both("web worker", '`new Worker(…, { type: "module" })`', (place) =>
    starts(place, `new Worker("../${place.name}.js", { type: "module" })`),
  ),
  {
    name: "Chromium, service worker",
    version: versions.chromium,
    ofMachine: true,
    how: '`register(…, { type: "module" })`',
    run: async (place) =>
      place.chromium(
        await starts(place, `navigator.serviceWorker.register("../${place.name}.js", { type: "module" })`),
      ),
  },
];

/**
 * @param {string} what
 * @param {string} how
 * @param {(place: Place) => Promise<string>} make writes the page and returns its address
 * @returns {import("./index.js").Environment[]}
 */
function both(what, how, make) {
  return [
    {
      name: `Chromium, ${what}`,
      version: versions.chromium,
      ofMachine: true,
      how,
      run: async (place) => place.chromium(await make(place)),
    },
    {
      name: `Firefox, ${what}`,
      version: versions.firefox,
      ofMachine: true,
      how,
      run: async (place) => place.firefox(await make(place)),
    },
  ];
}

/** A page that names the package. @param {Place} place */
async function page(place) {
  await writeFile(join(place.folder, `${place.name}.js`), program(place));
  const map = JSON.stringify({ imports: { "civitai-permissions": `.${modulePath}` } });
  return html(
    place,
    `<script type="importmap">${map}</script><script type="module" src="../${place.name}.js"></script>`,
  );
}

/** A page that starts a worker, which names a file: import maps do not reach into workers. @param {Place} place @param {string} start */
async function starts(place, start) {
  await writeFile(join(place.folder, `${place.name}.js`), program(place, modulePath));
  return html(place, `<script type="module">${start}</script>`);
}

/** @param {Place} place @param {string} body */
async function html({ folder, name, hub }, body) {
  await mkdir(join(folder, name));
  await writeFile(join(folder, name, "index.html"), `<!doctype html>${body}`);
  return `${hub}/${name}/index.html`;
}
