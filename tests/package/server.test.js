// civitai-permissions/server of the packed module: it runs on every kind of server, and in a browser it explains why not.

import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launchChromium } from "../helpers/browsers.js";
import { startStandIn } from "../helpers/stand-in.js";
import { esbuild, rollup, vite, webpack } from "./environments/bundlers.js";
import { runIn, startWorker } from "./environments/runtimes.js";
import { startHub } from "./hub.js";
import { installedProject } from "./project.js";

/** @type {Awaited<ReturnType<typeof installedProject>>} */
let project;
/** @type {import("../helpers/stand-in.js").StandIn} */
let standIn;
before(async () => {
  [project, standIn] = await Promise.all([installedProject(), startStandIn()]);
});
after(async () => {
  standIn.close();
  await project.remove();
});

/** A process that is done ends at once, and on a busy machine a little later. */
const MOST_TO_END_MS = 1000;

const TOKEN = "not-a-token-of-anybody";

/** Asks with a wrong token, and makes the error's code the answer. @param {string} baseUrl */
const program = (baseUrl) => `import { isPermissionsError } from "civitai-permissions";
import { currentUser } from "civitai-permissions/server";
export const code = () => currentUser({ token: "${TOKEN}", baseUrl: "${baseUrl}" }).then(
  () => "let in",
  (error) => (isPermissionsError(error) ? error.code : String(error)),
);
`;

for (const runtime of /** @type {const} */ (["node", "deno", "bun"])) {
  test(`${runtime}: a wrong token is UNAUTHORIZED`, async () => {
    const file = join(project.folder, `${runtime}-server.js`);
    await writeFile(file, `${program(standIn.session(runtime).baseUrl)}console.log(await code());`);
    assert.equal((await runIn(runtime, file)).stdout.trim(), "UNAUTHORIZED");
  });

  test(`${runtime}: after the answer the process ends, no timer keeps it`, async () => {
    const file = join(project.folder, `${runtime}-ends.js`);
    await writeFile(
      file,
      `${program(standIn.session(`${runtime}-ends`).baseUrl)}await code();\nconsole.log(Date.now());`,
    );
    const { stdout } = await runIn(runtime, file);
    const took = Date.now() - Number(stdout);
    assert.ok(took < MOST_TO_END_MS, `${took} ms after the answer`);
  });
}

test("workerd: a wrong token is UNAUTHORIZED", async (context) => {
  const file = join(project.folder, "workerd-server.js");
  const answer = "export default { fetch: async () => new Response(await code()) };";
  await writeFile(file, program(standIn.session("workerd").baseUrl) + answer);
  const worker = await startWorker(file, join(project.folder, "workerd-server"));
  context.after(() => worker.dispose());
  assert.equal(await (await worker.dispatch("http://worker.test/")).text(), "UNAUTHORIZED");
});

test("a browser build that imports it fails with the reason, and sends no token", async (context) => {
  const browser = await launchChromium();
  context.after(() => browser.close());
  const hub = await startHub(project.folder);
  context.after(() => hub.close());
  const { baseUrl, log } = standIn.session("browser");
  for (const bundler of [esbuild, rollup, vite, webpack]) {
    const name = `${bundler.name}-server`;
    const outdir = join(project.folder, name);
    await mkdir(outdir);
    await writeFile(join(project.folder, `${name}.js`), `${program(baseUrl)}await code();`);
    await bundler(join(project.folder, `${name}.js`), outdir);
    await writeFile(
      join(outdir, "index.html"),
      '<!doctype html><script type="module" src="main.js"></script>',
    );
    const page = await browser.newPage();
    const failed = page.waitForEvent("pageerror");
    await page.goto(`${hub.url}/${name}/index.html`);
    assert.match((await failed).message, /server is for servers.*ask your own server/is, bundler.name);
  }
  assert.deepEqual(await log(), []);
});
