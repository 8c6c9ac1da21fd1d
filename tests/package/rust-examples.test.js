// The examples in Rust: the page in Yew, built and run in Chromium, and the native driver.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { oldestRustc } from "../../scripts/lib/oldest-rust.mjs";
import { env, root, target, tools } from "../../scripts/lib/paths.mjs";
import { pinned } from "../../scripts/lib/versions.mjs";
import { launchChromium } from "../helpers/browsers.js";
import { startStandIn } from "../helpers/stand-in.js";
import { startHub } from "./hub.js";

const run = promisify(execFile);

/** @type {import("../helpers/stand-in.js").StandIn} */
let standIn;
before(async () => {
  standIn = await startStandIn();
});
after(() => standIn.close());

test("native: verdicts, and what fails is unknown", async () => {
  const { baseUrl, faults } = standIn.session("native");
  const native = async () => {
    const ids = ["2514310", "civitai:827184@2402203"];
    const args = ["run", "--quiet", "--locked", "--example", "native", "--", baseUrl, ...ids];
    return (await run("cargo", args, { cwd: root, env })).stdout;
  };
  assert.equal(await native(), "2402203: denied\n2514310: granted\n");
  await faults({ status: 451 });
  assert.match(await native(), /^2402203: unknown, .*region.*\n2514310: unknown, .*\n$/);
});

test("native: the same with the oldest Rust that Cargo.toml promises", async (context) => {
  const project = await mkdtemp(join(tmpdir(), "oldest-"));
  context.after(() => rm(project, { recursive: true, force: true }));
  // A project of its own: what the repository's tests depend on may ask for a newer one.
  const { oldestRust } = pinned();
  const manifest = `package = { name = "oldest", edition = "2024", rust-version = "${oldestRust}" }
dependencies.civitai-permissions = { path = ${JSON.stringify(root)}, default-features = false }
`;
  await writeFile(join(project, "Cargo.toml"), manifest);
  await cp(join(root, "examples", "native.rs"), join(project, "src", "main.rs"));
  const { baseUrl } = standIn.session("oldest");
  const manifestPath = ["--manifest-path", join(project, "Cargo.toml")];
  const { stdout } = await run("cargo", ["run", "--quiet", ...manifestPath, "--", baseUrl, "2514310"], {
    cwd: root,
    env: { ...env, RUSTC: oldestRustc(), CARGO_TARGET_DIR: join(target, "oldest") },
  });
  assert.equal(stdout, "2514310: granted\n");
  const { stdout: version } = await run(oldestRustc(), ["--version"]);
  assert.match(version, new RegExp(`^rustc ${oldestRust.replace(".", "\\.")}\\.\\d+ `));
});

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
