// The README's first screen, done by a reader who has installed the package: the command prints what stands below it,
// the code returns what its comments say, the badge is drawn, and the table costs the requests that it names.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { findResources, PermissionChecker } from "civitai-permissions";
import { currentUser } from "civitai-permissions/server";
import { launchChromium } from "../helpers/browsers.js";
import { esbuild } from "./environments/bundlers.js";
import { startHub } from "./hub.js";
import { projectAndStandIn } from "./project.js";
import { blocks, codes, rows, section } from "./readme.js";

const screen = section();
const [command = "", install = ""] = blocks(screen, "sh").map((code) => code.trim());

const { project, standIn } = await projectAndStandIn();

test("the command prints this table, but for the day", async () => {
  const { baseUrl } = standIn.session("command");
  const [npx = "", ...args] = [...command.split(" "), "--base-url", baseUrl];
  // One of the two is denied: status 1.
  const ran = await promisify(execFile)(npx, args, { cwd: project.folder }).catch((error) => error);
  assert.equal(ran.code, 1, ran.stderr);
  const timeless = (/** @type {string | undefined} */ text = "") =>
    text
      .replace(/in \d+ days? \([^)]*\)/, "in N days (…)")
      .split("\n")
      .map((line) => line.trimEnd())
      .join("\n")
      .trim();
  assert.equal(timeless(ran.stdout), timeless(blocks(screen, "text")[0]));
});

test("the code returns what its comments say", async (context) => {
  assert.equal(install, "npm install civitai-permissions");
  const { baseUrl } = standIn.session("code");
  const real = globalThis.fetch;
  context.mock.method(globalThis, "fetch", (/** @type {URL} */ url, /** @type {RequestInit} */ init) =>
    real(String(url).replace("https://civitai.com", baseUrl), init),
  );
  const [code = ""] = blocks(screen, "js");
  const file = join(project.folder, "readme.mjs");
  await writeFile(
    file,
    code
      .replace("await checkPermissions", "export const verdicts = await checkPermissions")
      .replace("await checker.explain", "export const explained = await checker.explain"),
  );
  const { verdicts, explained } = await import(pathToFileURL(file).href);
  assert.deepEqual({ ...verdicts }, { 2402203: false, 2514310: true });
  const [{ entityId, state, generation, usable, freeTrials, gate }] = explained;
  assert.deepEqual(
    { entityId, state, generation, usable, freeTrials, gate },
    {
      entityId: 2402203,
      state: "denied",
      generation: "trial",
      usable: true,
      freeTrials: 10,
      gate: "earlyAccess",
    },
  );
  assert.match(
    code,
    /\[\{ entityId: 2402203, state: "denied", generation: "trial", usable: true, freeTrials: 10, gate: "earlyAccess", … \}\]/,
  );
});

test("the badge is drawn, as it stands there and with a bundler", async (context) => {
  const [html = ""] = blocks(screen, "html");
  const importing = codes(screen).find((code) => code.startsWith("import ")) ?? "";
  const { baseUrl } = standIn.session("element");
  const element = html.replace("<civitai-lock-badge ", `$&base-url="${baseUrl}" `);
  await writeFile(join(project.folder, "plain.html"), `<!doctype html>${element}`);
  await writeFile(join(project.folder, "bundled-entry.js"), importing);
  await mkdir(join(project.folder, "bundled"));
  await esbuild(join(project.folder, "bundled-entry.js"), join(project.folder, "bundled"));
  const bundled = element.replace(/src="[^"]*"/, 'src="bundled/main.js"');
  await writeFile(join(project.folder, "bundled.html"), `<!doctype html>${bundled}`);

  const [hub, browser] = await Promise.all([startHub(project.folder), launchChromium()]);
  context.after(() => hub.close());
  context.after(() => browser.close());
  const page = await browser.newPage();
  for (const name of ["plain", "bundled"]) {
    await page.goto(`${hub.url}/${name}.html`);
    await page.locator('civitai-lock-badge[state="trial"]').waitFor();
  }
});

test("the table's requests are those that are sent", async () => {
  const sent = async (
    /** @type {string} */ name,
    /** @type {(baseUrl: string) => Promise<unknown>} */ call,
  ) => {
    const { baseUrl, log } = standIn.session(name);
    await call(baseUrl);
    return (await log()).length;
  };
  const checker = (/** @type {string} */ baseUrl) => new PermissionChecker({ baseUrl });
  const crowd = (/** @type {number} */ count) => Array.from({ length: count }, (_, nth) => 3_000_001 + nth);

  /** What each row says, and whether it is so. @type {Record<string, { said: string, holds: () => Promise<void> }>} */
  const claims = {
    check: {
      said: "1 for 200 ids; for a user a few more",
      async holds() {
        assert.equal(await sent("check", (url) => checker(url).check(crowd(200))), 1);
        const few = await sent("user", (url) => checker(url).check(crowd(200), { userId: 4242 }));
        assert.ok(few > 1 && few <= 4, `${few}`);
      },
    },
    streamBatches: {
      said: "the same",
      async holds() {
        const read = async (/** @type {string} */ url) => {
          for await (const batch of checker(url).streamBatches(crowd(200))) assert.ok(batch.length > 0);
        };
        assert.equal(await sent("stream", read), 1);
      },
    },
    // Every fifth of the crowd is denied.
    explain: {
      said: "those of `check`, 1 per 100 and 1 per denied version; with `bulk: true` not the last",
      async holds() {
        assert.equal(await sent("explain", (url) => checker(url).explain(crowd(100))), 1 + 1 + 20);
        assert.equal(await sent("bulk", (url) => checker(url).explain(crowd(100), { bulk: true })), 1 + 1);
      },
    },
    versions: {
      said: "1 per 100 models",
      async holds() {
        const models = Array.from({ length: 100 }, (_, nth) => 300_000 + nth);
        assert.equal(await sent("versions", (url) => checker(url).versions(models)), 1);
      },
    },
    findResources: {
      said: "none",
      async holds() {
        assert.equal(findResources({ model: "civitai:827184@2514310" })[0]?.entityId, 2514310);
      },
    },
    currentUser: {
      said: "1",
      async holds() {
        const asks = (/** @type {string} */ baseUrl) => currentUser({ token: "token-of-12345", baseUrl });
        assert.equal(await sent("me", asks), 1);
      },
    },
  };
  const said = rows(screen, "you have").map(([, , call = "", requests]) => [codes(call)[0], requests]);
  assert.deepEqual(
    said,
    Object.entries(claims).map(([call, { said }]) => [call, said]),
  );
  for (const { holds } of Object.values(claims)) await holds();
});
