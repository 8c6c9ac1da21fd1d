// The native driver among the examples in Rust. The pages in Rust are in files that end in .full.test.js.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { env, root } from "../helpers/repository.js";
import { startStandIn } from "../helpers/stand-in.js";

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
