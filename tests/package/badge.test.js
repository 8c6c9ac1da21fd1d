// The element's examples: rendered on a server, hydrated in a browser without a complaint, typed.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { audit, chosen, run, until } from "../demo/drive.js";
import { root } from "../helpers/repository.js";
import { bundle, frontends, shell } from "./frontends.js";
import { startHub } from "./hub.js";
import { projectAndStandIn } from "./project.js";

const ids = [2514310, "urn:air:sdxl:lora:civitai:900200@900201", 900105];

const { project, standIn } = await projectAndStandIn();
/** @type {Awaited<ReturnType<typeof startHub>>} */
let hub;
before(async () => {
  await cp(join(root, "examples", "badge"), project.folder, { recursive: true });
  hub = await startHub(project.folder);
});
after(() => hub?.close());

/** @param {string} name @param {object} props @returns {Promise<string>} the folder of the page */
async function build(name, props) {
  const frontend = frontends[name];
  assert.ok(frontend);
  const folder = join(project.folder, name);
  await mkdir(folder, { recursive: true });
  const server = join(folder, "server.mjs");
  await bundle(project.folder, frontend.onServer, "node", server);
  Object.assign(globalThis, { props });
  const { html } = await import(`${pathToFileURL(server).href}?${Date.now()}`);
  assert.match(html, /<civitai-lock-badge[^>]* entity-id="2514310"/, "rendered on the server");
  await bundle(project.folder, frontend.inBrowser, "browser", join(folder, "main.js"));
  await writeFile(join(folder, "index.html"), shell(html, props));
  return folder;
}

for (const [name, openBrowser] of chosen) {
  describe(`the element's examples in ${name}`, { timeout: 200_000 }, () => {
    /** @type {import("../demo/drive.js").Driver} */
    let browser;
    before(async () => {
      browser = await openBrowser();
    });
    after(() => browser?.close());

    /** @param {(string | null)[]} wanted */
    const sees = async (wanted) => {
      const states = () =>
        run(browser, () =>
          [...document.querySelectorAll("civitai-lock-badge")].map((badge) => badge.getAttribute("state")),
        );
      for (
        const end = Date.now() + 15_000;
        Date.now() < end;
        await new Promise((resolve) => setTimeout(resolve, 50))
      ) {
        if (JSON.stringify(await states()) === JSON.stringify(wanted)) return;
      }
      assert.deepEqual(await states(), wanted);
    };

    for (const frontend of Object.keys(frontends)) {
      test(`${frontend}: hydrated without a complaint, answers its events, follows its user`, async () => {
        const { baseUrl, log } = standIn.session(`${frontend}-${name}`);
        await build(frontend, { ids, baseUrl });
        await browser.open(`${hub.url}/${frontend}/index.html`);
        await sees(["open", "trial", "locked"]);
        await until(browser, () => document.querySelector("p")?.textContent === "Usable: 2");
        assert.deepEqual(await audit(browser), []);
        await browser.click("button");
        await sees(["open", "yours", "locked"]);
        assert.ok((await log()).some(({ target }) => target.includes("userId=12345")));
        const complaints = await run(browser, () => /** @type {any} */ (globalThis).complaints);
        assert.deepEqual(complaints, []);
      });
    }

    test("plain HTML", async () => {
      const { baseUrl } = standIn.session(`plain-${name}`);
      const page = await readFile(join(project.folder, "plain.html"), "utf8");
      await mkdir(join(project.folder, "plain"), { recursive: true });
      await writeFile(join(project.folder, "plain", "index.html"), page);
      await browser.open(`${hub.url}/plain/index.html?api=${encodeURIComponent(baseUrl)}`);
      await sees(["open", "trial", "open"]);
      assert.deepEqual(await audit(browser), []);
      await browser.click("button");
      await sees(["open", "yours", "open"]);
    });
  });
}

test("typed: React's JSX, Vue's and Svelte's templates know its attributes, and refuse others", async () => {
  const files = {
    "typed-react.tsx": `import { Versions } from "./Versions.tsx";
import "civitai-permissions/badge/react";
export const page = <><Versions ids={[1]} /><civitai-lock-badge model-id="5" compact /></>;
// @ts-expect-error there or not there
export const wrong = <civitai-lock-badge compact="yes" />;`,
    "typed.ts": `import type { GlobalComponents } from "vue";
import type { SvelteHTMLElements } from "svelte/elements";
import type {} from "civitai-permissions/badge/vue";
import type {} from "civitai-permissions/badge/svelte";
import { LockBadge } from "civitai-permissions/badge";
import "civitai-permissions/badge/de.js";
type VueProps = InstanceType<GlobalComponents["civitai-lock-badge"]>["$props"];
export const vue: VueProps = { "entity-id": 5, quiet: true };
export const svelte: SvelteHTMLElements["civitai-lock-badge"] = { "entity-id": "5", onstatechange: () => {} };
// @ts-expect-error no user by name
export const wrong: SvelteHTMLElements["civitai-lock-badge"] = { "user-id": { name: "x" } };
const badge: LockBadge = document.createElement("civitai-lock-badge");
badge.entityId = 5n;
export const state: "open" | "free" | "trial" | "locked" | "gated" | "yours" | "off" | "pending" | "unknown" = badge.state;`,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(project.folder, name), text);
  const options = {
    ...{ strict: true, noEmit: true, module: "esnext", moduleResolution: "bundler", target: "es2022" },
    ...{
      jsx: "react-jsx",
      allowImportingTsExtensions: true,
      skipLibCheck: true,
      types: [],
      lib: ["es2023", "dom", "dom.iterable", "esnext.disposable"],
    },
  };
  const config = { compilerOptions: options, files: Object.keys(files) };
  await writeFile(join(project.folder, "tsconfig.json"), JSON.stringify(config));
  const tsc = join(root, "node_modules", ".bin", "tsc");
  await promisify(execFile)(tsc, ["-p", project.folder]).catch(({ stdout }) => assert.fail(stdout));
});
