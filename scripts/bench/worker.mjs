// The bench of an extension's worker in Chromium: ended, then started by a message, up to its first answer.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { launchChromium } from "../lib/launch-browsers.mjs";
import { bundled, checkOf, startRow } from "./sides.mjs";

/** @typedef {import("./sides.mjs").Name} Name */

/** @param {string} baseUrl @param {string} how @returns {Promise<import("./speed.js").Row>} */
export async function workerStart(baseUrl, how) {
  const folder = await mkdtemp(join(tmpdir(), "workers-"));
  const names = /** @type {Name[]} */ (Object.keys(checkOf));
  const folders = await Promise.all(names.map((name) => extension(join(folder, name), name, baseUrl)));
  const context = await launchChromium({ extension: folders.join(",") });
  try {
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    const workers = async (/** @type {Name} */ name) => {
      const { targetInfos } = await cdp.send("Target.getTargets");
      return targetInfos.filter(({ type, url }) => type === "service_worker" && url.endsWith(`/${name}.js`));
    };
    return await startRow(`an extension worker's first answer${how}`, async (name) => {
      const [running] = await until(
        () => workers(name),
        ({ length }) => length > 0,
      );
      await page.goto(new URL("page.html", running?.url).href);
      // A worker that is just starting can miss the first request to close.
      await until(
        async () => {
          const left = await workers(name);
          for (const { targetId } of left) await cdp.send("Target.closeTarget", { targetId });
          return left;
        },
        ({ length }) => length === 0,
      );
      return Number(await page.evaluate("ask()"));
    });
  } finally {
    await context.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** An extension whose worker answers every message by one check. @param {string} folder @param {Name} name @param {string} baseUrl */
async function extension(folder, name, baseUrl) {
  await mkdir(folder);
  const manifest = {
    ...{ manifest_version: 3, name, version: "1", host_permissions: ["http://127.0.0.1/*"] },
    background: { service_worker: `${name}.js`, type: "module" },
    content_security_policy: { extension_pages: "script-src 'self' 'wasm-unsafe-eval'" },
  };
  const worker = await bundled(`${checkOf[name]} const baseUrl = ${JSON.stringify(baseUrl)};
chrome.runtime.onMessage.addListener((message, sender, reply) => {
  check().then(() => reply("answered"), (error) => reply(String(error)));
  return true;
});`);
  const files = {
    "manifest.json": JSON.stringify(manifest),
    [`${name}.js`]: worker,
    "page.html": '<!doctype html><script src="page.js"></script>',
    "page.js": `async function ask() {
  const started = performance.now();
  const said = await chrome.runtime.sendMessage("ask");
  if (said !== "answered") throw new Error(said);
  return performance.now() - started;
}`,
  };
  await Promise.all(Object.entries(files).map(([file, text]) => writeFile(join(folder, file), text)));
  return folder;
}

/**
 * @template T
 * @param {() => Promise<T>} look @param {(seen: T) => boolean} holds @returns {Promise<T>}
 */
async function until(look, holds) {
  for (const end = Date.now() + 15_000; ; await sleep(50)) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > end) throw new Error("an extension's worker neither starts nor ends");
  }
}
