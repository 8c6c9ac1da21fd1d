import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readPageFacts } from "../../../src/extension/content/find/page-facts.js";

/** @param {unknown} data */
const read = (data) => {
  const textContent = typeof data === "string" ? data : JSON.stringify(data);
  return JSON.parse(
    JSON.stringify(readPageFacts(/** @type {any} */ ({ querySelector: () => ({ textContent }) }))),
  );
};

const model = {
  id: 9,
  name: "A model",
  type: "LORA",
  user: { id: 7 },
  modelVersions: [
    {
      id: 2,
      name: "v2",
      availability: "Public",
      canGenerate: true,
      paidAccess: { endsAt: "2030-01-01", terms: { generation: { price: 1 } } },
    },
    { id: 1, name: "v1", availability: "Public", canGenerate: false, paidAccess: null },
  ],
};
const state = { queries: [{ queryKey: [["model", "getById"]], state: { data: model } }] };

/** @param {unknown} trpcState @param {object} [session] */
const page = (trpcState, session) => ({ props: { pageProps: { trpcState, session } }, query: { id: "9" } });

describe("the page's own data", () => {
  test("superjson: versions in order, gates, the owner", () => {
    const { model: found, session } = read(page({ json: state }));
    assert.equal(session, null);
    assert.deepEqual(
      [found.modelId, found.ownerId, found.versions.map((/** @type {any} */ one) => one.versionId)],
      [9, 7, [2, 1]],
    );
    const { items } = JSON.parse(found.reply);
    assert.deepEqual(items, [
      {
        ...{ id: 9, name: "A model", type: "LORA", userId: 7 },
        modelVersions: [
          {
            ...{ id: 2, name: "v2", availability: "Public", canGenerate: true, freeTrialLimit: 10 },
            paidAccess: { endsAt: "2030-01-01", permanent: false },
          },
          { id: 1, name: "v1", availability: "Public", canGenerate: false, paidAccess: null },
        ],
      },
    ]);
  });

  for (const [name, terms, said] of /** @type {const} */ ([
    ["free generation", { generation: { free: true } }, { earlyAccessConfig: { freeGeneration: true } }],
    ["tries", { generation: { trialLimit: 3 } }, { freeTrialLimit: 3 }],
    ["no tries", { generation: { trialLimit: 0 } }, { freeTrialLimit: 0 }],
    ["a tier without terms", { generation: {} }, { freeTrialLimit: 10 }],
    ["the download alone", { download: {} }, { freeTrialLimit: 0 }],
    ["nothing known", null, {}],
  ])) {
    test(`what is free behind a gate, in the words of the API: ${name}`, () => {
      const version = { id: 2, name: "v2", paidAccess: { endsAt: null, timeframeDays: null, terms } };
      const data = { ...model, modelVersions: [version, { ...version, paidAccess: undefined }] };
      const queries = [{ queryKey: [["model", "getById"]], state: { data } }];
      const [gated, unsaid] = JSON.parse(read(page({ json: { queries } })).model.reply).items[0]
        .modelVersions;
      assert.deepEqual(gated, {
        id: 2,
        name: "v2",
        paidAccess: { endsAt: null, permanent: true },
        ...said,
      });
      assert.equal("paidAccess" in unsaid, false, "an absent key is not a null");
    });
  }

  test("devalue: a text of indexes", () => {
    const flat = JSON.stringify([
      { queries: 1 },
      [2],
      { queryKey: 3, state: 6 },
      [4],
      [5, 7],
      "model",
      { data: 8 },
      "getById",
      { id: 9, name: 10, user: 11, modelVersions: 12 },
      9,
      "A model",
      { id: 13 },
      [14],
      7,
      { id: 15, name: 16, availability: 17, canGenerate: -1, paidAccess: 18 },
      2,
      "v2",
      "Public",
      { endsAt: 19, terms: 20 },
      ["Date", "2030-01-01T00:00:00.000Z"],
      { generation: 21 },
      { free: 22 },
      true,
    ]);
    const { model: found } = read(page(flat));
    assert.deepEqual(found.versions, [{ versionId: 2, versionName: "v2" }]);
    assert.deepEqual(JSON.parse(found.reply).items[0].modelVersions, [
      {
        ...{ id: 2, name: "v2", availability: "Public" },
        paidAccess: { endsAt: "2030-01-01T00:00:00.000Z", permanent: false },
        earlyAccessConfig: { freeGeneration: true },
      },
    ]);
  });

  test("of the session the number and nothing else", () => {
    const { session, model: found } = read(
      page({ json: state }, { user: { id: 5, email: "a@example.com" } }),
    );
    assert.deepEqual([session, JSON.stringify(found).includes("example")], [5, false]);
  });

  for (const [name, data] of /** @type {[string, unknown][]} */ ([
    ["cut off", '{"props":{'],
    ["absent", "null"],
    ["of another model", { ...page({ json: state }), query: { id: "10" } }],
    ["without queries", page(undefined)],
    ["of another shape", page("[[1]]")],
  ])) {
    test(`${name}: nothing`, () => assert.equal(read(data).model, null));
  }
});
