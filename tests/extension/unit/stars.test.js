import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { addressOf, isDue, readStars } from "../../../src/extension/stars/star.js";

const now = Date.parse("2026-12-03T12:00:00Z");
const MINUTE = 60_000;
/** @type {import("../../../src/extension/stars/star.js").Star} */
const star = {
  versionId: 5,
  modelId: 7,
  modelName: "Kestrel, Portraits",
  versionName: "Night; blue",
  site: "civitai.com",
  endsAt: "2026-12-03T12:00:00.000Z",
  askedAt: null,
  openedAt: null,
  seen: false,
};

describe("stars", () => {
  for (const [name, change, at, due] of /** @type {[string, object, number, boolean][]} */ ([
    ["never asked about", {}, now - 60 * MINUTE, true],
    ["asked an hour ago, opens later", { askedAt: now - 120 * MINUTE }, now - 60 * MINUTE, false],
    ["asked seven hours ago, opens later", { askedAt: now - 480 * MINUTE }, now - 60 * MINUTE, true],
    ["its end has come since", { askedAt: now - 1000 }, now, true],
    ["asked at its end, 20 s ago", { askedAt: now }, now + 20_000, false],
    ["asked at its end, 30 s ago", { askedAt: now }, now + 30_000, true],
    ["still closed after an hour", { askedAt: now + 60 * MINUTE }, now + 90 * MINUTE, false],
    ["still closed two hours later", { askedAt: now + 60 * MINUTE }, now + 120 * MINUTE, true],
    ["the clock was set back", { askedAt: now + 60 * MINUTE }, now, true],
    ["without an end", { endsAt: null, askedAt: now - 5 * 60 * MINUTE }, now, false],
    ["open", { openedAt: now }, now + 600 * MINUTE, false],
  ])) {
    test(`${name}: ${due ? "looked up" : "not yet"}`, () =>
      assert.equal(isDue({ ...star, ...change }, at), due));
  }

  test("whatever lies in the storage, what comes out is whole", () => {
    const broken = [
      null,
      1,
      {},
      { versionId: 5 },
      { versionId: 5, site: "evil.example" },
      { versionId: -1, site: "civitai.com" },
    ];
    assert.deepEqual(readStars(broken), []);
    assert.deepEqual(readStars("no list"), []);
    const [read] = readStars([
      { versionId: 5, site: "civitai.red", endsAt: "soon", askedAt: Number.NaN, seen: 1 },
    ]);
    assert.deepEqual(read, {
      versionId: 5,
      modelId: null,
      modelName: "",
      versionName: "",
      site: "civitai.red",
      endsAt: null,
      askedAt: null,
      openedAt: null,
      seen: false,
    });
    assert.equal(
      readStars(Array.from({ length: 300 }, (_, at) => ({ ...star, versionId: at + 1 }))).length,
      100,
    );
  });

  test("the page of a version whose model is not known", () => {
    assert.equal(addressOf({ ...star, modelId: null }), "https://civitai.com/model-versions/5");
  });
});
