// The README's first screen is true: its command prints what stands below it, its code returns what its comments say,
// and its table costs the requests that it names.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { PermissionChecker } from "civitai-permissions";
import { root, target } from "../helpers/repository.js";
import { startStandIn } from "../helpers/stand-in.js";

const readme = await readFile(join(root, "README.md"), "utf8");
/** The first block of code in this language. @param {string} language */
const block = (language) =>
  new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, "m").exec(readme)?.[1] ?? "";

/** @type {import("../helpers/stand-in.js").StandIn} */
let standIn;
before(async () => {
  standIn = await startStandIn();
});
after(() => standIn.close());

test("the command prints this table, but for the day", async () => {
  const { baseUrl } = standIn.session("command");
  const [, ...args] = block("sh").trim().replace("npx ", "").split(" ");
  const command = [join(root, "pkg", "cli", "main.js"), ...args, "--base-url", baseUrl];
  // One of the two is denied: status 1.
  const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: root }).catch(
    (error) => error,
  );
  const timeless = (/** @type {string} */ text) =>
    text
      .replace(/in \d+ days? \([^)]*\)/, "in N days (…)")
      .split("\n")
      .map((line) => line.trimEnd())
      .join("\n")
      .trim();
  assert.equal(timeless(stdout), timeless(block("text")));
});

test("the code returns what its comments say", async (context) => {
  const { baseUrl } = standIn.session("code");
  const real = globalThis.fetch;
  context.mock.method(globalThis, "fetch", (/** @type {URL} */ url, /** @type {RequestInit} */ init) =>
    real(String(url).replace("https://civitai.com", baseUrl), init),
  );
  const code = block("js")
    .replace("await checkPermissions", "export const verdicts = await checkPermissions")
    .replace("await checker.explain", "export const explained = await checker.explain");
  const file = join(target, "readme.mjs");
  await mkdir(target, { recursive: true });
  await writeFile(file, code);
  context.after(() => rm(file));
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

test("the table's requests are those that are sent", async () => {
  const counted = async (
    /** @type {string} */ name,
    /** @type {(checker: PermissionChecker, ids: number[]) => Promise<unknown>} */ call,
    count = 200,
  ) => {
    const { baseUrl, log } = standIn.session(name);
    const ids = Array.from({ length: count }, (_, index) => 3_000_001 + index);
    await call(new PermissionChecker({ baseUrl }), ids);
    return (await log()).length;
  };
  assert.equal(await counted("check", (checker, ids) => checker.check(ids)), 1);
  assert.equal(
    await counted("stream", async (checker, ids) => {
      for await (const batch of checker.streamBatches(ids)) assert.ok(batch.length > 0);
    }),
    1,
  );
  // Every fifth of the crowd is denied: a check, a list for 100 versions, and one request for each denied one.
  assert.equal(await counted("explain", (checker, ids) => checker.explain(ids), 100), 1 + 1 + 20);
  assert.equal(await counted("bulk", (checker, ids) => checker.explain(ids, { bulk: true }), 100), 1 + 1);
  assert.equal(
    await counted(
      "versions",
      (checker) => checker.versions(Array.from({ length: 100 }, (_, index) => 300_000 + index)),
      1,
    ),
    1,
  );
});
