import assert from "node:assert/strict";
import { describe, mock, test } from "node:test";
import { pausesOf } from "../../../src/extension/background/pauses.js";

const address = "https://civitai.com/api/v1/permissions/check?entityIds=1";

/** A `fetch` with pauses on a clock of ours, whose server answers as the test wants. */
function begin() {
  const world = { status: 403, sent: 0, replies: 0, now: 0 };
  mock.method(performance, "now", () => world.now);
  const ask = pausesOf(
    async () => {
      world.sent += 1;
      return new Response(null, { status: world.status });
    },
    () => {
      world.replies += 1;
    },
  );
  return { world, ask };
}

describe("bot protection that refuses the worker", () => {
  test("one request, then growing pauses, in which nothing is sent", async () => {
    const { world, ask } = begin();
    const sentAt = [];
    for (let minute = 0; minute < 180; minute++) {
      world.now = minute * 60_000 + 1;
      const before = world.sent;
      assert.equal((await ask(address, {})).status, 403);
      if (world.sent > before) sentAt.push(minute);
    }
    assert.deepEqual(sentAt, [0, 1, 3, 7, 15, 31, 63, 123]);
  });

  test("requests that were under way together count once", async () => {
    const { world, ask } = begin();
    await Promise.all([1, 2, 3, 4].map(() => ask(address, {})));
    assert.equal(world.sent, 4);
    world.now = 60_001;
    await ask(address, {});
    assert.equal(world.sent, 5, "after a minute, not after eight");
  });

  test("what bypasses the caches is sent, and once it is answered the pause is over", async () => {
    const { world, ask } = begin();
    await ask(address, {});
    world.status = 200;
    assert.equal((await ask(address, {})).status, 403);
    assert.equal((await ask(address, { cache: "no-store" })).status, 200);
    assert.equal((await ask(address, {})).status, 200);
    assert.equal(world.sent, 3);
    assert.equal(world.replies, 2);
  });
});
