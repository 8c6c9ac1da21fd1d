// Pages whose Content-Security-Policy governs wasm: the module starts where it may, and elsewhere names what is missing.

import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launchChromium, launchFirefox } from "../helpers/browsers.js";
import { startHub } from "./hub.js";
import { installedProject, modulePath } from "./project.js";

/** The policies, by the folder whose page has them. @type {Record<string, string>} */
const policies = {
  forbidding: "script-src 'self'",
  allowing: "script-src 'self' 'wasm-unsafe-eval'",
};

/** @type {Awaited<ReturnType<typeof installedProject>>} */
let project;
/** @type {Awaited<ReturnType<typeof startHub>>} */
let hub;
before(async () => {
  project = await installedProject();
  hub = await startHub(project.folder, (path) => {
    const policy = policies[path.split("/")[1] ?? ""];
    return policy ? { "Content-Security-Policy": policy } : {};
  });
});
after(async () => {
  hub.close();
  await project.remove();
});

test("Chromium, under two policies", async (context) => {
  const browser = await launchChromium();
  context.after(() => browser.close());
  await check("chromium", async (url) => void (await (await browser.newPage()).goto(url)));
});

test("Firefox, under two policies", async (context) => {
  const browser = await launchFirefox();
  context.after(() => browser.quit());
  await check("firefox", (url) => browser.get(url));
});

/** @param {string} browser @param {(url: string) => Promise<void>} open */
async function check(browser, open) {
  const [forbidden, allowed] = [await shown("forbidding"), await shown("allowing")];
  assert.equal(forbidden.code, "WASM_UNAVAILABLE");
  assert.match(forbidden.message, /script-src needs 'wasm-unsafe-eval'/);
  assert.deepEqual(allowed, { id: 2514310 });

  /** @param {string} folder @returns {Promise<any>} */
  async function shown(folder) {
    const name = `${browser}-${folder}`;
    await mkdir(join(project.folder, folder), { recursive: true });
    await writeFile(
      join(project.folder, folder, `${name}.html`),
      `<!doctype html><script type="module" src="${name}.js"></script>`,
    );
    await writeFile(
      join(project.folder, folder, `${name}.js`),
      `import { parseEntityId } from ".${modulePath}";
let outcome;
try { outcome = { id: parseEntityId("civitai:827184@2514310") }; }
catch ({ code, message }) { outcome = { code, message }; }
fetch(${JSON.stringify(hub.report(name))}, { method: "POST", body: JSON.stringify(outcome) });`,
    );
    await open(`${hub.url}/${folder}/${name}.html`);
    return (await hub.reports(name, 1, 30_000))[0];
  }
}
