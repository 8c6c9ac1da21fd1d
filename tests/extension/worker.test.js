// The background may die at any moment: every badge settles all the same, and nothing is asked before its time.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { badgesOn, becomes, navigate, settled, statesOf, visit } from "./lib/badges.js";
import { browserNames, someOf } from "./lib/browser.js";
import { useExtension } from "./lib/harness.js";
import { counted, impolite, requests } from "./lib/requests.js";
import { models, statesFor } from "./lib/truth.js";

const modelOnly = {
  title: true,
  versions: true,
  cards: false,
  images: false,
  rows: false,
  blocks: false,
  text: false,
};

for (const browser of browserNames) {
  describe(`the worker's death in ${browser}`, { timeout: 300_000 }, () => {
    const extension = useExtension({ browser });
    const log = () => extension.api().log();

    // With 300 ms to each answer: while the list is asked for, between the two, during the check, after it.
    for (const moment of someOf(browser === "chromium" ? [330, 50, 620, 250, 450, 900] : [330, 50, 620], 2)) {
      test(`${moment} ms after the first request`, async () => {
        extension.site().set({ nextData: "absent" });
        await extension.set({ surfaces: modelOnly });
        await extension.api().faults({ match: "/api/v1/", latencyMs: 300 });
        const tab = await extension.newTab();
        await visit(tab, "/models/900200");
        for (const end = Date.now() + 8000; (await log()).length === 0 && Date.now() < end; ) await sleep(10);
        await sleep(moment);
        await extension.browser().stopWorker();
        await becomes(tab, { surface: "title", id: 900_203, state: "trial" });
        assert.deepEqual(
          statesOf(await settled(tab, { least: 4 }), "version"),
          statesFor(models[900_200], "listed"),
        );
        const all = await log();
        assert.deepEqual(impolite(all), []);
        assert.ok(all.filter(({ target }) => !target.includes("/mini/")).length <= 4, counted(all));
      });
    }

    test("dead after the answers: the same page again asks nothing", async () => {
      await extension.set({ surfaces: modelOnly });
      const tab = await extension.newTab();
      await visit(tab, "/models/900200");
      await settled(tab, { least: 4 });
      await sleep(2500); // what is remembered is written at most every two seconds
      await extension.api().clearLog();
      await extension.browser().stopWorker();
      await tab.reload();
      assert.deepEqual(
        statesOf(await settled(tab, { least: 4 }), "version"),
        statesFor(models[900_200], "known"),
      );
      assert.equal(counted(await log()), "none");
    });

    test("during a 429 of 60 seconds: nothing is asked, on no page", async () => {
      await extension.set({ surfaces: modelOnly });
      await extension.api().faults({ match: "/api/v1/", status: 429, headers: { "Retry-After": "60" } });
      const tab = await extension.newTab();
      await visit(tab, "/models/900200");
      await becomes(tab, { surface: "title", id: 900_203, state: "unknown" });
      await sleep(2500);
      const before = (await log()).length;
      assert.ok(before <= 2, counted(await log()));
      await extension.browser().stopWorker();
      await tab.reload();
      await becomes(tab, { surface: "title", id: 900_203, state: "unknown" });
      await navigate(tab, "/models/900300");
      await sleep(3000);
      for (const { state } of await badgesOn(tab)) assert.equal(state, "unknown");
      assert.equal((await log()).length, before, counted(await log()));
    });

    test("during a 429 of 8 seconds: asked again when it is over, by itself", async () => {
      await extension.set({ surfaces: modelOnly });
      await extension
        .api()
        .faults({ match: "/api/v1/", times: 1, status: 429, headers: { "Retry-After": "8" } });
      const tab = await extension.newTab();
      await visit(tab, "/models/900200");
      await sleep(2500);
      await extension.browser().stopWorker();
      await becomes(tab, { surface: "title", id: 900_203, state: "trial" }, 25_000);
      const [first, second] = requests(await log()).map(({ logged }) => logged.atMs);
      assert.ok((second ?? 0) - (first ?? 0) >= 8000, `${first} ${second}`);
    });
  });
}

describe("a worker that leaves the first message of a page without an answer", { timeout: 60_000 }, () => {
  const main = "src/extension/background/main.js";
  const deaf = `
    const { onMessage } = chrome.runtime;
    const add = onMessage.addListener;
    let heard = 0;
    onMessage.addListener = (listener) => add.call(onMessage, (message, sender, respond) =>
      (sender.url.startsWith("https:") && heard++ === 0) || listener(message, sender, respond));`;
  const extension = useExtension({
    browser: "chromium",
    unpacked: {
      change: (manifest) => {
        manifest.background.service_worker = "deaf-main.js";
      },
      add: { "deaf.js": deaf, "deaf-main.js": `import "./deaf.js"; import "./${main}";` },
    },
  });
  test("is asked again, and every badge comes", async () => {
    const tab = await extension.newTab();
    await visit(tab, "/models/900200");
    assert.deepEqual(
      statesOf(await settled(tab, { least: 4 }), "version"),
      statesFor(models[900_200], "known"),
    );
  });
});

describe("Firefox lets the background idle for a second only", { timeout: 120_000 }, () => {
  const extension = useExtension({
    browser: "firefox",
    preferences: { "extensions.background.idle.timeout": 1000 },
  });
  test("page after page, with pauses", async () => {
    await extension.set({ surfaces: modelOnly });
    const tab = await extension.newTab();
    await visit(tab, "/models/900200");
    for (const model of /** @type {const} */ ([900_300, 900_200, 900_100, 900_300])) {
      await settled(tab, { least: 3 });
      await sleep(3500);
      await navigate(tab, `/models/${model}`);
      const [first = 0] = models[model];
      await settled(tab, { least: models[model].length + 1 });
      const title = (await badgesOn(tab)).find(({ surface }) => surface === "title");
      assert.equal(title?.version, first);
      assert.notEqual(title?.state, "unknown");
    }
    const asked = requests(await extension.api().log()).filter(({ kind }) => kind === "check");
    assert.equal(asked.length, 3, "once for each model");
  });
});
