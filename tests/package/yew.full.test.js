// The example of a page in Rust, with Yew: built, and run in Chromium. Its dependencies take a minute to build.

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
before(async () => {
  standIn = await startStandIn();
});
after(() => standIn.close());

test("yew: a page in Rust shows verdicts, and what fails as not known", async (context) => {
  const example = join(root, "examples", "yew");
  const built = join(target, "yew");
  const wasm = "wasm32-unknown-unknown";
  await run("cargo", ["build", "--release", "--locked", "--target", wasm], {
    cwd: example,
    env: { ...env, CARGO_TARGET_DIR: built },
  });
  const site = await mkdtemp(join(tmpdir(), "yew-"));
  context.after(() => rm(site, { recursive: true, force: true }));
  await cp(join(example, "index.html"), join(site, "index.html"));
  await run(join(tools, "wasm-bindgen"), [
    ...["--target", "web", "--no-typescript", "--out-dir", join(site, "pkg")],
    join(built, wasm, "release", "civitai-permissions-yew.wasm"),
  ]);

  const hub = await startHub(site);
  context.after(() => hub.close());
  const browser = await launchChromium();
  context.after(() => browser.close());
  const lines = async (/** @type {string} */ baseUrl) => {
    const page = await browser.newPage();
    await page.goto(`${hub.url}/index.html?api=${baseUrl}`);
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
