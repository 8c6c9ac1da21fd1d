// The packed module, installed into an empty project, in every environment of the README's table; in those that are slow
// to start with --full only.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launchChromium, launchFirefox } from "../helpers/browsers.js";
import { full } from "../helpers/mode.js";
import { startStandIn } from "../helpers/stand-in.js";
import { environments } from "./environments/index.js";
import { startHub } from "./hub.js";
import { installedProject } from "./project.js";

/** For a program's reports. Builds of Next.js on a busy machine take their time. */
const PATIENCE_MS = 300_000;

/** @type {Awaited<ReturnType<typeof setUp>>} */
let shared;
before(async () => {
  shared = await setUp();
});
after(() => shared.close());

for (const { name, version, how, programs = 1, run } of environments.filter(({ slow }) => full || !slow)) {
  test(`${name} ${version}: ${how}`, { timeout: 300_000 }, async (context) => {
    const { project, standIn, hub, chromium, firefox } = shared;
    const id = name.toLowerCase().replaceAll(/[^a-z]+/g, "-");
    const { baseUrl, log } = standIn.session(id);
    await standIn.session(`${id}-broken`).faults({ status: 500 });
    const reports = hub.reports(id, programs, PATIENCE_MS);
    const ran = run({
      folder: project.folder,
      name: id,
      hub: hub.url,
      baseUrl,
      report: hub.report(id),
      after: (undo) => context.after(undo),
      signal: context.signal,
      chromium: (url) => open(chromium, url, context),
      firefox: async (url) => firefox.get(url),
    });

    // Whichever comes first: a program that cannot start reports nothing.
    await Promise.race([reports, ran.then(() => reports)]);
    await ran;
    for (const report of /** @type {any[]} */ (await reports)) {
      assert.deepEqual(report, {
        verdicts: { 2402203: false, 2514310: true },
        failure: { code: "HTTP", unknown: [2514310] },
        aborted: "stop",
        refused: "INVALID_ARGUMENT entityIds[1] is 1.5",
      });
    }
    const checks = (await log()).map(({ target }) => target);
    const check = "/api/v1/permissions/check?entityIds=2402203,2514310";
    assert.deepEqual(checks, Array(programs).fill(check), "one real request for each program");
  });
}

/**
 * Opens a page; what goes wrong in it stands in the test's output.
 * @param {import("playwright-core").BrowserContext} browser
 * @param {string} url
 * @param {import("node:test").TestContext} context
 */
async function open(browser, url, context) {
  const page = await browser.newPage();
  context.after(() => page.close());
  page.on("pageerror", (error) => context.diagnostic(error.message));
  page.on("console", (message) => {
    // The failing check is answered 500, as it should.
    const expected = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !expected) context.diagnostic(message.text());
  });
  await page.goto(url);
}

async function setUp() {
  const project = await installedProject();
  const [standIn, hub, chromium, firefox] = await Promise.all([
    startStandIn(),
    startHub(project.folder),
    launchChromium(),
    launchFirefox(),
  ]);
  return {
    project,
    standIn,
    hub,
    chromium,
    firefox,
    async close() {
      standIn.close();
      hub.close();
      await Promise.all([chromium.close(), firefox.quit()]);
      await project.remove();
    },
  };
}
