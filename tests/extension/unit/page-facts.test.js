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
  test("what it says of generation means nothing for a model of wildcards", () => {
    const wildcards = { ...model, type: "Wildcards" };
    const queries = [{ queryKey: [["model", "getById"]], state: { data: wildcards } }];
    const can = (/** @type {any} */ told) =>
      told.model.versions.map((/** @type {any} */ one) => one.canGenerate);
    assert.deepEqual(can(read(page({ json: { queries } }))), [null, null]);
    assert.deepEqual(can(read(page({ json: state }))), [true, false]);
  });

  test("superjson: versions in order, gates, the owner", () => {
    const { model: told, session } = read(page({ json: state }));
    assert.equal(session, null);
    assert.deepEqual(
      [told.modelId, told.ownerId, told.versions.map((/** @type {any} */ one) => one.versionId)],
      [9, 7, [2, 1]],
    );
    assert.deepEqual(told.versions[0].paidAccess, { endsAt: "2030-01-01", timed: true, trials: 10 });
    assert.equal(told.versions[1].paidAccess, null);
  });

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
    const { model: told } = read(page(flat));
    assert.deepEqual(told.versions, [
      {
        versionId: 2,
        versionName: "v2",
        availability: "Public",
        canGenerate: null,
        paidAccess: { endsAt: "2030-01-01T00:00:00.000Z", timed: true, trials: "unlimited" },
      },
    ]);
  });

  test("of the session the number and nothing else", () => {
    const { session, model: told } = read(page({ json: state }, { user: { id: 5, email: "a@example.com" } }));
    assert.deepEqual([session, JSON.stringify(told).includes("example")], [5, false]);
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
