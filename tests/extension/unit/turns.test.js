import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { amongTerms, inTurn, TERMS_AT_ONCE, tellingLists } from "../../../src/extension/background/turns.js";

/**
 * A clock of ours, whose timers are as late as the machine is busy.
 *
 * @param {import("node:test").TestContext} t
 */
function begin(t) {
  const world = { now: 0, late: 0 };
  t.mock.method(performance, "now", () => world.now);
  t.mock.method(globalThis, "setTimeout", (/** @type {() => void} */ then, ms = 0) => {
    const due = world.now + ms + world.late;
    queueMicrotask(() => {
      world.now = Math.max(world.now, due);
      then();
    });
  });
  /** When a round begins that is asked for now, whose list leaves so much later. @param {number} tab @param {number} [later] */
  const begins = (tab, later = 0) =>
    inTurn(tab, false, async (_, left) => {
      const began = world.now;
      world.now += later;
      left();
      return began;
    });
  /** Whether the caches are bypassed in a round that asks for it. @param {number} tab */
  const bypasses = (tab) => inTurn(tab, true, async (fresh) => fresh);
  return { world, begins, bypasses };
}

describe("the rounds of a tab", () => {
  test("the first at once, the next a second later, another tab's at once", async (t) => {
    const { world, begins } = begin(t);
    assert.equal(await begins(1), 0);
    world.now = 300;
    assert.equal(await begins(2), 300);
    assert.equal(await begins(1), 1000);
    world.now = 5000;
    assert.equal(await begins(1), 5000);
  });

  test("one that began late, on a busy machine: the next is a second after that", async (t) => {
    const { world, begins } = begin(t);
    await begins(3);
    world.late = 700;
    const late = await begins(3);
    assert.equal(late, 1700);
    world.late = 0;
    world.now = 2000;
    assert.equal(await begins(3), late + 1000);
  });

  test("one whose list left late: the next is a second after the list", async (t) => {
    const { begins } = begin(t);
    assert.equal(await begins(4, 250), 0);
    assert.equal(await begins(4), 1250);
  });

  test("one whose `fetch` takes long, on a busy machine: the next is a second after that, and a check does not count", async (t) => {
    const { world } = begin(t);
    const busy = async () => {
      world.now += 100;
      return new Response();
    };
    /** When a round begins, which asks for these in turn. @param {string[]} paths */
    const asks = (paths) =>
      inTurn(8, false, async (_, left) => {
        const began = world.now;
        const send = tellingLists(busy, [left]);
        for (const path of paths) await send(`https://civitai.com/api/v1/${path}`, {});
        return began;
      });
    assert.equal(await asks(["models?ids=1", "permissions/check?entityIds=1"]), 0);
    assert.equal(await asks(["models?ids=2"]), 1100);
    assert.equal(await asks([]), 2200);
  });

  test("one without a list, or that fails: the next is a second after it began", async (t) => {
    const { world, begins } = begin(t);
    const fails = async () => {
      world.now += 400;
      throw new Error("aborted");
    };
    await assert.rejects(inTurn(5, false, fails), /aborted/);
    assert.equal(await begins(5), 1000);
  });

  test("two that wait together begin one after the other", async (t) => {
    const { begins } = begin(t);
    await begins(6);
    assert.deepEqual(await Promise.all([begins(6), begins(6)]), [1000, 2000]);
  });

  test("past the caches: at once, once in ten seconds; the next round is a second later", async (t) => {
    const { world, begins, bypasses } = begin(t);
    await begins(7);
    world.now = 500;
    assert.equal(await bypasses(7), true);
    assert.equal(world.now, 500);
    assert.equal(await begins(7), 1500);
    world.now = 4000;
    assert.equal(await bypasses(7), false);
    world.now = 10_600;
    assert.equal(await bypasses(7), true);
  });
});

test("look-ups of terms: four under way, the next when one has ended, well or not", async () => {
  /** @type {((ended: Promise<string>) => void)[]} */
  const ends = [];
  const began = () => ends.length;
  const all = ["a", "b", "c", "d", "e", "f"].map(() =>
    amongTerms(() => new Promise((end) => ends.push(end))),
  );
  assert.deepEqual([TERMS_AT_ONCE, began()], [4, 4]);
  ends[1]?.(Promise.resolve("reply"));
  assert.equal(await all[1], "reply");
  assert.equal(began(), 5);
  ends[0]?.(Promise.reject(new Error("aborted")));
  await assert.rejects(all[0] ?? Promise.resolve(), /aborted/);
  assert.equal(began(), 6);
  for (const end of ends) end(Promise.resolve(""));
  await Promise.allSettled(all);
  amongTerms(async () => "");
  assert.equal(await amongTerms(async () => "again"), "again");
});
