// The examples of pages, built as a reader would build them, in Chromium.

import assert from "node:assert/strict";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launchChromium } from "../helpers/browsers.js";
import { root } from "../helpers/repository.js";
import { startStandIn } from "../helpers/stand-in.js";
import { startHub } from "./hub.js";
import { tool } from "./matrix/tool.js";
import { installedProject } from "./project.js";

/** @type {Awaited<ReturnType<typeof setUp>>} */
let shared;
before(async () => {
  shared = await setUp();
});
after(() => shared.close());

async function setUp() {
  const [project, standIn, browser] = await Promise.all([
    installedProject(),
    startStandIn(),
    launchChromium(),
  ]);
  for (const name of ["react.jsx", "tanstack-query.jsx", "plain.html"]) {
    await cp(join(root, "examples", name), join(project.folder, name));
  }
  const hub = await startHub(project.folder);
  return {
    project,
    standIn,
    browser,
    hub,
    async close() {
      await browser.close();
      hub.close();
      standIn.close();
      await project.remove();
    },
  };
}

/** @param {string} name @param {string} program */
async function page(name, program) {
  const { project, hub, browser } = shared;
  const entry = join(project.folder, `${name}-main.jsx`);
  await writeFile(entry, program);
  await mkdir(join(project.folder, name));
  const { build } = await tool("esbuild");
  await build({
    entryPoints: { main: entry },
    outdir: join(project.folder, name),
    ...{ bundle: true, format: "esm", jsx: "automatic", logLevel: "error" },
  });
  await writeFile(
    join(project.folder, name, "index.html"),
    '<!doctype html><title>example</title><main></main><script src="main.js" type="module"></script>',
  );
  const opened = await browser.newPage();
  await opened.goto(`${hub.url}/${name}/index.html`);
  return opened;
}

test("react: answers with a way to try again, and a user is asked for on submit only", async () => {
  const { baseUrl, log, faults, clearFaults } = shared.standIn.session("react");
  await faults({ match: "permissions/check", status: 500, cors: true });
  const opened = await page(
    "react",
    `import { PermissionChecker } from "civitai-permissions";
import { createRoot } from "react-dom/client";
import { App } from "./react.jsx";
const checker = new PermissionChecker({ baseUrl: ${JSON.stringify(baseUrl)}, retries: 0 });
createRoot(document.querySelector("main")).render(<App ids={[2514310, 900201]} checker={checker} />);`,
  );
  await opened.getByText("900201: unknown").waitFor();
  await opened.getByRole("alert").waitFor();
  await clearFaults();
  await opened.getByRole("button", { name: "Try again" }).click();
  await opened.getByText("2514310: open").waitFor();
  await opened.getByText(/900201: (locked|trial|free)/).waitFor();
  await opened.locator('ul[aria-busy="false"]').waitFor();
  assert.equal(await opened.getByRole("alert").count(), 0);

  const before = (await log()).length;
  await opened.getByLabel("User number").pressSequentially("12345", { delay: 30 });
  await opened.waitForTimeout(200);
  assert.equal((await log()).length, before, "typing asks for nobody");
  await opened.getByRole("button", { name: "Ask" }).click();
  await opened.getByText("900201: held").waitFor();
  const users = (await log()).map(({ target }) => /userId=(\d+)/.exec(target)?.[1]).filter(Boolean);
  assert.deepEqual([...new Set(users)], ["12345"]);
});

test("tanstack-query: sixty rows are one request", async () => {
  const { baseUrl, log } = shared.standIn.session("tanstack");
  const opened = await page(
    "tanstack",
    `import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { PermissionChecker } from "civitai-permissions";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Row } from "./tanstack-query.jsx";
const checker = new PermissionChecker({ baseUrl: ${JSON.stringify(baseUrl)} });
const ids = Array.from({ length: 60 }, (_, index) => 3100001 + index);
createRoot(document.querySelector("main")).render(
  <StrictMode><QueryClientProvider client={new QueryClient()}>
    <ul>{ids.map((id) => <Row key={id} versionId={id} checker={checker} />)}</ul>
  </QueryClientProvider></StrictMode>,
);`,
  );
  await opened.waitForFunction("document.querySelectorAll('li').length === 60");
  await opened.waitForFunction("!document.querySelector('main').textContent.includes('…')");
  const rows = await opened.getByRole("listitem").allTextContents();
  assert.ok(
    rows.every((row) => /^\d+: (open|free|trial|locked)$/.test(row)),
    rows.join(),
  );
  const checks = (await log()).filter(({ target }) => target.includes("/permissions/check"));
  assert.equal(checks.length, 1);
});

test("plain HTML: an import map and the installed folder are enough", async () => {
  const { baseUrl } = shared.standIn.session("plain");
  const opened = await shared.browser.newPage();
  await opened.goto(`${shared.hub.url}/plain.html?api=${baseUrl}`);
  await opened
    .getByLabel("Versions, links or AIRs")
    .fill(
      'Steps: 30, Seed: 7, Civitai resources: [{"type":"checkpoint","modelVersionId":2514310}] civitai:827184@2402203',
    );
  await opened.getByRole("button", { name: "Ask" }).click();
  await opened.getByText(/: open$/).waitFor();
  await opened.getByText(/: (free|trial|locked)$/).waitFor();
  assert.equal(await opened.getByRole("listitem").count(), 2);
});
