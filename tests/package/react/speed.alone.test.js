// 10,000 ids in the hook, in Chromium with the real module: under a second to the last paint, and the page answers on.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launchChromium } from "../../helpers/browsers.js";
import { installedProject } from "../project.js";
import { openPage } from "./page.js";

/** @type {Awaited<ReturnType<typeof installedProject>>} */
let project;
/** @type {Awaited<ReturnType<typeof launchChromium>>} */
let browser;
before(async () => {
  [project, browser] = await Promise.all([installedProject(), launchChromium()]);
});
after(async () => {
  await browser.close();
  await project.remove();
});

test("10,000 ids are drawn within a second, without a task of 100 ms", async () => {
  const opened = await openPage(project.folder, "19", browser);
  /** @type {{ taken: number, tasks: number[] }[]} */
  const runs = [];
  const good = () => runs.some(({ taken, tasks }) => taken < 1000 && Math.max(0, ...tasks) < 100);
  // One that is good will do: the machine may be busy with something else.
  for (let run = 0; run < 20 && !good(); run++) {
    await opened.open("production");
    runs.push(await opened.page.evaluate("showManyOf({ fetch: granting }, 10_000)"));
  }
  const faults = opened.faults;
  await opened.close();
  assert.deepEqual(faults, []);
  assert.ok(good(), JSON.stringify(runs));
});
