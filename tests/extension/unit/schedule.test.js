// When the page is looked at: without a frame, too, when the popup asks. And when what changed is drawn.

import assert from "node:assert/strict";
import { test } from "node:test";
import { useClocks } from "./page.js";

/** Frames that were asked for. @type {(() => void)[]} */
const frames = [];
globalThis.requestAnimationFrame = (frame) => frames.push(() => frame(0));
const { passNow, scheduleDraw, schedulePass, schedulePassNow, schedules } = await import(
  "../../../src/extension/content/schedule.js"
);

/** Looks that have begun, and how to end them, after so many milliseconds. @type {((took?: number) => void)[]} */
const looks = [];
/** Versions that were drawn together. @type {number[][]} */
const drawn = [];
schedules(
  () => new Promise((resolve) => looks.push((took = 1) => resolve(took))),
  () => {},
  (versions) => drawn.push(versions),
);
const aTurn = () => new Promise((resolve) => setImmediate(resolve));

test("a look without a frame, for the popup: a hidden page has none; the frame that comes later looks no second time", async () => {
  const looked = passNow();
  await aTurn();
  assert.equal(looks.length, 1);
  looks[0]?.();
  await looked;
  for (const frame of frames.splice(0)) frame();
  await aTurn();
  assert.equal(looks.length, 1);
});

test("what changed during a look is looked at before the popup has its answer", async () => {
  looks.length = 0;
  schedulePass();
  await new Promise((resolve) => setTimeout(resolve, 30));
  for (const frame of frames.splice(0)) frame();
  await aTurn();
  assert.equal(looks.length, 1);
  let isDone = false;
  const looked = passNow().then(() => {
    isDone = true;
  });
  looks[0]?.();
  await aTurn();
  assert.equal(looks.length, 2);
  assert.equal(isDone, false);
  looks[1]?.();
  await looked;
});

test("another address during a look: looked at again without the pause that this look has earned", async () => {
  looks.length = 0;
  schedulePassNow();
  for (const frame of frames.splice(0)) frame();
  await aTurn();
  assert.equal(looks.length, 1);
  schedulePassNow();
  looks[0]?.(50);
  await aTurn();
  assert.equal(frames.length, 1);
  for (const frame of frames.splice(0)) frame();
  await aTurn();
  assert.equal(looks.length, 2);
  looks[1]?.();
  await aTurn();
});

test("the answer about one version is drawn at once; those that follow it closely are drawn together", async (t) => {
  const clocks = useClocks(t);
  scheduleDraw(1);
  await clocks.pass(1);
  assert.deepEqual(drawn, [[1]]);
  scheduleDraw(2);
  await clocks.pass(20);
  scheduleDraw(3);
  await clocks.pass(20);
  assert.deepEqual(drawn, [[1]]);
  await clocks.pass(20);
  assert.deepEqual(drawn, [[1], [2, 3]]);
});
