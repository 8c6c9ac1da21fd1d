// One checker for all requests of a Cloudflare Worker: no request may wait for what belongs to another.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { startWorker } from "./environments/runtimes.js";
import { projectAndStandIn } from "./project.js";

const { project, standIn } = await projectAndStandIn();

/** @param {string} name @param {string} baseUrl @param {import("node:test").TestContext} context */
async function worker(name, baseUrl, context) {
  const file = join(project.folder, `${name}.js`);
  await writeFile(
    file,
    `import { PermissionChecker } from "civitai-permissions";
const checker = new PermissionChecker({ baseUrl: "${baseUrl}" });
export default {
  async fetch(request) {
    const url = new URL(request.url);
    const ids = url.searchParams.get("ids").split(",").map(Number);
    const how = url.pathname.slice(1);
    if (how === "stream") {
      const verdicts = {};
      for await (const { entityId, state } of checker.stream(ids)) verdicts[entityId] = state;
      return Response.json(verdicts);
    }
    const answer = await checker[how](ids).catch((error) => error);
    return Response.json(answer);
  },
};
`,
  );
  const running = await startWorker(file, join(project.folder, name));
  context.after(() => running.dispose());
  return async (/** @type {string} */ path, /** @type {RequestInit} */ init = {}) => {
    const reply = await running.dispatch(`http://worker.test/${path}`, init);
    assert.equal(reply.status, 200, path);
    return reply.json();
  };
}

test("seven requests at once, some for the same id", async (context) => {
  const { baseUrl, faults, log } = standIn.session("seven");
  await faults({ latencyMs: 200 });
  const ask = await worker("seven", baseUrl, context);
  const ids = [2514310, 2514310, 2402203, 3000001, 3000002, 3000003, 3000004];
  const answers = await Promise.all(ids.map((id) => ask(`check?ids=${id}`)));
  assert.deepEqual(
    answers,
    ids.map((id) => ({ [id]: id !== 2402203 })),
  );
  const before = (await log()).length;
  assert.deepEqual(await ask(`check?ids=${ids.join()}`), Object.assign({}, ...answers));
  assert.deepEqual(await ask("stream?ids=2514310,2402203"), { 2402203: "denied", 2514310: "granted" });
  assert.equal((await log()).length, before, "what one request learned, the others know");
});

test("explanations and models, at once and after each other", async (context) => {
  const { baseUrl } = standIn.session("reasons");
  const ask = await worker("reasons", baseUrl, context);
  for (let round = 0; round < 2; round++) {
    const [one, two, models] = /** @type {any[][]} */ (
      await Promise.all([
        ask("explain?ids=900102"),
        ask("explain?ids=2514310,900105"),
        ask("versions?ids=827184"),
      ])
    );
    assert.deepEqual(one?.[0]?.freeTrials, 10);
    assert.deepEqual(
      two?.map(({ entityId, generation }) => [entityId, generation]),
      [
        [2514310, "open"],
        [900105, "locked"],
      ],
    );
    assert.equal(models?.[0]?.state, "known");
  }
});

test("a pause that one request meets is waited for by each", async (context) => {
  const { baseUrl, faults } = standIn.session("pausing");
  await faults({ times: 1, status: 429, headers: { "Retry-After": "1" } });
  const ask = await worker("pausing", baseUrl, context);
  const answers = await Promise.all([ask("check?ids=3000001"), ask("check?ids=3000002")]);
  assert.deepEqual(answers, [{ 3000001: true }, { 3000002: true }]);
});

test("a client that leaves takes nobody along", async (context) => {
  const { baseUrl, faults } = standIn.session("leaving");
  await faults({ latencyMs: 500 });
  const ask = await worker("leaving", baseUrl, context);
  const leaver = ask("check?ids=2514310", { signal: AbortSignal.timeout(100) }).catch((error) => error.name);
  assert.deepEqual(await ask("check?ids=2514310"), { 2514310: true });
  assert.match(await leaver, /Error/);
});
