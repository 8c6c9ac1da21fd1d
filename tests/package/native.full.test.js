// The examples of HTTP clients that drive the engine outside browsers. Their dependencies take a minute to build.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { env, root, target } from "../helpers/repository.js";
import { startStandIn } from "../helpers/stand-in.js";

const run = promisify(execFile);
const built = join(target, "native-example");

/** @type {import("../helpers/stand-in.js").StandIn} */
let standIn;
before(async () => {
  standIn = await startStandIn();
  await run("cargo", ["build", "--locked", "--no-default-features"], {
    cwd: join(root, "examples", "native"),
    env: { ...env, CARGO_TARGET_DIR: built },
  });
});
after(() => standIn.close());

/** @param {string} name @param {string[]} args */
const program = async (name, args) => (await run(join(built, "debug", name), args)).stdout;

test("ureq: verdicts with their reasons", async () => {
  const { baseUrl, faults } = standIn.session("ureq");
  const explain = () => program("ureq", [baseUrl, "2514310", "civitai:827184@2402203"]);
  const lines = (await explain()).trim().split("\n").sort();
  assert.match(lines.join(", "), /^2402203: (free|trial|locked), 2514310: open$/);
  await faults({ status: 451 });
  assert.equal((await explain()).split("\n").sort().join(" ").trim(), "2402203: unknown 2514310: unknown");
});

test("reqwest: verdicts, retries, and what fails is unknown", async () => {
  const { baseUrl, faults } = standIn.session("reqwest");
  const check = async () =>
    (await program("reqwest", [baseUrl, "2514310", "civitai:827184@2402203"])).trim().split("\n").sort();
  await faults({ match: "permissions/check", times: 1, status: 503 });
  assert.deepEqual(await check(), ["2402203: denied", "2514310: granted"]);
  await faults({ status: 451 });
  const [first, second] = await check();
  assert.match(first ?? "", /^2402203: unknown, .*region/);
  assert.match(second ?? "", /^2514310: unknown, .*region/);
});
