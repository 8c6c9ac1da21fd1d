// The example of a Next.js route, in an app that Next.js builds and serves. `examples.test.js` calls it directly.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../helpers/repository.js";
import { startNext } from "./environments/next.js";
import { projectAndStandIn } from "./project.js";

const { project, standIn } = await projectAndStandIn();

test("a workflow that is posted comes back with what is blocked, for the token's owner", {
  timeout: 300_000,
}, async (context) => {
  const { baseUrl, log } = standIn.session("next-route");
  const route = await readFile(join(root, "examples", "next-route.js"), "utf8");
  const test = { signal: context.signal, after: (/** @type {() => unknown} */ undo) => context.after(undo) };
  const url = await startNext(join(project.folder, "route"), { "app/api/workflow/route.js": route }, test, {
    BASE_URL: baseUrl,
    CIVITAI_TOKEN: "token-of-12345",
  });
  const post = async (/** @type {unknown} */ workflow) => {
    const reply = await fetch(`${url}/api/workflow`, { method: "POST", body: JSON.stringify(workflow) });
    const { blocked, resources } = await reply.json();
    const brief = (/** @type {any} */ { text, usable, reason }) => [text, usable, reason];
    return { status: reply.status, blocked: blocked.map(brief), resources: resources.map(brief) };
  };
  const [open, bought, locked] = [
    "urn:air:sdxl:checkpoint:civitai:827184@2514310",
    "urn:air:sdxl:lora:civitai:900200@900201",
    "urn:air:sdxl:lora:civitai:900100@900105",
  ];
  assert.deepEqual(
    await post({ steps: [{ input: { model: open, additionalNetworks: { [bought]: {} } } }] }),
    {
      status: 200,
      blocked: [],
      resources: [
        [open, true, "open"],
        [bought, true, "held"],
      ],
    },
  );
  const refused = await post({ model: open, additionalNetworks: { [locked]: {} } });
  assert.deepEqual([refused.status, refused.blocked], [403, [[locked, false, "locked"]]]);
  const authorised = (await log()).filter(({ authorization }) => authorization).map(({ target }) => target);
  assert.deepEqual([...new Set(authorised)], ["/api/v1/me"], "the token goes nowhere else");
});
