import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, MOST_LOOK_UPS } from "../../www/ask.js";

/** @typedef {import("../../src/js/types.js").Resource} Resource */

/** @param {Partial<Resource>} more @returns {Resource} */
const resource = (more) => ({ text: "", entityId: null, modelId: null, source: "civitai", ...more });
const error = /** @type {import("../../src/js/types.js").PermissionsError} */ (
  /** @type {unknown} */ ({ code: "HTTP", status: 404, message: "" })
);

/** @param {Resource[]} resources */
async function asked(resources) {
  const calls = /** @type {{ ids: number[], bulk: boolean | undefined }[]} */ ([]);
  /** @type {any} */
  const checker = {
    versions: async (/** @type {number[]} */ models) =>
      models.map((modelId) =>
        modelId === 404
          ? { modelId, versions: [], error }
          : { modelId, versions: [{ versionId: modelId * 10 }, { versionId: 2 }] },
      ),
    async *explainStream(/** @type {number[]} */ ids, /** @type {{ bulk: boolean }} */ { bulk }) {
      calls.push({ ids, bulk });
      yield ids.map((entityId) => ({ entityId }));
    },
  };
  const arrivals = [];
  const { signal } = new AbortController();
  for await (const arrival of ask(resources, checker, { userId: null, signal })) arrivals.push(arrival);
  return { arrivals, calls };
}

test("a model stands for its versions, where it was named, each version once", async () => {
  const { arrivals, calls } = await asked([
    resource({ entityId: 1 }),
    resource({ modelId: 5 }),
    resource({ entityId: 2 }),
    resource({ modelId: 404 }),
  ]);
  assert.deepEqual(arrivals.slice(0, 2), [
    { model: 404, failure: error },
    { ids: [1, 50, 2], whole: [5, 404] },
  ]);
  assert.deepEqual(calls, [{ ids: [1, 50, 2], bulk: false }]);
});

test("a long list is asked without a look-up of each denied version", async () => {
  const many = Array.from({ length: MOST_LOOK_UPS + 1 }, (_, nth) => resource({ entityId: nth + 1 }));
  assert.equal((await asked(many)).calls[0]?.bulk, true);
  assert.equal((await asked(many.slice(1))).calls[0]?.bulk, false);
});
