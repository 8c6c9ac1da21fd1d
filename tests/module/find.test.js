// Resources in texts and values, and what links name. The kinds of text stand in tests/fixtures/resources.json.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { findResources, PermissionChecker, parseLink } from "civitai-permissions";
import { recordingFetch } from "./support.js";

/** @param {unknown} source */
const ids = (source) => findResources(source).map(({ entityId }) => entityId);

test("a value is walked as its JSON is read", () => {
  const folder = new URL("../fixtures/", import.meta.url);
  /** @type {{ cases: { kind: string, file: string }[] }} */
  const { cases } = JSON.parse(readFileSync(new URL("resources.json", folder), "utf8"));
  const values = cases.filter(({ file }) => file.endsWith(".json"));
  assert.ok(values.length > 3);
  for (const { kind, file } of values) {
    const text = readFileSync(new URL(`resources/${file}`, folder), "utf8");
    // Python writes NaN, which JSON has not.
    const found = findResources(JSON.parse(text.replaceAll(": NaN", ": null")));
    assert.ok(found.length > 0, kind);
    assert.deepEqual(found, findResources(text), kind);
  }
});

test("a workflow: keys, links, named numbers; never a seed", () => {
  const workflow = {
    steps: [
      {
        input: {
          model: "urn:air:sdxl:checkpoint:civitai:101055@128078",
          seed: 2514310,
          additionalNetworks: { "urn:air:sdxl:lora:civitai:827184@2514310": { strength: 1 } },
        },
      },
    ],
    resources: [{ modelVersionId: 2402203, weight: 900201 }],
  };
  assert.deepEqual(ids(workflow), [128078, 2514310, 2402203]);
  assert.deepEqual(findResources(workflow)[1], {
    text: "urn:air:sdxl:lora:civitai:827184@2514310",
    entityId: 2514310,
    modelId: 827184,
    source: "civitai",
  });
});

test("values of every kind: cycles, maps, sets, URLs, bigints, what throws", () => {
  /** @type {any} */
  const cycle = { name: "civitai:1@2" };
  cycle.self = cycle;
  cycle.list = [cycle, [cycle]];
  assert.deepEqual(ids(cycle), [2]);
  const shared = [3];
  assert.deepEqual(ids({ seeds: shared, entityIds: shared }), [3]);
  assert.deepEqual(ids(new Map([["modelVersionId", 4]])), [4]);
  assert.deepEqual(ids(new Set(["civitai:1@5"])), [5]);
  assert.deepEqual(ids([new URL("https://civitai.com/models/1?modelVersionId=6")]), [6]);
  assert.deepEqual(ids({ modelVersionId: 7n }), [7]);
  const throwing = {
    get bad() {
      throw new Error("mine");
    },
    good: "civitai:1@8",
  };
  assert.deepEqual(ids(throwing), [8]);
  for (const nothing of [
    undefined,
    null,
    5,
    true,
    Symbol("x"),
    () => "civitai:1@2",
    new Uint8Array(9),
    {},
    [],
  ])
    assert.deepEqual(findResources(nothing), []);
  const proxy = new Proxy(
    {},
    { ownKeys: throwing.constructor === Object ? () => JSON.parse("x") : () => [] },
  );
  assert.deepEqual(findResources(proxy), []);
});

test("values that throw at every touch, or only look like lists and maps, are passed over", async () => {
  const { fetch } = recordingFetch(() => new Promise(() => {}));
  const underWay = new PermissionChecker({ fetch }).check([1], { signal: AbortSignal.timeout(1000) });
  const revoked = (/** @type {object} */ target) => {
    const { proxy, revoke } = Proxy.revocable(target, {});
    revoke();
    return proxy;
  };
  const fail = () => {
    throw new Error("mine");
  };
  const endless = Object.assign(new Map([["a", "civitai:1@8"]]), {
    entries: fail,
    *[Symbol.iterator]() {
      for (;;) yield ["a", 1];
    },
  });
  for (const value of [
    Object.create(Map.prototype),
    Object.create(Set.prototype),
    new Proxy(new Map([["a", "civitai:1@2"]]), {}),
    new Proxy(new Set(["civitai:1@2"]), {}),
    revoked({}),
    revoked([]),
    new Proxy([], { get: fail }),
    new Proxy([], { get: (_, key) => (key === "length" ? { valueOf: fail } : 1) }),
    ...["get", "ownKeys", "getPrototypeOf"].map((trap) => new Proxy({ a: 1 }, { [trap]: fail })),
  ])
    assert.deepEqual(ids([value, "civitai:1@8"]), [8]);
  assert.deepEqual(ids(endless), [8]);
  // None of them has ended the calls of others.
  await assert.rejects(underWay, { name: "TimeoutError" });
});

test("depth and size end", () => {
  let deep = /** @type {unknown} */ ("civitai:1@2");
  for (let depth = 0; depth < 100_000; depth++) deep = [deep];
  assert.deepEqual(ids(deep), [2]);
  /** @type {any} */
  let wide = { id: "civitai:1@2" };
  // 2^40 paths.
  for (let depth = 0; depth < 40; depth++) wide = depth % 2 ? [wide, wide] : { left: wide, right: wide };
  const from = performance.now();
  assert.deepEqual(ids(wide), [2]);
  assert.ok(performance.now() - from < 5000);
});

test("what a link names", () => {
  assert.deepEqual(parseLink("https://civitai.com/models/827184/x?modelVersionId=2514310"), {
    modelId: 827184,
    entityId: 2514310,
  });
  assert.deepEqual(parseLink("civitai.red/models/9"), { modelId: 9, entityId: null });
  assert.deepEqual(parseLink("/model-versions/3"), { modelId: null, entityId: 3 });
  assert.deepEqual(parseLink("urn:air:sdxl:lora:civitai:1@2"), { modelId: 1, entityId: 2 });
  for (const none of ["", "x", "https://example.com/models/9", "https://civitai.com/user/me", 5, null])
    assert.equal(parseLink(/** @type {any} */ (none)), null);
});
