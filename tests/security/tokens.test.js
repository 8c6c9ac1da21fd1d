// A token pasted where an id, an option or a link belongs: it is in no message, and no request is sent.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { checkPermissions, isPermissionsError, PermissionChecker } from "civitai-permissions";
import { currentUser } from "civitai-permissions/server";
import { failureOf } from "../module/support.js";

/** As they look: a key of Civitai's, a JSON web token, a bearer header. */
const SECRETS = [
  "0123456789abcdef0123456789abcdef",
  "eyJhbGciOiJIUzI1NiJ9.eyJpZCI6MX0.abcdefghijklmno",
  "Bearer 0123456789abcdef0123456789abcdef",
];

/** Everywhere a person pastes one by mistake. @type {[string, (secret: string) => unknown][]} */
const places = [
  ["the list", (secret) => checkPermissions(/** @type {any} */ (secret))],
  ["an id", (secret) => checkPermissions([secret])],
  [
    "a link's query",
    (secret) => checkPermissions([`https://civitai.com/api/download/models/x?token=${secret}`]),
  ],
  ["a link's fragment", (secret) => checkPermissions([`https://civitai.com/models#${secret}`])],
  [
    "a link's credentials",
    (secret) => checkPermissions([`https://me:${encodeURIComponent(secret)}@elsewhere.test/models/1`]),
  ],
  ["userId", (secret) => checkPermissions([1], { userId: secret })],
  ["an option of its own", (secret) => checkPermissions([1], /** @type {any} */ ({ token: secret }))],
  ["an option's name", (secret) => checkPermissions([1], /** @type {any} */ ({ [secret]: 1 }))],
  ["maxAge", (secret) => new PermissionChecker(/** @type {any} */ ({ maxAge: secret })).check([1])],
  ["baseUrl", (secret) => checkPermissions([1], { baseUrl: `https://civitai.com/?token=${secret}` })],
  ["a model", (secret) => new PermissionChecker().versions([secret])],
  [
    "a header of its own",
    (secret) => checkPermissions([1], /** @type {any} */ ({ headers: { Authorization: secret } })),
  ],
];
for (const [where, call] of places) {
  test(`token: in ${where} it is in no message, and no request is sent`, async (context) => {
    const fetching = context.mock.method(globalThis, "fetch", async () => Response.json({}));
    for (const secret of SECRETS) {
      const error = await failureOf(async () => call(secret));
      const shown = inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error) + error.stack;
      const core = secret.replace("Bearer ", "");
      assert.ok(!shown.includes(core), `${where}: ${error.message}`);
      assert.ok(!shown.includes(core.slice(0, 24)), `${where}: ${error.message}`);
    }
    assert.equal(fetching.mock.callCount(), 0);
  });
}

test("token: currentUser puts it into one header, and into no error", async () => {
  const [token = ""] = SECRETS;
  /** @type {{ url: string, init: RequestInit }[]} */
  const calls = [];
  const fetch = /** @type {any} */ (
    async (/** @type {unknown} */ url, /** @type {RequestInit} */ init) => {
      calls.push({ url: String(url), init });
      throw new Error(`could not reach it with ${token}`);
    }
  );
  const error = await currentUser({ token, fetch }).then(
    () => assert.fail("it answered"),
    (reason) => reason,
  );
  assert.ok(isPermissionsError(error));
  assert.ok(!error.message.includes(token) && !JSON.stringify(error).includes(token));
  for (const { url, init } of calls) {
    assert.ok(!url.includes(token));
    assert.equal(init.redirect, "manual");
    assert.equal(new Headers(init.headers).get("authorization"), `Bearer ${token}`);
  }
  assert.ok(calls.length > 0);
});
