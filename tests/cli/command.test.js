// The command against the stand-in, as a shell runs it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, describe, test } from "node:test";
import { root } from "../helpers/repository.js";
import { startStandIn } from "../helpers/stand-in.js";

/** @type {import("../helpers/stand-in.js").StandIn} */
let standIn;
/** @type {string} */
let folder;
before(async () => {
  standIn = await startStandIn();
  folder = await mkdtemp(join(tmpdir(), "command-"));
});
after(async () => {
  standIn?.close();
  await rm(folder, { recursive: true, force: true });
});

/**
 * @param {string[]} args
 * @param {{ input?: string | Buffer, env?: Record<string, string> }} [options]
 */
async function command(args, { input = "", env = {} } = {}) {
  const child = spawn(process.execPath, [join(root, "pkg", "cli", "main.js"), ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
  });
  child.stdin.end(input);
  const ended = new Promise((resolve) => child.on("close", resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { out, err, status: await ended };
}

/** The cells of the table's rows, without its head. @param {string} out */
const rows = (out) => {
  const [table = ""] = out.split("\n\n");
  return table
    .split("\n")
    .slice(1)
    .map((line) => line.split(/ {2,}/));
};

test("a reader that reads nothing changes no verdict", async () => {
  const { baseUrl } = standIn.session("broken-pipe");
  const args = [join(root, "pkg", "cli", "main.js"), "2402203", "--base-url", baseUrl];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
  child.stdout.destroy();
  assert.deepEqual(await once(child, "close"), [1, null]);
});

describe("the table", () => {
  test("the two ids of Civitai's documentation, with names, reasons and dates", async () => {
    const { baseUrl } = standIn.session("docs");
    const { out, err, status } = await command(["2514310", "2402203", "--base-url", baseUrl]);
    assert.deepEqual([status, err], [1, ""]);
    const [open, early] = rows(out);
    assert.deepEqual(open, ["2514310", "827184", "WAI-illustrious-SDXL · v16.0", "Yes", "No lock"]);
    assert.deepEqual(early?.slice(0, 5), [
      ...["2402203", "827184", "WAI-illustrious-SDXL · v15.0", "Yes, 10 free tries", "Early access"],
    ]);
    assert.match(early?.[5] ?? "", /^in \d+ (days|hours) \(\d+ \w{3} 20\d\d, \d\d:\d\d\)$/);
    assert.match(out, /\n\n2 of 2 usable now\.|\n\nAll 2 usable now\.\n$/);
  });

  test("a model stands for all its versions, in the order in which things were named", async () => {
    const { baseUrl } = standIn.session("model");
    const model = "https://civitai.com/models/827184/wai-illustrious-sdxl";
    const { out } = await command(["900105", model, "900105", "--base-url", baseUrl]);
    assert.deepEqual(
      rows(out).map(([version]) => version),
      ["900105", "2514310", "2402203", "2167369"],
    );
  });

  test("for a user: what they own or bought is unlocked, by number or by token", async () => {
    const { baseUrl, log } = standIn.session("user");
    const asked = ["900201", "900202", "--base-url", baseUrl];
    const byNumber = await command([...asked, "--user", "12345"]);
    assert.deepEqual(
      [byNumber.status, rows(byNumber.out).map((row) => row[3])],
      [0, ["Yes, unlocked", "Yes, unlocked"]],
    );
    const byToken = await command([...asked, "--token-env", "MY_TOKEN"], {
      env: { MY_TOKEN: "token-of-12345\n" },
    });
    assert.deepEqual([byToken.status, byToken.out], [0, byNumber.out]);
    const authorised = (await log()).filter(({ authorization }) => authorization);
    assert.deepEqual(
      authorised.map(({ target }) => target),
      ["/api/v1/me"],
      "the token goes nowhere else",
    );
  });

  test("yes or no only costs one request", async () => {
    const { baseUrl, log } = standIn.session("no-explain");
    const { out, status } = await command(["2514310", "2402203", "--no-explain", "--base-url", baseUrl]);
    assert.equal(status, 1);
    assert.deepEqual(
      rows(out).map((row) => row.filter(Boolean).slice(0, 2)),
      [
        ["2514310", "Yes"],
        ["2402203", "Perhaps"],
      ],
    );
    assert.equal((await log()).length, 1);
  });

  test("not on a terminal: no colour, no progress", async () => {
    const { baseUrl } = standIn.session("plain");
    const { out, err } = await command(["2514310", "--base-url", baseUrl], { env: { FORCE_COLOR: "1" } });
    assert.ok(!`${out}${err}`.includes("\u001b"));
  });
});

describe("files and standard input", () => {
  const workflow = JSON.stringify({
    steps: [{ input: { model: "urn:air:sdxl:checkpoint:civitai:827184@2514310", seed: 2402203, steps: 30 } }],
    other: "urn:air:sdxl:lora:huggingface:someone/thing@1",
  });

  test("a workflow: its resources, never a seed or a number of steps", async () => {
    const { baseUrl } = standIn.session("file");
    await writeFile(join(folder, "workflow.json"), workflow);
    const { out, err, status } = await command(["workflow.json", "--base-url", baseUrl]);
    assert.deepEqual(
      rows(out).map(([version]) => version),
      ["2514310"],
    );
    assert.equal(status, 0);
    assert.match(err, /other sources than Civitai: 1/);
  });

  test("standard input", async () => {
    const { baseUrl } = standIn.session("stdin");
    const { out, status } = await command(["-", "--json", "--base-url", baseUrl], { input: workflow });
    const { userId, versions, skipped } = JSON.parse(out);
    assert.deepEqual([status, userId, versions.length, versions[0].generation], [0, null, 1, "open"]);
    assert.deepEqual(skipped, [
      { text: "urn:air:sdxl:lora:huggingface:someone/thing@1", source: "huggingface" },
    ]);
  });

  test("a list of ids and links, with repeats", async () => {
    const { baseUrl } = standIn.session("list");
    await writeFile(join(folder, "list.txt"), "2514310\r\n900105, civitai:827184@2514310\n");
    const { out } = await command(["list.txt", "--base-url", baseUrl]);
    assert.deepEqual(
      rows(out).map(([version]) => version),
      ["2514310", "900105"],
    );
  });

  test("UTF-16, as PowerShell writes it", async () => {
    const { baseUrl } = standIn.session("utf16");
    const input = Buffer.concat([
      Buffer.from([0xff, 0xfe]),
      Buffer.from("civitai:827184@2514310", "utf16le"),
    ]);
    assert.equal((await command(["-", "--base-url", baseUrl], { input })).status, 0);
  });
});

describe("for programs", () => {
  test("CSV has the documented columns", async () => {
    const { baseUrl } = standIn.session("csv");
    const { out, status } = await command(["2402203", "--csv", "--base-url", baseUrl]);
    const [head, row, end] = out.split("\r\n");
    assert.match(head ?? "", /^version_id,state,usable,generation,gate,ends_at,free_trials,/);
    assert.match(
      row ?? "",
      /^2402203,denied,true,trial,earlyAccess,20\d\d-\d\d-\d\dT[\d:.]+Z,10,true,true,827184,WAI-/,
    );
    assert.deepEqual([end, status], ["", 1]);
  });

  test("JSON holds errors with their message", async () => {
    const { baseUrl, faults } = standIn.session("json-error");
    await faults({ match: "permissions/check", status: 404 });
    const { out, status } = await command(["2514310", "--json", "--base-url", baseUrl]);
    const [version] = JSON.parse(out).versions;
    assert.deepEqual(
      [status, version.state, version.usable, version.error.code],
      [3, "unknown", null, "HTTP"],
    );
    assert.ok(version.error.message);
  });
});

describe("exit status", () => {
  test("0 granted, 1 denied, 3 unknown, which goes before denied", async () => {
    const { baseUrl, faults } = standIn.session("status");
    const status = async (/** @type {string[]} */ ...args) =>
      (await command([...args, "--base-url", baseUrl])).status;
    assert.equal(await status("2514310"), 0);
    assert.equal(await status("2514310", "2402203"), 1);
    await faults({ match: "permissions/check", poison: [2514310], status: 404 });
    assert.equal(await status("2514310", "2402203"), 3);
  });

  test("a model that Civitai does not list is unknown, and named", async () => {
    const { baseUrl } = standIn.session("no-model");
    const { err, status } = await command(["civitai.com/models/999999", "--base-url", baseUrl]);
    assert.equal(status, 3);
    assert.match(err, /^model 999999: Civitai lists no such model/m);
  });

  test("nobody there: unknown, said in the table", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
    await new Promise((resolve) => server.close(resolve));
    const { out, status } = await command(["2514310", "--base-url", `http://127.0.0.1:${port}`]);
    assert.equal(status, 3);
    assert.match(out, /Not known +no response: ECONNREFUSED; try again later/);
  });

  for (const [name, args, said] of /** @type {[string, string[], RegExp][]} */ ([
    ["nothing", [], /nothing to check/],
    ["an option that is not there", ["--bogus=hidden", "5"], /Unknown option '--bogus'/],
    ["a token on the command line", ["--token", "hidden", "5"], /use --token-env NAME/],
    ["a name for a user", ["5", "--user", "hidden"], /--user takes a number/],
    ["a user and a token", ["5", "--user", "1", "--token-env", "X"], /exclude each other/],
    ["two formats", ["5", "--json", "--csv"], /exclude each other/],
    ["a variable that is not set", ["5", "--token-env", "NOT_SET_HERE"], /empty or not set/],
    ["no seconds", ["5", "--timeout", "soon"], /takes seconds/],
    ["no file", ["https://example.com/x?token=hidden#hidden"], /another site|neither an id/],
    ["too large a number", ["99999999999"], /1 to 2147483647/],
    ["a base URL that is none", ["5", "--base-url", "ftp://x"], /baseUrl/],
  ])) {
    test(`2, wrong use: ${name}`, async () => {
      const { out, err, status } = await command(args);
      assert.deepEqual([status, out], [2, ""]);
      assert.match(err, said);
      assert.match(err, /--help/);
      assert.doesNotMatch(err, /hidden/);
    });
  }

  test("a token that is wrong is wrong use, and is not quoted", async () => {
    const { baseUrl } = standIn.session("wrong-token");
    const { err, status } = await command(["5", "--token-env", "T", "--base-url", baseUrl], {
      env: { T: "hidden" },
    });
    assert.equal(status, 2);
    assert.doesNotMatch(err, /hidden/);
  });

  test("a file without any resource, and one that is no text", async () => {
    await writeFile(join(folder, "empty.txt"), "steps: 30, seed 123456");
    await writeFile(join(folder, "image.png"), Buffer.from([0x89, 0x50, 0, 1]));
    assert.match((await command(["empty.txt"])).err, /nothing there names a version/);
    const { err, status } = await command(["image.png"]);
    assert.match(err, /is not text/);
    assert.equal(status, 2);
  });
});

test("--help is one screen, --version is the package's", async () => {
  const { out, status } = await command(["--help"]);
  const lines = out.split("\n");
  assert.ok(lines.length <= 25 && lines.every((line) => line.length <= 90), `${lines.length} lines`);
  assert.equal(status, 0);
  for (const option of [
    "--user",
    "--token-env",
    "--json",
    "--csv",
    "--fresh",
    "--no-explain",
    "--base-url",
    "--timeout",
  ]) {
    assert.ok(out.includes(option), option);
  }
  assert.match((await command(["--version"])).out, /^\d+\.\d+\.\d+\n$/);
});
