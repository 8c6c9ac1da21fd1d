// civitai-permissions/server of the packed module: it runs on every kind of server, and in a browser it explains why not.

import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { launchChromium } from "../helpers/browsers.js";
import { esbuild, rollup, vite, webpack } from "./environments/bundlers.js";
import { runIn, startWorker } from "./environments/runtimes.js";
import { startHub } from "./hub.js";
import { projectAndStandIn } from "./project.js";

const { project, standIn } = await projectAndStandIn();

/** A process that is done ends at once, and on a busy machine a little later. */
const MOST_TO_END_MS = 1000;

const TOKEN = "not-a-token-of-anybody";

/**
 * Asks with a wrong token, and makes the error's code the answer.
 *
 * @param {string} baseUrl
 * @param {object} [options]
 */
const program = (baseUrl, options = {}) => `import { isPermissionsError } from "civitai-permissions";
import { currentUser } from "civitai-permissions/server";
export const code = () => currentUser(${JSON.stringify({ token: TOKEN, baseUrl, ...options })}).then(
  () => "let in",
  (error) => (isPermissionsError(error) ? error.code : String(error)),
);
`;

/** Which the stand-in knows. */
const rightToken = "token-of-12345";

for (const runtime of /** @type {const} */ (["node", "deno", "bun"])) {
  for (const [token, answer] of /** @type {const} */ ([
    [TOKEN, "UNAUTHORIZED"],
    [rightToken, "let in"],
  ])) {
    test(`${runtime}: ${answer}, and then the process ends, no timer keeps it`, async () => {
      const name = `${runtime}-ends-${answer.replace(" ", "-")}`;
      const file = join(project.folder, `${name}.js`);
      const asks = program(standIn.session(name).baseUrl, { token });
      await writeFile(file, `${asks}console.log([await code(), Date.now()].join());`);
      const { stdout } = await runIn(runtime, file);
      const [code, at] = stdout.trim().split(",");
      const took = Date.now() - Number(at);
      assert.equal(code, answer);
      assert.ok(took < MOST_TO_END_MS, `${took} ms after the answer`);
    });
  }

  test(`${runtime}: a \`timeout\` that passes after the answer ends nothing`, async () => {
    const name = `${runtime}-later`;
    const file = join(project.folder, `${name}.js`);
    const asks = program(standIn.session(name).baseUrl, { token: rightToken, timeout: 1000 });
    await writeFile(file, `${asks}console.log(await code());\nsetTimeout(() => console.log("alive"), 1500);`);
    assert.equal((await runIn(runtime, file)).stdout, "let in\nalive\n");
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
