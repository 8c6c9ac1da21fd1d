// Many ids from many callers at once, and a machine that sleeps in the middle of a request.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { PermissionChecker } from "civitai-permissions";
import { startStandIn } from "../helpers/stand-in.js";

/** @type {import("../helpers/stand-in.js").StandIn} */
let standIn;
before(async () => {
  standIn = await startStandIn();
});
after(() => standIn.close());

/** Every fifth version of the stand-in's crowd is gated. @param {number} id */
const granted = (id) => (id > 3_010_000 ? false : (id - 3_000_000) % 5 !== 0);

test("100,000 ids from 100 callers: 500 requests, and every verdict right", async (context) => {
  const { baseUrl, log } = standIn.session("callers");
  const checker = new PermissionChecker({ baseUrl });
  const callers = Array.from({ length: 100 }, (_, caller) =>
    Array.from({ length: 1000 }, (_, index) => 3_000_001 + caller * 1000 + index),
  );
  const started = performance.now();
  const all = await Promise.all(callers.map((ids) => checker.check(ids)));
  const took = performance.now() - started;
  for (const [caller, verdicts] of all.entries()) {
    const ids = callers[caller] ?? [];
    assert.equal(Object.keys(verdicts).length, ids.length);
    const wrong = ids.filter((id) => verdicts[id] !== granted(id));
    assert.deepEqual(wrong, []);
  }
  const requests = (await log()).length;
  assert.equal(requests, 500);
  const { rss } = process.memoryUsage();
  context.diagnostic(
    `${Math.round(took)} ms, ${requests} requests, ${Math.round(rss / 2 ** 20)} MB resident`,
  );
});

test("100 callers of the same 1,000 ids: 5 requests", async () => {
  const { baseUrl, log } = standIn.session("same");
  const checker = new PermissionChecker({ baseUrl });
  const ids = Array.from({ length: 1000 }, (_, index) => 3_000_001 + index);
  const all = await Promise.all(Array.from({ length: 100 }, () => checker.check(ids)));
  for (const verdicts of all) for (const id of ids) assert.equal(verdicts[id], granted(id));
  assert.equal((await log()).length, 5);
});

for (const [name, timeout] of /** @type {const} */ ([
  ["past its timeout", 1000],
  ["within its timeout", 15_000],
])) {
  test(`a machine that sleeps in the middle of a request, ${name}: the right verdicts soon after`, async (context) => {
    const { baseUrl, faults, clearFaults, log } = standIn.session(`sleep-${timeout}`);
    await faults({ latencyMs: 700 });
    const program = `import { checkPermissions } from "civitai-permissions";
const verdicts = await checkPermissions([2402203, 2514310], { baseUrl: "${baseUrl}", timeout: ${timeout} });
console.log(JSON.stringify(verdicts));`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    context.after(() => child.kill("SIGKILL"));
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      said += text;
    });
    while ((await log()).length === 0) await sleep(10);
    child.kill("SIGSTOP");
    await sleep(3000);
    await clearFaults();
    child.kill("SIGCONT");
    const woken = performance.now();
    const [code] = await new Promise((resolve) => child.on("close", (...how) => resolve(how)));
    const took = performance.now() - woken;
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(said), { 2402203: false, 2514310: true });
    assert.ok(took < 8000, `${took} ms`);
    context.diagnostic(`answered ${Math.round(took)} ms after waking, ${(await log()).length} requests`);
  });
}
