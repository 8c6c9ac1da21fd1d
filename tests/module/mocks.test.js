// What tests of a page rely on: a mocked `fetch` stands by itself, an error is made in a line, and survives JSON.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isPermissionsError, PermissionChecker, PermissionsError } from "civitai-permissions";
import { failureOf, recordingFetch } from "./support.js";

test("one mocked 429, or no response at all, reaches no checker with another fetch", async () => {
  const limited = () => new Response("", { status: 429, headers: { "Retry-After": "60" } });
  const offline = () => Promise.reject(new TypeError("fetch failed"));
  for (const [answer, code] of /** @type {const} */ ([
    [limited, "RATE_LIMITED"],
    [offline, "NETWORK"],
  ])) {
    const bad = recordingFetch(answer);
    const poisoned = new PermissionChecker({ fetch: bad.fetch, retries: 0 });
    for (let once = 0; once < 3; once += 1) assert.equal((await failureOf(poisoned.check([2]))).code, code);

    const good = recordingFetch();
    const next = new PermissionChecker({ fetch: good.fetch, retries: 0 });
    assert.deepEqual(await next.check([2, 3]), { 2: true, 3: false });
    assert.equal(good.calls.length, 1);
  }
});

test("an error for a fixture is one of ours", () => {
  const error = new PermissionsError("no answer", { code: "HTTP", status: 503, unknown: [7] });
  assert.ok(isPermissionsError(error) && error instanceof Error);
  assert.deepEqual(
    [error.name, error.message, error.code, error.status, error.unknown, error.verdicts],
    ["PermissionsError", "no answer", "HTTP", 503, [7], {}],
  );
});

test("Response.json keeps an error's words, also inside an explanation", async () => {
  const { fetch } = recordingFetch(() => new Response("", { status: 503 }));
  const checker = new PermissionChecker({ fetch, retries: 0 });
  const error = await failureOf(checker.check([7]));
  const sent = await Response.json(error).json();
  const { name, code, message, status, unknown, verdicts } = error;
  assert.deepEqual(sent, { name, code, message, status, unknown, verdicts });
  const [explanation] = await checker.explain([7]);
  const inside = (await Response.json({ explanation }).json()).explanation;
  assert.deepEqual([inside.state, inside.error.code], ["unknown", "HTTP"]);
  assert.match(inside.error.message, /^no verdict for model version 7: /);
});
