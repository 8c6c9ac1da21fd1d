// The examples, copied into a project that has the packed module installed, as a reader would.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { root, standInBinary } from "../helpers/repository.js";
import { startWorker } from "./environments/runtimes.js";
import { modulePath, projectAndStandIn } from "./project.js";

const { project, standIn } = await projectAndStandIn();
before(async () => {
  await cp(join(root, "examples"), project.folder, {
    recursive: true,
    filter: (path) => path.endsWith("examples") || path.endsWith(".js"),
  });
});

test("filter-list: open, gated, and what has no verdict is neither", async () => {
  const { baseUrl, faults } = standIn.session("list");
  const [{ PermissionChecker }, { sortOut }] = await Promise.all([load(modulePath), load("filter-list.js")]);
  const checker = new PermissionChecker({ baseUrl, retries: 0, maxBatchSize: 1 });
  await faults({ poison: [900201] });
  const items = [2514310, 2402203, 900201].map((versionId) => ({ versionId, name: `v${versionId}` }));
  const [open, gated, unknown] = items;
  assert.deepEqual(await sortOut(checker, items), { open: [open], gated: [gated], unknown: [unknown] });
  await assert.rejects(sortOut(checker, [{ versionId: -1 }]), { code: "INVALID_ARGUMENT" });
});

test("server: the token's owner is asked for, and a wrong id is the caller's fault", async (context) => {
  const { baseUrl, log } = standIn.session("server");
  const users = /** @type {{ users: { id: number, token: string }[] }} */ (sample());
  const token = users.users.find(({ id }) => id === 12345)?.token ?? "";
  const child = spawn(process.execPath, ["server.js"], {
    cwd: project.folder,
    env: { ...process.env, CIVITAI_TOKEN: token, BASE_URL: baseUrl, PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  context.after(() => child.kill());
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  const url = /http:\S+/.exec(line)?.[0];
  const { username, verdicts } = await (await fetch(`${url}/?ids=2514310,2402203,900201`)).json();
  assert.deepEqual(verdicts, { 900201: true, 2402203: false, 2514310: true });
  assert.equal(typeof username, "string");
  const authorised = (await log()).filter(({ authorization }) => authorization).map(({ target }) => target);
  assert.deepEqual(authorised, ["/api/v1/me"], "the token goes nowhere else");
  const wrong = await fetch(`${url}/?ids=abc`);
  assert.equal(wrong.status, 400);
  assert.equal((await wrong.json()).code, "INVALID_ARGUMENT");
});

test("next-route: what of a workflow is blocked, and why", async (context) => {
  const { baseUrl, log, faults } = standIn.session("next-route");
  const users = /** @type {{ users: { id: number, token: string }[] }} */ (sample());
  const { POST } = await withEnvironment(context, { BASE_URL: baseUrl }, () => load("next-route.js"));
  const post = async (/** @type {unknown} */ body) => {
    const reply = await POST(
      new Request("http://host/api/workflow", { method: "POST", body: JSON.stringify(body) }),
    );
    return { status: reply.status, ...(await reply.json()) };
  };
  const locked = lockedVersion();
  const workflow = (/** @type {number} */ id) => ({
    steps: [
      {
        $type: "textToImage",
        input: {
          model: "urn:air:sdxl:checkpoint:civitai:827184@2514310",
          additionalNetworks: { [`urn:air:sdxl:lora:civitai:1@${id}`]: { strength: 0.8 } },
          params: { seed: 2402203, steps: 30 },
        },
      },
      { $type: "chatCompletion", input: { model: "urn:air:qwen:repository:huggingface:Qwen/Qwen3-8B@main" } },
    ],
  });
  const refused = await post(workflow(locked));
  assert.equal(refused.status, 403);
  assert.deepEqual(
    refused.resources.map((/** @type {any} */ { usable, reason }) => [usable, reason]),
    [
      [true, "open"],
      [false, "locked"],
      [null, "of huggingface"],
    ],
  );
  assert.deepEqual(
    refused.blocked.map((/** @type {any} */ { text }) => text),
    [`urn:air:sdxl:lora:civitai:1@${locked}`],
  );
  const allowed = await post({ model: "civitai:827184@2514310" });
  assert.equal(allowed.status, 200);
  assert.ok((await log()).every(({ target }) => !target.includes("userId")));
  await faults({ status: 451 });
  const unknown = await post({ model: "civitai:827184@2402203" });
  assert.deepEqual(
    [unknown.status, unknown.resources[0].usable, unknown.resources[0].reason],
    [200, null, "unknown"],
  );

  // With a token its owner is asked for.
  const owned = standIn.session("next-route-owner");
  const token = users.users.find(({ id }) => id === 12345)?.token ?? "";
  const own = await withEnvironment(context, { BASE_URL: owned.baseUrl, CIVITAI_TOKEN: token }, () =>
    load("next-route.js?owner"),
  );
  await own.POST(new Request("http://host/", { method: "POST", body: JSON.stringify(workflow(locked)) }));
  assert.ok((await owned.log()).some(({ target }) => target.includes("userId=12345")));
});

test("cloudflare-worker: asked once, then answered from its own cache", async (context) => {
  const { baseUrl, log } = standIn.session("worker");
  const entry = join(project.folder, "cloudflare-worker.js");
  const worker = await startWorker(entry, join(project.folder, "worker"), {
    bindings: { BASE_URL: baseUrl },
  });
  context.after(() => worker.dispose());
  for (const ids of ["2514310,2402203", "civitai:827184@2402203,2514310,2514310"]) {
    const response = await worker.dispatch(`http://worker.test/?ids=${ids}`);
    assert.deepEqual(await response.json(), { 2402203: false, 2514310: true });
  }
  assert.equal((await log()).length, 1);
  const wrong = await worker.dispatch("http://worker.test/?ids=abc");
  assert.equal(wrong.status, 400);
});

/** @param {string} file @returns {Promise<any>} */
const load = (file) => {
  const [name, query] = file.split("?");
  return import(`${pathToFileURL(join(project.folder, name ?? "")).href}?${query}`);
};

/**
 * @template Result
 * @param {import("node:test").TestContext} context
 * @param {Record<string, string>} variables
 * @param {() => Promise<Result>} body
 */
async function withEnvironment(context, variables, body) {
  const before = { ...process.env };
  const restore = () => {
    for (const name of Object.keys(variables)) delete process.env[name];
    Object.assign(process.env, before);
  };
  context.after(restore);
  Object.assign(process.env, variables);
  const result = await body();
  restore();
  return result;
}

/** A version that the buyer cannot generate with at all. */
function lockedVersion() {
  const { versions } = /** @type {{ versions: { version: number, kind: string }[] }} */ (sample());
  return versions.find(({ kind }) => kind === "paid, no tries")?.version ?? 0;
}

/** What the stand-in's data set holds. */
function sample() {
  return JSON.parse(execFileSync(standInBinary, ["--list", "--json"], { encoding: "utf8" }));
}
