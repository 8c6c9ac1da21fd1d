// The examples of pages in Rust, with Yew and with Leptos: built, and run in Chromium. Their dependencies take minutes
// to build.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { launchChromium } from "../helpers/browsers.js";
import { env, root, target, tools } from "../helpers/repository.js";
import { startStandIn } from "../helpers/stand-in.js";
import { startHub } from "./hub.js";

const run = promisify(execFile);

/** @type {import("../helpers/stand-in.js").StandIn} */
let standIn;
/** @type {Awaited<ReturnType<typeof launchChromium>>} */
let browser;
before(async () => {
  [standIn, browser] = await Promise.all([startStandIn(), launchChromium()]);
});
after(async () => {
  await browser.close();
  standIn.close();
});

test("yew: a page in Rust shows verdicts, and what fails as not known", {
  timeout: 600_000,
}, async (context) => {
  const site = await built("yew", context);
  const lines = async (/** @type {string} */ baseUrl) => {
    const page = await site.open(baseUrl);
    await page.getByRole("button", { name: "Check" }).click();
    await page.getByRole("listitem").first().waitFor();
    return page.getByRole("listitem").allTextContents();
  };
  assert.deepEqual(await lines(standIn.session("yew").baseUrl), ["2402203: gated", "2514310: granted"]);
  const broken = standIn.session("yew-broken");
  await broken.faults({ status: 400 });
  const [first, second, why] = await lines(broken.baseUrl);
  assert.deepEqual([first, second], ["2402203: not known", "2514310: not known"]);
  assert.match(why ?? "", /400/);
});

test("leptos: one checker for the app shows what is usable, and why", {
  timeout: 600_000,
}, async (context) => {
  const site = await built("leptos", context);
  const lines = async (/** @type {string} */ baseUrl) => {
    const page = await site.open(baseUrl);
    await page.getByRole("listitem").first().waitFor();
    return page.getByRole("listitem").allTextContents();
  };
  const [denied, open] = await lines(standIn.session("leptos").baseUrl);
  assert.match(denied ?? "", /^2402203: (yes \((free|trial)\)|no \(locked\))$/);
  assert.equal(open, "2514310: yes (open)");
  const broken = standIn.session("leptos-broken");
  await broken.faults({ status: 400 });
  assert.deepEqual(await lines(broken.baseUrl), [
    "2402203: not known (unknown)",
    "2514310: not known (unknown)",
  ]);
});

/**
 * Builds an example and serves it.
 * @param {string} name
 * @param {import("node:test").TestContext} context
 */
async function built(name, context) {
  const example = join(root, "examples", name);
  const folder = join(target, name);
  const wasm = "wasm32-unknown-unknown";
  await run("cargo", ["build", "--release", "--locked", "--target", wasm], {
    cwd: example,
    env: { ...env, CARGO_TARGET_DIR: folder },
    maxBuffer: 2 ** 26,
  });
  const site = await mkdtemp(join(tmpdir(), `${name}-`));
  context.after(() => rm(site, { recursive: true, force: true }));
  await cp(join(example, "index.html"), join(site, "index.html"));
  await run(join(tools, "wasm-bindgen"), [
    ...["--target", "web", "--no-typescript", "--out-dir", join(site, "pkg")],
    join(folder, wasm, "release", `civitai-permissions-${name}.wasm`),
  ]);
  const hub = await startHub(site);
  context.after(() => hub.close());
  return {
    /** @param {string} baseUrl */
    async open(baseUrl) {
      const page = await browser.newPage();
      await page.goto(`${hub.url}/index.html?api=${baseUrl}`);
      return page;
    },
  };
}
