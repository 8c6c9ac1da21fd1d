import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { factsOfPage, stateOf } from "../../../src/extension/states.js";

/** @typedef {import("../../../src/extension/states.js").Facts} Facts */

/** @type {Facts} */
const denied = { verdict: { state: "denied" }, gate: "paid", trials: null, canGenerate: null, own: false };
/** @type {Facts} */
const granted = { ...denied, verdict: { state: "granted", personal: false } };
/** @type {Facts} */
const failed = { ...denied, verdict: { state: "unknown" } };

describe("states", () => {
  for (const [name, facts, state] of /** @type {[string, Facts, string][]} */ ([
    ["denied, nothing known of free use", denied, "gated"],
    ["denied, private", { ...denied, gate: "private", trials: 10 }, "locked"],
    ["denied, no tries", { ...denied, trials: 0 }, "locked"],
    ["denied, ten tries", { ...denied, trials: 10 }, "trial"],
    ["denied, generation free", { ...denied, trials: "unlimited" }, "free"],
    ["denied, but one's own", { ...denied, own: true }, "yours"],
    ["denied, and the site cannot generate with it", { ...denied, canGenerate: false, trials: 10 }, "off"],
    ["granted to all", granted, "open"],
    ["granted to all, an older list tells a gate", { ...granted, gate: "earlyAccess" }, "open"],
    ["granted to all, one's own", { ...granted, own: true }, "open"],
    ["granted to the viewer", { ...granted, verdict: { state: "granted", personal: true } }, "yours"],
    ["granted, and the site cannot generate with it", { ...granted, canGenerate: false }, "off"],
    ["failed", failed, "unknown"],
    ["failed, though the list tells no gate", { ...failed, gate: "none" }, "unknown"],
    ["failed, though one's own", { ...failed, own: true }, "unknown"],
    ["failed, but it is known that the site cannot generate", { ...failed, canGenerate: false }, "off"],
    ["not asked, no gate", { ...denied, verdict: null, gate: "none" }, "open"],
    ["not asked, a gate", { ...denied, verdict: null, gate: "paid" }, "unknown"],
    ["not asked, nothing known", { ...denied, verdict: null, gate: "unknown" }, "unknown"],
  ])) {
    test(`${name}: ${state}`, () => assert.equal(stateOf(facts), state));
  }

  test("a lock comes from nothing but a denial", () => {
    const verdicts = /** @type {Facts["verdict"][]} */ ([granted.verdict, failed.verdict, null]);
    for (const verdict of verdicts) {
      for (const gate of /** @type {const} */ (["none", "earlyAccess", "paid", "private", "unknown"])) {
        for (const trials of /** @type {const} */ ([null, 0, 10, "unlimited"])) {
          for (const own of [true, false]) {
            const state = stateOf({ verdict, gate, trials, canGenerate: null, own });
            assert.ok(
              !["locked", "trial", "free", "gated"].includes(state),
              `${JSON.stringify(verdict)} ${gate} ${trials}: ${state}`,
            );
          }
        }
      }
    }
  });
});

describe("the page's own data", () => {
  const now = Date.parse("2026-08-10T00:00:00Z");
  const version = {
    versionId: 1,
    versionName: "v1",
    availability: "Public",
    canGenerate: true,
    paidAccess: null,
  };
  /** @param {Partial<import("../../../src/extension/states.js").PageVersion>} more */
  const gate = (more) => factsOfPage({ ...version, ...more }, now).gate;

  test("null is no gate, an absent key is not known", () => {
    assert.deepEqual([gate({}), gate({ paidAccess: undefined })], ["none", "unknown"]);
  });
  test("null with an availability of another kind is not known", () => {
    assert.deepEqual(
      [gate({ availability: "EarlyAccess" }), gate({ availability: null })],
      ["unknown", "unknown"],
    );
  });
  test("private is private", () => assert.equal(gate({ availability: "Private" }), "private"));
  test("timed, pending, for ever, expired", () => {
    const gates = [
      { endsAt: "2026-08-11T00:00:00Z", timed: true },
      { endsAt: null, timed: true },
      { endsAt: null, timed: false },
      { endsAt: "2026-08-09T00:00:00Z", timed: true },
    ].map((row) => gate({ paidAccess: { ...row, trials: 10 } }));
    assert.deepEqual(gates, ["earlyAccess", "earlyAccess", "paid", "unknown"]);
  });
});
