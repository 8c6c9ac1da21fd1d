import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { forgetOld, known } from "../../../src/extension/content/answers.js";
import {
  askAgain,
  beginWanting,
  endWanting,
  forgetAnswers,
  isHeld,
  want,
  wantTerms,
  whenViewerChanged,
} from "../../../src/extension/content/ask.js";
import { state } from "../../../src/extension/content/state.js";
import { modelAnswer, useBackground, useClocks, versionAnswer } from "./page.js";

afterEach(async () => {
  forgetAnswers();
  Object.assign(state, { stopped: false, asPublic: false });
  state.settings.revision = 0;
});

const viewer = { mode: "public" };
/** A background that knows everything. @param {any} message */
const all = ({ models = [], versions = [] }) => ({
  ok: true,
  viewer,
  models: models.map((/** @type {number} */ id) => modelAnswer(id, [versionAnswer(id * 10)])),
  versions: versions.map((/** @type {number} */ id) => versionAnswer(id)),
});
/** @param {number} from @param {number} count */
const range = (from, count) => Array.from({ length: count }, (_, at) => from + at);

describe("rounds", () => {
  test("the first at once, then one a second, also after the clock was set back by an hour", async (t) => {
    const clocks = useClocks(t);
    const sent = useBackground(all);
    await clocks.pass(2000);
    want({ model: 1, version: null });
    await clocks.pass(100);
    assert.equal(sent.length, 1);
    clocks.setWallClock(-3_600_000);
    want({ model: 2, version: null });
    await clocks.pass(800);
    assert.equal(sent.length, 1, "not sooner either");
    await clocks.pass(300);
    assert.deepEqual(
      sent.map(({ models }) => models),
      [[1], [2]],
    );
  });

  test("2,001 versions and 150 models: a screenful each round, the page's own model first", async (t) => {
    const clocks = useClocks(t);
    const sent = useBackground(all, "https://civitai.com/models/7");
    await clocks.pass(2000);
    for (const version of range(5000, 2001)) want({ model: null, version });
    for (const model of range(100, 150)) want({ model, version: null });
    want({ model: 7, version: null });
    await clocks.pass(25_000);
    assert.equal(sent[0].models[0], 7);
    assert.equal(sent[0].whole, 7);
    for (const { models, versions } of sent) assert.ok(models.length <= 100 && versions.length <= 100);
    assert.equal(sent.length, 21);
    assert.ok(range(5000, 2001).every((version) => known({ model: null, version })));
  });

  test("what a look finds in slices leaves together, once it is known what is near", async (t) => {
    const clocks = useClocks(t);
    const sent = useBackground(all);
    await clocks.pass(2000);
    beginWanting();
    want({ model: 1, version: null });
    await clocks.pass(300);
    endWanting(false);
    await clocks.pass(300);
    assert.equal(sent.length, 0);
    beginWanting();
    want({ model: 1, version: null });
    want({ model: 2, version: null });
    endWanting(true);
    await clocks.pass(100);
    assert.deepEqual(
      sent.map(({ models }) => models),
      [[1, 2]],
    );
  });

  test("a page of which it is never known what is near is waited for a second", async (t) => {
    const clocks = useClocks(t);
    const sent = useBackground(all);
    await clocks.pass(2000);
    for (let looks = 0; looks < 5; looks++) {
      beginWanting();
      want({ model: 1, version: null });
      endWanting(false);
      await clocks.pass(300);
    }
    endWanting(true);
    assert.deepEqual(
      sent.map(({ models }) => models),
      [[1]],
    );
  });

  test("what went out of view before its turn is not asked for", async (t) => {
    const clocks = useClocks(t);
    const sent = useBackground(all);
    await clocks.pass(2000);
    want({ model: 1, version: null });
    await clocks.pass(100);
    want({ model: 2, version: null });
    beginWanting();
    want({ model: 3, version: null });
    endWanting(true);
    await clocks.pass(1100);
    assert.deepEqual(
      sent.map(({ models }) => models),
      [[1], [3]],
    );
  });

  test("twelve clicks on “check again”: one question past all caches", async (t) => {
    const clocks = useClocks(t);
    const sent = useBackground(all);
    await clocks.pass(20_000);
    for (let click = 0; click < 12; click++) {
      askAgain([{ model: 1, version: null }]);
      await clocks.pass(100);
    }
    await clocks.pass(5000);
    assert.deepEqual(
      sent.map(({ fresh }) => fresh),
      [true],
    );
  });
});

describe("whom it was asked for", () => {
  test("an answer for an older viewer is dropped, and asked anew at once", async (t) => {
    const clocks = useClocks(t);
    /** @type {((value: unknown) => void)[]} */
    const late = [];
    const sent = useBackground((message) => new Promise((resolve) => late.push(() => resolve(all(message)))));
    await clocks.pass(2000);
    want({ model: 1, version: null });
    await clocks.pass(100);
    state.settings.revision = 1;
    forgetAnswers();
    want({ model: 1, version: null });
    await clocks.pass(1100);
    late[0]?.(null);
    await clocks.pass(100);
    assert.equal(known({ model: 1, version: null }), null);
    late[1]?.(null);
    await clocks.pass(100);
    assert.ok(known({ model: 1, version: null }));
    assert.deepEqual(
      sent.map(({ revision }) => revision),
      [0, 1],
    );
  });

  test("the background knows a newer viewer: the settings are read again, and no badge shows it", async (t) => {
    const clocks = useClocks(t);
    useBackground(() => ({
      ok: false,
      error: { code: "VIEWER_CHANGED", status: null, message: "", askAgainAt: 0 },
    }));
    let loaded = 0;
    whenViewerChanged(() => loaded++);
    await clocks.pass(2000);
    want({ model: 1, version: null });
    await clocks.pass(100);
    assert.deepEqual([loaded, known({ model: 1, version: null })], [1, null]);
  });
});

describe("what gates leave free", () => {
  const gated = (/** @type {number} */ id) => versionAnswer(id, { state: "gated", complete: false });

  test("four under way, twenty a second, each once", async (t) => {
    const clocks = useClocks(t);
    let [now, most] = [0, 0];
    const sent = useBackground(async ({ versions }) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 100));
      now--;
      return { ok: true, viewer, models: [], versions: [versionAnswer(versions[0], { state: "free" })] };
    });
    for (const _ of [1, 2]) for (const id of range(1, 60)) wantTerms(gated(id));
    await clocks.pass(900);
    assert.ok(sent.length <= 20, `${sent.length} in the first second`);
    await clocks.pass(5000);
    assert.equal(most, 4);
    assert.deepEqual(
      sent.map(({ versions }) => versions[0]).sort((a, b) => a - b),
      range(1, 60),
    );
  });

  test("asked for again when a later look does not know them any more", async (t) => {
    const clocks = useClocks(t);
    const sent = useBackground(({ kind, models = [], versions }) => ({
      ...{ ok: true, viewer },
      models: models.map((/** @type {number} */ id) => modelAnswer(id, [gated(12)])),
      versions: kind === "terms" ? [versionAnswer(versions[0], { state: "free" })] : [],
    }));
    const terms = () => sent.filter(({ kind }) => kind === "terms").length;
    const shown = () => /** @type {any} */ (known({ model: 1, version: null }));
    await clocks.pass(2000);
    for (const times of [1, 2]) {
      want({ model: 1, version: null });
      await clocks.pass(1100);
      assert.equal(isHeld(shown()), true);
      wantTerms(shown());
      await clocks.pass(100);
      assert.deepEqual([terms(), shown().state], [times, "free"]);
      // More than an hour later the core has forgotten them.
      await clocks.pass(61 * 60_000);
      forgetOld(null);
    }
  });

  test("a badge waits for them, but no longer than 1.5 s", async (t) => {
    const clocks = useClocks(t);
    useBackground(() => new Promise(() => {}));
    assert.ok(isHeld(gated(1)));
    wantTerms(gated(1));
    await clocks.pass(1400);
    assert.ok(isHeld(gated(1)));
    await clocks.pass(200);
    assert.ok(!isHeld(gated(1)));
    assert.ok(!isHeld({ ...gated(2), complete: true }), "nothing more will come");
  });

  test("a failed look is asked for again in its time, not before", async (t) => {
    const clocks = useClocks(t);
    const sent = useBackground(({ versions: [id] }) => ({
      ...{ ok: true, viewer, models: [] },
      versions: [
        versionAnswer(id, {
          ...{ state: "gated", complete: true },
          error: { code: "HTTP", status: 503, message: "", askAgainAt: clocks.wall() + 60_000 },
        }),
      ],
    }));
    wantTerms(gated(1));
    for (let second = 0; second < 30; second++) {
      await clocks.pass(1000);
      wantTerms({ ...gated(1), complete: true });
    }
    assert.equal(sent.length, 1);
    await clocks.pass(31_000);
    wantTerms({ ...gated(1), complete: true });
    await clocks.pass(100);
    assert.equal(sent.length, 2);
  });
});
