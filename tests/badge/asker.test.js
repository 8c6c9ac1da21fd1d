// What the badges of one document ask together.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Asker } from "../../src/badge/asker.js";

/** As much of the module: every version is open. @type {any} */
const module = {
  parseEntityId: Number,
  PermissionChecker: class {
    /** @param {Iterable<number>} ids @param {{ userId: string | null }} options */
    async *explainStream(ids, { userId }) {
      if (userId === "null") throw { code: "INVALID_ARGUMENT" };
      yield [...ids].map((entityId) => ({ entityId, generation: "open", complete: true }));
    }
  },
};

test("what is no user number fails alone, whichever is asked first", async () => {
  for (const users of [
    ["null", null],
    [null, "null"],
  ]) {
    const asker = new Asker(null, async () => module);
    const answers = await Promise.all(users.map((userId) => ask(asker, userId)));
    assert.deepEqual(
      answers,
      users.map((userId) => (userId === null ? "open" : "failed INVALID_ARGUMENT")),
    );
  }
});

/** @param {Asker} asker @param {string | null} userId */
const ask = (asker, userId = null) =>
  new Promise((resolve) =>
    asker.ask({
      ...{ entity: "2402203", model: null, userId, isNear: true, fresh: false },
      receive: ({ generation }) => resolve(generation),
      fail: ({ code }) => resolve(`failed ${code}`),
    }),
  );

test("a module that could not be loaded is loaded again by the next question", async () => {
  let loads = 0;
  const asker = new Asker(null, async () => {
    loads += 1;
    if (loads === 1) throw new TypeError("Failed to fetch dynamically imported module");
    return module;
  });
  assert.equal(await ask(asker), "failed ");
  assert.equal(await ask(asker), "open");
  assert.equal(loads, 2);
});
