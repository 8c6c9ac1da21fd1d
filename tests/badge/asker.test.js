// What the badges of one document ask together.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Asker } from "../../src/badge/asker.js";

test("a module that could not be loaded is loaded again by the next question", async () => {
  class PermissionChecker {
    /** @param {Iterable<number>} ids */
    async *explainStream(ids) {
      yield [...ids].map((entityId) => ({ entityId, generation: "open", complete: true }));
    }
  }
  let loads = 0;
  const asker = new Asker(null, async () => {
    loads += 1;
    if (loads === 1) throw new TypeError("Failed to fetch dynamically imported module");
    return /** @type {any} */ ({ PermissionChecker, parseEntityId: Number });
  });
  const ask = () =>
    new Promise((resolve) =>
      asker.ask({
        ...{ entity: "2402203", model: null, userId: null, isNear: true, fresh: false },
        receive: ({ generation }) => resolve(generation),
        fail: ({ code }) => resolve(`failed ${code}`),
      }),
    );
  assert.equal(await ask(), "failed ");
  assert.equal(await ask(), "open");
  assert.equal(loads, 2);
});
