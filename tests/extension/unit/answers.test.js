import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { now } from "../../../src/badge/clock.js";
import {
  dueAt,
  forgetAnswers,
  forgetOld,
  keepModel,
  keepVersion,
  known,
  lacking,
  noteGatesAsked,
  update,
} from "../../../src/extension/content/answers.js";
import { modelAnswer, trouble, useClocks, versionAnswer } from "./page.js";

afterEach(forgetAnswers);

const open = versionAnswer(11);
const locked = versionAnswer(12, { state: "locked", gate: "paid" });

describe("which version a link speaks of", () => {
  test("the one that it names, else the first", () => {
    keepModel(modelAnswer(1, [open, locked]));
    assert.equal(known({ model: 1, version: 12 })?.state, "locked");
    assert.equal(known({ model: 1, version: null })?.versionId, 11);
    assert.equal(known({ model: null, version: 12 })?.state, "locked");
  });

  test("a deleted version, or one of another model: the model's first, as the site does", () => {
    keepModel(modelAnswer(1, [open]));
    keepModel(modelAnswer(2, [locked]));
    assert.equal(known({ model: 1, version: 888 })?.versionId, 11);
    // Another link names it without a model: the check denies what does not exist.
    keepVersion(versionAnswer(888, { state: "gated", modelId: null, exists: false }));
    assert.equal(known({ model: null, version: 888 })?.exists, false);
    assert.equal(known({ model: 1, version: 888 })?.versionId, 11);
    assert.equal(known({ model: 1, version: 12 })?.versionId, 11);
    assert.equal(known({ model: 2, version: 11 })?.state, "locked");
    assert.deepEqual(lacking({ model: 1, version: 888 }), { models: [], versions: [], fresh: [] });
  });

  test("a model that no list knows: the named version is asked about", (t) => {
    const { wall } = useClocks(t);
    const error = trouble("HTTP", 404, wall() + 600_000);
    keepModel(modelAnswer(1, [], { error }));
    assert.deepEqual(lacking({ model: 1, version: 12 }).versions, [12]);
    assert.equal(known({ model: 1, version: 12 }), null);
    keepVersion(versionAnswer(12, { state: "gated", modelId: null }));
    assert.equal(known({ model: 1, version: 12 })?.state, "gated");
  });

  test("a model that no list knows, and a version of another: nothing is known", (t) => {
    const { wall } = useClocks(t);
    keepModel(modelAnswer(1, [], { error: trouble("HTTP", 404, wall() + 600_000) }));
    keepVersion(versionAnswer(12, { modelId: 2 }));
    assert.equal(known({ model: 1, version: 12 })?.state, "unknown");
  });

  test("a model that its list knew, and knows no more: a link to the version alone is asked about", (t) => {
    const { wall } = useClocks(t);
    for (const model of [null, 1]) {
      forgetAnswers();
      keepModel(modelAnswer(1, [open, locked]));
      keepModel(modelAnswer(1, [], { error: trouble("HTTP", 404, wall() + 600_000) }));
      assert.deepEqual(lacking({ model, version: 12 }).versions, [12]);
      keepVersion(versionAnswer(12, { state: "gated", modelId: null }));
      assert.equal(known({ model, version: 12 })?.state, "gated");
      assert.deepEqual(lacking({ model, version: 12 }).versions, []);
    }
  });

  test("a model that lists leave out, and the page shows it now: looked up by itself", (t) => {
    const { wall } = useClocks(t);
    for (const id of [1, 2])
      keepModel(modelAnswer(id, [], { error: trouble("HTTP", 404, wall() + 600_000) }));
    forgetOld(1);
    assert.deepEqual(lacking({ model: 1, version: null }).models, [1]);
    assert.deepEqual(lacking({ model: 2, version: null }).models, []);
  });

  test("a failed list is no reason to ask for each version", (t) => {
    const { wall } = useClocks(t);
    keepModel(modelAnswer(1, [], { error: trouble("HTTP", 503, wall() + 60_000) }));
    assert.deepEqual(lacking({ model: 1, version: 12 }), { models: [], versions: [], fresh: [] });
    assert.equal(known({ model: 1, version: 12 })?.error?.status, 503);
  });
});

describe("when to ask again", () => {
  test("a clock set back by an hour silences nothing", async (t) => {
    const clocks = useClocks(t);
    keepModel(modelAnswer(1, [], { error: trouble("NETWORK", null, clocks.wall() + 15_000) }));
    clocks.setWallClock(-3_600_000);
    await clocks.pass(14_000);
    assert.deepEqual(lacking({ model: 1, version: null }).models, []);
    await clocks.pass(1100);
    assert.deepEqual(lacking({ model: 1, version: null }).models, [1]);
  });

  test("a time far ahead is an hour at most", (t) => {
    const clocks = useClocks(t);
    keepModel(modelAnswer(1, [], { error: trouble("NETWORK", null, clocks.wall() + 10 ** 12) }));
    assert.ok(dueAt({ model: 1, version: null }) - now() <= 3_600_000);
  });

  test("a machine that slept past the end of a gate, or of a pause: what is due is asked about on waking", async (t) => {
    const clocks = useClocks(t);
    const endsAt = new Date(clocks.wall() + 5 * 3_600_000).toISOString();
    keepModel(modelAnswer(1, [versionAnswer(12, { state: "locked", gate: "earlyAccess", endsAt })]));
    keepModel(modelAnswer(2, [], { error: trouble("NETWORK", null, clocks.wall() + 3_600_000) }));
    await clocks.pass(1000);
    assert.deepEqual(lacking({ model: 1, version: null }).fresh, []);
    // The page's own clock stands still meanwhile.
    clocks.setWallClock(6 * 3_600_000);
    assert.deepEqual(lacking({ model: 1, version: null }).fresh, [12]);
    assert.deepEqual(lacking({ model: 2, version: null }).models, [2]);
    forgetOld(null);
    assert.equal(known({ model: 1, version: null }), null, "and a navigation asks for all of it anew");
  });

  test("a version that could not be asked about, and is in a list by now: nothing is due", async (t) => {
    const clocks = useClocks(t);
    const error = trouble("NETWORK", null, clocks.wall() + 15_000);
    keepVersion(versionAnswer(12, { state: "unknown", error }));
    assert.ok(dueAt({ model: null, version: 12 }) - now() <= 15_000);
    keepModel(modelAnswer(1, [open, locked]));
    for (const model of [null, 1]) assert.equal(dueAt({ model, version: 12 }), Number.POSITIVE_INFINITY);
  });

  test("a gate that is over: once after its end, 30 s and 2 min later, and then no more", async (t) => {
    const clocks = useClocks(t);
    const endsAt = new Date(clocks.wall() + 6000).toISOString();
    const timed = versionAnswer(12, { state: "locked", gate: "earlyAccess", endsAt });
    keepModel(modelAnswer(1, [timed]));
    const asked = [];
    for (let second = 0; second < 600; second++) {
      await clocks.pass(1000);
      const { fresh } = lacking({ model: 1, version: null });
      if (fresh.length === 0) continue;
      asked.push(second);
      noteGatesAsked(fresh);
      // Civitai's clock is behind, and past the end its list leaves the date out.
      update({ ...timed, endsAt: asked.length === 1 ? null : endsAt });
    }
    assert.deepEqual(asked, [6, 36, 156]);
    assert.equal(dueAt({ model: 1, version: null }), Number.POSITIVE_INFINITY);
  });
});

describe("a gate that is over, and Civitai out of reach", () => {
  const endsIn = (/** @type {number} */ ms, /** @type {ReturnType<typeof useClocks>} */ { wall }) =>
    versionAnswer(12, {
      ...{ state: "locked", gate: "earlyAccess", endsAt: new Date(wall() + ms).toISOString() },
    });

  test("a failure is no answer: asked again in its time, as often as before", async (t) => {
    const clocks = useClocks(t);
    keepModel(modelAnswer(1, [endsIn(6000, clocks)]));
    for (let failures = 0; failures < 5; failures++) {
      await clocks.pass(31_000);
      assert.deepEqual(lacking({ model: 1, version: null }).fresh, [12], `after ${failures} failures`);
      noteGatesAsked([12]);
      const error = trouble("NETWORK", null, clocks.wall() + 30_000);
      keepVersion(versionAnswer(12, { state: "unknown", error }));
      assert.deepEqual(lacking({ model: 1, version: null }).fresh, []);
    }
    await clocks.pass(31_000);
    noteGatesAsked(lacking({ model: 1, version: null }).fresh);
    keepVersion(versionAnswer(12));
    assert.equal(known({ model: 1, version: 12 })?.state, "open");
    assert.equal(dueAt({ model: 1, version: null }), Number.POSITIVE_INFINITY);
  });

  test("what gates leave free fails before the end: the end is not forgotten", async (t) => {
    const clocks = useClocks(t);
    keepModel(modelAnswer(1, [endsIn(60_000, clocks)]));
    update(versionAnswer(12, { state: "unknown", error: trouble("HTTP", 503, clocks.wall() + 5000) }));
    await clocks.pass(62_000);
    assert.deepEqual(lacking({ model: 1, version: null }).fresh, [12]);
  });
});

describe("a later answer of one version", () => {
  test("of the next gate nothing is known: not what the one before left free", () => {
    const [first, next] = ["2026-12-01T00:00:00Z", "2027-12-01T00:00:00Z"];
    const before = versionAnswer(12, { state: "locked", gate: "earlyAccess", endsAt: first });
    for (const more of [{ endsAt: next }, { gate: "paid", endsAt: null }]) {
      keepModel(modelAnswer(1, [before]));
      update(versionAnswer(12, { ...before, state: "gated", complete: false, ...more }));
      assert.equal(known({ model: 1, version: 12 })?.state, "gated", JSON.stringify(more));
    }
    // Past its end a list may leave the date out; and what is not known is no other gate.
    for (const more of [{ endsAt: null }, { gate: "unknown", endsAt: null }]) {
      keepModel(modelAnswer(1, [before]));
      update(versionAnswer(12, { ...before, state: "gated", complete: false, ...more }));
      assert.equal(known({ model: 1, version: 12 })?.state, "locked", JSON.stringify(more));
    }
  });

  test("what a gate leaves free takes the place of not knowing it, under the list's name", () => {
    keepModel(modelAnswer(1, [versionAnswer(12, { state: "gated", complete: false, versionName: "Night" })]));
    update(versionAnswer(12, { state: "trial", trials: 10, versionName: null, modelId: null }));
    const answer = known({ model: 1, version: 12 });
    assert.deepEqual(
      [answer?.state, answer?.trials, answer?.versionName, answer?.modelId],
      ["trial", 10, "Night", 1],
    );
  });

  test("a failure is no answer, and a denial alone is less than what is known", () => {
    keepModel(modelAnswer(1, [versionAnswer(12, { state: "trial", trials: 10 })]));
    update(versionAnswer(12, { state: "unknown", error: trouble("HTTP", 500, 0) }));
    update(versionAnswer(12, { state: "gated", complete: false }));
    assert.equal(known({ model: 1, version: 12 })?.state, "trial");
    update(versionAnswer(12, { state: "yours", by: "account" }));
    assert.equal(known({ model: 1, version: 12 })?.state, "yours");
  });
});
