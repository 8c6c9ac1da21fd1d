// `npm start` as a stranger sees it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../scripts/lib/paths.mjs";

test("npm start -- --once prints the verdicts and ends well", async () => {
  const { code, output } = await startScript(["--once"]);
  assert.equal(code, 0, output);
  assert.match(output, /^2514310 +open +granted +granted$/m);
  assert.match(output, /^2402203 +early access +denied +denied$/m);
  assert.match(output, /^900201 +bought by 12345 +denied +granted$/m);
});

test("npm start serves the page, and a signal ends all of it", async () => {
  const { code, page } = await startScript([], { PORT: "0" }, async (child, url) => {
    const reply = await fetch(url);
    child.kill("SIGINT");
    return { status: reply.status, url };
  });
  assert.equal(page?.status, 200);
  assert.equal(code, 130);
  await assert.rejects(fetch(page.url), "the server has ended, too");
});

test("a taken port is named, with what to do", async (t) => {
  const taken = createServer().listen(0, "127.0.0.1");
  t.after(() => taken.close());
  await new Promise((resolve) => taken.on("listening", resolve));
  const { port } = /** @type {import("node:net").AddressInfo} */ (taken.address());
  const { code, output } = await startScript([], { PORT: String(port) });
  assert.equal(code, 1);
  assert.match(output, new RegExp(`port ${port} is taken.*PORT=`));
});

/**
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @param {(child: import("node:child_process").ChildProcess, url: string) => Promise<{ status: number, url: string }>} [visit]
 *   called with the page's address
 */
async function startScript(args, env = {}, visit) {
  const child = spawn(process.execPath, [join(root, "scripts", "start.mjs"), ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  /** @type {Promise<{ status: number, url: string }> | undefined} */
  let visiting;
  const hear = (/** @type {string} */ text) => {
    output += text;
    const url = /The demo page: (\S+)\n/.exec(output)?.[1];
    if (visit && url) visiting ??= visit(child, url);
  };
  child.stdout.setEncoding("utf8").on("data", hear);
  child.stderr.setEncoding("utf8").on("data", hear);
  const code = await new Promise((resolve) => child.on("close", resolve));
  return { code, output, page: await visiting };
}
