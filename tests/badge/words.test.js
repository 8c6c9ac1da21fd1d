import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, test } from "node:test";
import "../../src/badge/words/all.js";
import { badgeOf, factsOf, othersOf } from "../../src/badge/badge.js";
import { clock, relative } from "../../src/badge/format.js";
import { wordsFor } from "../../src/badge/languages.js";
import { en } from "../../src/badge/words/en.js";

/** @typedef {import("../../src/badge/badge.js").BadgeFacts} BadgeFacts */
/** @typedef {import("../../src/badge/badge.js").Viewer} Viewer */

const now = Date.parse("2026-11-20T12:00:00Z");
const languages = ["en", "de", "es", "ja", "ru", "zh-CN"];
/** @type {Viewer} */
const anyone = { mode: "public" };
/** @type {BadgeFacts} */
const early = {
  ...{ state: "locked", versionId: 5, versionName: "v3.0", gate: "earlyAccess", trials: 0 },
  ...{ endsAt: "2026-12-03T12:00:00Z", by: null, asOf: now, complete: true, exists: true, error: null },
};
/** @type {Partial<BadgeFacts>} */
const paid = { gate: "paid", endsAt: null };

/** @param {Partial<BadgeFacts>} more @param {Viewer} [viewer] @param {string} [lang] */
const badge = (more, viewer = anyone, lang = "en-GB") => badgeOf({ ...early, ...more }, viewer, lang, now);
/** Without the marks that isolate names. @param {string | undefined} text */
const plain = (text) => text?.replace(/[\u2068\u2069]/g, "");

describe("what a badge says", () => {
  for (const [text, label, more] of /** @type {[string, string, Partial<BadgeFacts>][]} */ ([
    ["No lock", "v3.0: no lock", { state: "open", gate: "none", endsAt: null }],
    ["Free to generate", "v3.0: permanent paid access; free to generate", { state: "free", ...paid }],
    [
      "10 free tries",
      "v3.0: permanent paid access; 10 free tries, then paid",
      { state: "trial", ...paid, trials: 10 },
    ],
    [
      "1 free try",
      "v3.0: permanent paid access; 1 free try, then paid",
      { state: "trial", ...paid, trials: 1 },
    ],
    [
      "Unlimited free tries",
      "v3.0: permanent paid access; unlimited free tries",
      { state: "trial", ...paid, trials: "unlimited" },
    ],
    [
      "Locked · opens in 13 days",
      "v3.0: early access, opens on 3 December 2026, in 13 days; no free tries",
      { state: "locked" },
    ],
    ["Locked", "v3.0: early access, no end date yet; no free tries", { state: "locked", endsAt: null }],
    [
      "Locked",
      "v3.0: early access, was due to open on 19 November 2026; no free tries",
      { state: "locked", endsAt: "2026-11-19T12:00:00Z" },
    ],
    ["Locked · paid", "v3.0: permanent paid access; no free tries", { state: "locked", ...paid }],
    ["Locked · private", "v3.0: private", { state: "locked", gate: "private" }],
    [
      "Early access",
      "v3.0: early access, opens on 3 December 2026, in 13 days; free or trial generations may still be offered",
      { state: "gated", trials: null },
    ],
    [
      "Paid access",
      "v3.0: permanent paid access; free or trial generations may still be offered",
      { state: "gated", ...paid },
    ],
    [
      "Limited access",
      "v3.0: limited access, the reason is not known; free or trial generations may still be offered; Civitai does not respond",
      { state: "gated", gate: "unknown", endsAt: null, error: { code: "NETWORK" } },
    ],
    ["Not listed", "v3.0: Civitai lists no such version", { state: "gated", gate: "unknown", exists: false }],
    [
      "Can’t generate",
      "v3.0: Civitai does not offer generation with it",
      { state: "off", gate: "none", endsAt: null },
    ],
    [
      "Can’t generate",
      "v3.0: Civitai does not offer generation with it; permanent paid access; buying it would not help",
      { state: "off", ...paid },
    ],
    [
      "Not known",
      "v3.0: not known; Civitai does not respond",
      { state: "unknown", error: { code: "TIMEOUT" } },
    ],
    [
      "Not in your region",
      "v3.0: not known; Civitai is not available in your region",
      { state: "unknown", error: { code: "REGION_BLOCKED" } },
    ],
    [
      "Not known",
      "v3.0: not known; Civitai’s bot protection refuses the request",
      { state: "unknown", error: { code: "HTTP", status: 403 } },
    ],
    ["Not known", "v3.0: not known; Civitai’s reply was unexpected", { state: "unknown", error: null }],
  ])) {
    test(`${more.state}: ${label}`, () => {
      const { text: onBadge, label: sentence } = badge(more);
      assert.deepEqual([onBadge, plain(sentence)], [text, label]);
    });
  }

  test("what is unlocked says for whom", () => {
    assert.equal(badge({ state: "yours", by: "own" }).text, "Yours");
    assert.equal(badge({ state: "yours", by: "account" }, { mode: "account" }).text, "Unlocked for you");
    assert.equal(badge({ state: "yours", by: "fixed" }, { mode: "fixed" }).text, "Unlocked for that user");
    assert.equal(badge({ state: "yours", by: "user" }, { mode: "user" }).text, "Unlocked");
    assert.deepEqual(
      badge({ state: "yours", by: "user" }, { mode: "user" }).lines[1],
      "Unlocked for this user",
    );
  });

  test("a checkpoint that is open may need a membership", () => {
    for (const state of /** @type {const} */ (["open", "free", "trial"])) {
      assert.match(badge({ state, checkpoint: true }).label, /may ask for a membership/);
      assert.doesNotMatch(badge({ state }).label, /membership/);
    }
    assert.doesNotMatch(badge({ state: "locked", checkpoint: true }).label, /membership/);
  });

  test("while the reason is looked up, its absence is no failure", () => {
    assert.doesNotMatch(
      badge({ state: "gated", complete: false, error: { code: "NETWORK" } }).label,
      /respond/,
    );
  });

  test("the tooltip: name, reason, when and as whom it was checked", () => {
    const { lines } = badge({
      state: "trial",
      ...paid,
      trials: 10,
      asOf: new Date(2026, 10, 20, 14, 5).getTime(),
    });
    assert.deepEqual(lines.map(plain), [
      "v3.0",
      "Permanent paid access",
      "10 free tries, then paid",
      "Checked at 14:05 as anyone",
    ]);
  });

  test("an unknown says when it is asked about again, and was not checked", () => {
    const askAgainAt = new Date(2026, 10, 20, 14, 5).getTime();
    const { lines } = badge({ state: "unknown", error: { code: "RATE_LIMITED", askAgainAt } });
    assert.deepEqual(lines.slice(1), ["Not known", "Civitai asks for fewer requests", "Next check at 14:05"]);
    const never = badge({
      state: "unknown",
      error: { code: "STOPPED", askAgainAt: Number.POSITIVE_INFINITY },
    });
    assert.equal(never.text, "Reload this page");
    assert.ok(never.lines.every((line) => !line.includes("Next")));
  });

  test("a creator's name is cut at 80 characters and cannot turn the words around it", () => {
    const [title] = badge({ versionName: `\u202e${"x".repeat(200)}\u2069y` }).lines;
    assert.equal([...(title ?? "")].length, 82);
    assert.ok(title?.startsWith("\u2068x") && title.endsWith("…\u2069"));
    assert.equal(plain(badge({ versionName: null }).lines[0]), "Version 5");
  });
});

describe("other versions of the model", () => {
  /** @type {BadgeFacts[]} */
  const versions = [
    { ...early, versionId: 1, state: "locked" },
    { ...early, versionId: 2, state: "free" },
    { ...early, versionId: 3, versionName: "v2.0", state: "open" },
  ];

  test("how many are locked, and which one is not", () => {
    assert.deepEqual(othersOf(versions, 1, "en").map(plain), ["locked versions: 1 of 3", "v2.0 has no lock"]);
  });

  test("nothing to say of one version, nor where all are open", () => {
    assert.deepEqual(othersOf(versions.slice(0, 1), 1, "en"), []);
    assert.deepEqual(
      othersOf(
        versions.map((version) => ({ ...version, state: "open" })),
        1,
        "en",
      ),
      [],
    );
  });
});

describe("every language", () => {
  const texts = readdirSync(new URL("../../src/badge/words/", import.meta.url)).filter(
    (name) => name !== "all.js",
  );

  test("there are six", () => assert.equal(texts.length, languages.length));

  /** @type {Partial<BadgeFacts>[]} */
  const situations = [];
  for (const state of /** @type {BadgeFacts["state"][]} */ ([
    "open",
    "free",
    "trial",
    "locked",
    "gated",
    "yours",
    "off",
    "unknown",
  ])) {
    for (const gate of /** @type {const} */ (["none", "earlyAccess", "paid", "private", "unknown"])) {
      for (const trials of /** @type {const} */ ([null, 0, 1, 25, "unlimited"])) {
        for (const endsAt of [null, "2026-12-03T12:00:00Z", "2026-11-20T13:30:00Z", "2026-01-01T00:00:00Z"]) {
          situations.push({ state, gate, trials, endsAt });
        }
      }
    }
  }

  for (const lang of languages) {
    test(`${lang} has every message, in its own words, and fills every part`, () => {
      const say = wordsFor(lang);
      assert.equal(say.language, lang);
      for (const key of /** @type {(keyof typeof en)[]} */ (Object.keys(en))) {
        const said = say(key, "\u0001", "\u0002");
        for (const [part, mark] of [
          ["$1", "\u0001"],
          ["$2", "\u0002"],
        ]) {
          assert.equal(said.includes(mark ?? ""), en[key].includes(part ?? ""), `${lang} ${key}: ${said}`);
        }
        const isShared = ["sentence", "semicolon", "aVersion"].includes(key);
        if (lang !== "en" && !isShared) assert.notEqual(said, wordsFor("en")(key, "\u0001", "\u0002"), key);
      }
    });

    test(`${lang}: a closed padlock's word belongs to \`locked\` alone, and nothing is empty`, () => {
      const locked = wordsFor(lang)("locked");
      for (const situation of situations) {
        const { text, label, lines } = badge(situation, anyone, lang);
        assert.ok(text && label && lines.every(Boolean), JSON.stringify(situation));
        assert.equal(
          text.startsWith(locked),
          situation.state === "locked",
          `${lang} ${JSON.stringify(situation)}: ${text}`,
        );
        assert.doesNotMatch(`${text}${label}${lines}`, /undefined|NaN|null|\$\d/);
      }
    });
  }

  test("a region keeps its dates, an unknown language reads English, and nonsense does too", () => {
    assert.match(badge({}, anyone, "en-GB").label, /3 December 2026/);
    assert.match(badge({}, anyone, "en-US").label, /December 3, 2026/);
    assert.equal(badge({}, anyone, "zh_CN").lang, "zh-CN");
    for (const lang of ["xx", "", "not a tag", "sv"]) assert.equal(badge({}, anyone, lang).lang, "en", lang);
  });

  test("a time is given in days, on the last day in hours, in the last hour in minutes", () => {
    const after = (/** @type {number} */ minutes) => relative(now + minutes * 60_000, now, "en");
    assert.deepEqual([60 * 24 * 13, 60 * 25, 60 * 23.5, 61, 59, 0.5, -5].map(after), [
      ...[
        "in 13 days",
        "in 1 day",
        "in 24 hours",
        "in 2 hours",
        "in 59 minutes",
        "in 1 minute",
        "in 0 minutes",
      ],
    ]);
    assert.equal(clock(new Date(2026, 1, 1, 14, 5).getTime(), "en-GB"), "14:05");
  });
});

describe("from an Explanation", () => {
  const explanation = {
    ...{
      entityId: 7,
      generation: /** @type {const} */ ("held"),
      gate: /** @type {const} */ ("paid"),
      endsAt: null,
    },
    ...{
      freeTrials: null,
      versionName: "v1",
      asOf: "2026-11-20T12:00:00Z",
      complete: true,
      exists: true,
      ownerId: 12,
    },
    air: "urn:air:sdxl:checkpoint:civitai:1@7",
    incomplete: null,
  };

  test("held is drawn as yours: by whom depends on the viewer", () => {
    assert.equal(factsOf(explanation, { mode: "account", id: 12 }).by, "own");
    assert.equal(factsOf(explanation, { mode: "account", id: 13 }).by, "account");
    assert.equal(factsOf(explanation, { mode: "fixed", id: 12 }).by, "fixed");
  });

  test("state, time and kind come along", () => {
    const { state, asOf, checkpoint } = factsOf({ ...explanation, generation: "open" });
    assert.deepEqual({ state, asOf, checkpoint }, { state: "open", asOf: now, checkpoint: true });
    assert.equal(factsOf({ ...explanation, air: "urn:air:sdxl:lora:civitai:1@7" }).checkpoint, false);
  });

  test("a failed look-up comes as the trouble of the facts", () => {
    const incomplete = { code: "HTTP", status: 503, message: "" };
    assert.deepEqual(factsOf({ ...explanation, generation: "gated", incomplete }).error, {
      ...{ code: "HTTP", status: 503, askAgainAt: null },
    });
  });
});
