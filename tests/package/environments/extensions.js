// The background of a browser extension: a module service worker in Chromium, an event page in Firefox.

import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { launchChromium, launchFirefox } from "../../helpers/browsers.js";
import { modulePath, program } from "../project.js";
import { versions } from "./versions.js";

/** @type {import("./index.js").Environment[]} */
export const extensions = [
  {
    name: "Chromium, extension worker",
    version: versions.chromium,
    ofMachine: true,
    how: "`import` of the file",
    async run(place) {
      const browser = await launchChromium({ extension: await extension(place) });
      place.after(() => browser.close());
    },
  },
  {
    name: "Firefox, extension's event page",
    version: versions.firefox,
    ofMachine: true,
    // Its twin above proves that the file runs in a background, and tests/extension that Firefox's compiles the core.
    slow: true,
    how: "`import` of the file",
    async run(place) {
      const browser = await launchFirefox({ extension: await extension(place) });
      place.after(() => browser.quit());
    },
  },
];

/** @param {import("./index.js").Place} place @returns {Promise<string>} the extension's folder */
async function extension(place) {
  const folder = join(place.folder, place.name);
  await mkdir(folder);
  await copyFile(join(place.folder, modulePath), join(folder, "civitai-permissions.js"));
  await copyFile(join(place.folder, "probe.js"), join(folder, "probe.js"));
  await writeFile(join(folder, "background.js"), program(place, "./civitai-permissions.js"));
  await writeFile(join(folder, "manifest.json"), JSON.stringify(manifest));
  return folder;
}

const manifest = {
  manifest_version: 3,
  name: "probe",
  version: "1",
  background: { service_worker: "background.js", scripts: ["background.js"], type: "module" },
  // Without it both browsers refuse to compile in the background.
  content_security_policy: { extension_pages: "script-src 'self' 'wasm-unsafe-eval'; object-src 'self'" },
  host_permissions: ["http://127.0.0.1/*"],
  browser_specific_settings: {
    gecko: { id: "probe@civitai-permissions.test", data_collection_permissions: { required: ["none"] } },
  },
};
