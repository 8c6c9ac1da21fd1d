// `npm run test:live`, tried on the stand-in: what is as the contract has it passes, what has moved is named.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startStandIn } from "../helpers/stand-in.js";

const script = fileURLToPath(new URL("../../scripts/live.mjs", import.meta.url));
/** @type {import("../helpers/stand-in.js").StandIn} */
let standIn;
before(async () => {
  standIn = await startStandIn();
});
after(() => standIn.close());

/** @param {string} baseUrl @returns {Promise<{ code: number, said: string }>} */
const live = (baseUrl) =>
  new Promise((resolve) => {
    execFile(process.execPath, [script, "--base-url", baseUrl], (error, said) =>
      resolve({ code: Number(error?.code ?? 0), said }),
    );
  });

test("nothing has moved", async () => {
  const { code, said } = await live(standIn.session("same").baseUrl);
  assert.match(said, /Nothing has moved\./);
  assert.equal(code, 0);
});

test("a verdict that is no boolean, and a status, are named", async () => {
  const session = standIn.session("moved");
  await session.faults(
    { match: "permissions/check", set: { 2514310: "yes" } },
    { match: "mini", status: 503 },
  );
  const { code, said } = await live(session.baseUrl);
  assert.match(said, /permissions\/check: 2514310 is string, not boolean/);
  assert.match(said, /mini\/2402203: status 503/);
  assert.equal(code, 1);
});
