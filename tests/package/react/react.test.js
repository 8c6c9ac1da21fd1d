// civitai-permissions/react, packed, in a page: with the oldest React that it promises and with today's.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { launchChromium } from "../../helpers/browsers.js";
import { startStandIn } from "../../helpers/stand-in.js";
import { installedProject } from "../project.js";
import { startAllOpen } from "./all-open.js";
import { folders, openPage } from "./page.js";

const run = promisify(execFile);

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

for (const react of folders.keys()) {
  describe(`React ${react}`, () => {
    /** @type {Awaited<ReturnType<typeof openPage>>} */
    let opened;
    before(async () => {
      opened = await openPage(project.folder, react, browser);
    });
    after(() => opened.close());

    /** @param {string} code */
    const does = (code) => opened.page.evaluate(code);
    /** @param {string} text */
    const shows = (text) => opened.page.getByText(text, { exact: true }).waitFor();

    /** @param {string} name @param {() => Promise<void>} body */
    const inPage = (name, body) =>
      test(name, async () => {
        await opened.open();
        assert.match(String(await does("react")), new RegExp(`^${react}\\.`));
        await body();
        assert.deepEqual(opened.faults.splice(0), []);
      });

    inPage("answers are drawn as they arrive, and once complete again", async () => {
      await does("show([1, 'civitai:5@2', 3n])");
      await shows("[] pending");
      assert.deepEqual(await does("checker.asks.at(-1).ids.map(String)"), ["1", "civitai:5@2", "3"]);
      await does("checker.asks.at(-1).answer([1, 'open'], [2, 'gated'])");
      await shows("[1 open, 2 gated] pending");
      await does("checker.asks.at(-1).answer([2, 'trial'])");
      await does("checker.asks.at(-1).answer([3, 'locked']), checker.asks.at(-1).end()");
      await shows("[1 open, 2 trial, 3 locked]");
    });

    inPage("StrictMode asks once for good, and leaving aborts", async () => {
      await does("show([1])");
      await shows("[] pending");
      assert.deepEqual(await does("checker.asks.map(({ aborted }) => aborted)"), [true, false]);
      await does("show([1])");
      await opened.page.waitForTimeout(50);
      assert.equal(await does("checker.asks.length"), 2, "the same list in a new array is no new question");
      await does("leave()");
      await opened.page.waitForFunction("checker.asks.every(({ aborted }) => aborted)");
    });

    inPage("the answers of one user stay while another is asked for", async () => {
      await does("show([1, 2])");
      await shows("[] pending");
      await does("checker.asks.at(-1).answer([1, 'open'], [2, 'locked']), checker.asks.at(-1).end()");
      await shows("[1 open, 2 locked]");
      await does("show([1, 2], { userId: 12345 })");
      await shows("[1 open, 2 locked] pending");
      assert.equal(await does("checker.asks.at(-1).options.userId"), 12345);
      await does("checker.asks.at(-1).answer([2, 'held'])");
      await shows("[1 open, 2 held] pending");
      await does("checker.asks.at(-1).answer([1, 'open']), checker.asks.at(-1).end()");
      await shows("[1 open, 2 held]");
      await does("show([2], { userId: 12345 })");
      await shows("[1 open, 2 held] pending");
      await does("checker.asks.at(-1).answer([2, 'held']), checker.asks.at(-1).end()");
      await shows("[2 held]");
    });

    inPage("a new user without answers is not shown the last one's", async () => {
      await does("show([1])");
      await shows("[] pending");
      await does("checker.asks.at(-1).answer([1, 'open']), checker.asks.at(-1).end()");
      await shows("[1 open]");
      await does("show([1], { userId: 5 })");
      await shows("[1 open] pending");
      await does("checker.asks.at(-1).end(new TypeError('no answer'))");
      await shows("[] TypeError");
    });

    inPage("a thousand replies are drawn in a few renderings", async () => {
      await does("show(Array.from({ length: 1000 }, (_, index) => index + 1))");
      await shows("[] pending");
      await does("seen.renders = 0");
      await does(`for (let id = 1; id <= 1000; id++) checker.asks.at(-1).answer([id, "open"]);
        checker.asks.at(-1).end();`);
      await opened.page.waitForFunction("seen.result.byId.size === 1000 && !seen.result.pending");
      // StrictMode renders twice.
      const renders = Number(await does("seen.renders"));
      assert.ok(renders <= 20, `${renders} renderings`);
    });

    inPage("what has no answer is named by the lowest, and retry asks again", async () => {
      await does("show([1, 2, 3])");
      await shows("[] pending");
      await does("checker.asks.at(-1).answer([3, 'unknown'], [1, 'open'], [2, 'unknown'])");
      await does("checker.asks.at(-1).end()");
      await shows("[3 unknown, 1 open, 2 unknown] NETWORK");
      assert.equal(await does("seen.result.error.message"), "no answer for 2");
      const asks = Number(await does("checker.asks.length"));
      await does("void (window.retry = seen.result.retry), retry()");
      await shows("[3 unknown, 1 open, 2 unknown] pending");
      assert.equal(await does("checker.asks.length"), asks + 1);
      await does(
        "checker.asks.at(-1).answer([1, 'open'], [2, 'open'], [3, 'open']), checker.asks.at(-1).end()",
      );
      await opened.page.waitForFunction("seen.result.error === null && !seen.result.pending");
      assert.equal(await does("seen.result.retry === retry"), true, "retry stays the same function");
    });

    inPage("a failure of the whole call is an error, and the page stays", async () => {
      await does("show('12')");
      await shows("[] INVALID_ARGUMENT");
      await does("show([])");
      await shows("[]");
    });

    inPage("components share requests", async () => {
      const standIn = await startStandIn();
      const { baseUrl, log } = standIn.session("react");
      try {
        await does(
          `showEachOf({ baseUrl: ${JSON.stringify(baseUrl)} }, [[2514310], [2402203], [2514310, 2402203]])`,
        );
        await opened.page.waitForFunction("document.querySelectorAll('p').length === 3");
        await opened.page.waitForFunction("!document.querySelector('main').textContent.includes('pending')");
        const checks = (await log()).filter(({ target }) => target.includes("/permissions/check"));
        assert.equal(checks.length, 1);
      } finally {
        standIn.close();
      }
    });

    test("on a server it renders as pending", async () => {
      const folder = folders.get(react) ?? "";
      const program = join(project.folder, `server-${react}.mjs`);
      await writeFile(
        program,
        `import { createElement } from ${JSON.stringify(join(folder, "react", "index.js"))};
import { renderToString } from ${JSON.stringify(join(folder, "react-dom", "server.js"))};
import { PermissionsProvider, usePermissions } from "civitai-permissions/react";
const One = () => { const { byId, pending, error } = usePermissions([1]); return JSON.stringify([byId.size, pending, error]); };
console.log(renderToString(createElement(PermissionsProvider, null, createElement(One))));`,
      );
      // Node.js finds the React of the project's folder; the hook must take the one that renders.
      const modules = join(project.folder, "node_modules", "react");
      await run("ln", ["-sfn", join(folder, "react"), modules]);
      const { stdout } = await run(process.execPath, [program]);
      await run("rm", [modules]);
      assert.equal(stdout.trim(), "[0,true,null]");
    });
  });
}

const LONG = "10,000 ids are all drawn, and the page has turns of its own in the midst of a drawing";
test(LONG, { timeout: 120_000 }, async () => {
  const [opened, api] = await Promise.all([
    openPage(project.folder, "19", browser, { app: "long-list.js", build: "production" }),
    startAllOpen(),
  ]);
  try {
    await opened.open();
    const ids = Array.from({ length: 10_000 }, (_, index) => 1_000_000 + index);
    const args = JSON.stringify(["ours", api.url, ids, ids]);
    const { granted, turns } = await opened.page.evaluate(`drawList(...${args})`);
    assert.deepEqual(opened.faults, []);
    assert.equal(granted, ids.length);
    // Drawn in one go, there are none.
    assert.ok(turns >= 3, `${turns} turns`);
  } finally {
    api.close();
    await opened.close();
  }
});
