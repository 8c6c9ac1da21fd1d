// When a badge does something later: after the time that was asked for, whatever happens to the clocks.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Later } from "../../src/badge/later.js";
import { useClocks } from "../extension/unit/page.js";

const HOUR = 3_600_000;

/** @param {import("node:test").TestContext} t */
function begin(t) {
  const clocks = useClocks(t);
  const document = /** @type {any} */ (Object.assign(new EventTarget(), { hidden: false }));
  let times = 0;
  const act = () => {
    times += 1;
  };
  return { clocks, document, later: new Later(document), act, times: () => times };
}

test("after its span, once", async (t) => {
  const { clocks, later, act, times } = begin(t);
  later.after(act, 15_000);
  await clocks.pass(14_900);
  assert.equal(times(), 0);
  await clocks.pass(200);
  assert.equal(times(), 1);
  await clocks.pass(60_000);
  assert.equal(times(), 1);
});

test("a clock set back by an hour delays nothing", async (t) => {
  const { clocks, later, act, times } = begin(t);
  later.after(act, 15_000);
  clocks.setWallClock(-HOUR);
  await clocks.pass(15_100);
  assert.equal(times(), 1);
});

test("a machine that slept past the moment: within a minute of waking", async (t) => {
  const { clocks, later, act, times } = begin(t);
  later.after(act, 8 * HOUR);
  await clocks.pass(60_000);
  // The page's own clock and its timers stood still.
  clocks.setWallClock(9 * HOUR);
  await clocks.pass(60_100);
  assert.equal(times(), 1);
});

test("nothing while the document is hidden, and what was due when it is seen again", async (t) => {
  const { clocks, document, later, act, times } = begin(t);
  later.after(act, 1000);
  document.hidden = true;
  document.dispatchEvent(new Event("visibilitychange"));
  await clocks.pass(5000);
  assert.equal(times(), 0);
  document.hidden = false;
  document.dispatchEvent(new Event("visibilitychange"));
  await clocks.pass(100);
  assert.equal(times(), 1);
});

test("taken back, or set again: the earlier moment counts no more", async (t) => {
  const { clocks, later, act, times } = begin(t);
  later.after(act, 1000);
  later.after(act, 3000);
  await clocks.pass(2000);
  assert.equal(times(), 0);
  later.never(act);
  await clocks.pass(5000);
  assert.equal(times(), 0);
});
