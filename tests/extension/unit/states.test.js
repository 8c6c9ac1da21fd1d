import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PermissionChecker } from "../../../pkg/civitai-permissions.js";
import { factsOfPage, generationOfPage } from "../../../src/extension/states.js";
import { startStandIn } from "../../helpers/stand-in.js";

/** @typedef {import("../../../src/extension/states.js").PageFacts} PageFacts */

/** @type {PageFacts} */
const nothing = { gate: "paid", endsAt: null, trials: null, canGenerate: null };
const denied = /** @type {const} */ ({ state: "denied" });
const open = /** @type {const} */ ({ state: "granted", personal: false });
const mine = /** @type {const} */ ({ state: "granted", personal: true });

describe("the decision for terms that a page tells", () => {
  for (const [name, verdict, facts, generation] of /** @type {const} */ ([
    ["denied, nothing known of free use", denied, {}, "gated"],
    ["denied, no tries", denied, { trials: 0 }, "locked"],
    ["denied, ten tries", denied, { trials: 10 }, "trial"],
    ["denied, generation free", denied, { trials: "unlimited" }, "free"],
    [
      "denied, private, whatever its leftovers say",
      denied,
      { gate: "private", trials: 10, canGenerate: false },
      "locked",
    ],
    ["denied, and the site cannot generate with it", denied, { canGenerate: false, trials: 10 }, "off"],
    ["granted to all", open, { gate: "earlyAccess", trials: 0 }, "open"],
    ["granted to the viewer", mine, {}, "held"],
    ["granted, and the site cannot generate with it", open, { canGenerate: false }, "off"],
    ["failed", { state: "unknown" }, { trials: 0, canGenerate: false }, "unknown"],
  ])) {
    test(`${name}: ${generation}`, () => {
      assert.equal(generationOfPage(verdict, { ...nothing, ...facts }), generation);
    });
  }

  test("it is the core's: each version of the sample, with what the core itself found", async () => {
    const standIn = await startStandIn();
    try {
      const checker = new PermissionChecker({ baseUrl: standIn.session("states").baseUrl });
      for (const userId of [null, 12_345]) {
        const ids = SAMPLE.flatMap(([first, last]) =>
          Array.from({ length: last - first + 1 }, (_, at) => first + at),
        );
        const told = (await checker.explain(ids, { userId })).filter(({ exists }) => exists !== false);
        assert.ok(told.length > 20, `${told.length} versions`);
        for (const { entityId, generation, freeTrials, gate, endsAt, canGenerate, ...verdict } of told) {
          // A gate that leaves generation free has no tries to count.
          const trials = generation === "free" ? "unlimited" : freeTrials;
          const ours = generationOfPage(verdict, { gate, endsAt, trials, canGenerate });
          if (generation !== "locked" || trials !== null) assert.equal(ours, generation, `${entityId}`);
        }
      }
    } finally {
      standIn.close();
    }
  });
});

/** The stand-in's versions, from and to. */
const SAMPLE = /** @type {const} */ ([
  [900_101, 900_108],
  [900_201, 900_203],
  [900_301, 900_303],
  [900_601, 900_601],
  [900_701, 900_703],
  [901_101, 901_101],
  [901_202, 901_203],
  [902_001, 902_003],
]);

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
