import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { wordsOf as wordsOfVersion } from "../../../src/extension/content/draw/words.js";

const folder = new URL("../../../_locales/", import.meta.url);
const now = Date.parse("2026-11-20T12:00:00Z");
const locales = readdirSync(folder);

/** @param {string} locale @returns {Record<string, { message: string }>} */
const messages = (locale) => JSON.parse(readFileSync(new URL(`${locale}/messages.json`, folder), "utf8"));

/** Most of the tests leave out what the words do not depend on. @param {any} answer @param {any} viewer @param {import("../../../src/extension/content/draw/words.js").Translate} t @param {number} at */
const wordsOf = (answer, viewer, t, at) => wordsOfVersion(answer, viewer, t, at);

/** @param {string} locale */
function translator(locale) {
  const known = messages(locale);
  return (/** @type {string} */ key, /** @type {(string | number)[]} */ ...parts) => {
    assert.ok(known[key], `${locale} has no message \`${key}\``);
    return known[key].message.replace(/\$(\d)/g, (_, at) => `${parts[at - 1]}`);
  };
}

const version = {
  ...{ versionId: 5, modelId: 1, versionName: "v3.0", state: "locked", gate: "earlyAccess", trials: null },
  ...{ endsAt: "2026-12-03T12:00:00Z", by: null, asOf: now, error: null },
};
const everybody = { mode: "public" };
const account = { mode: "account" };
const paid = { gate: "paid", endsAt: null };

describe("words in English", () => {
  for (const [short, more, viewer] of /** @type {[string, object, object][]} */ ([
    ["No lock", { state: "open", gate: "none", endsAt: null }, everybody],
    ["Early access · opens in 13d", {}, everybody],
    ["Early access", { endsAt: null }, everybody],
    ["Paid access", paid, everybody],
    ["Locked · opens in 13d", {}, account],
    ["Locked · paid", paid, account],
    ["Early access · 10 free tries", { state: "trial", trials: 10 }, everybody],
    ["Paid · 1 free try", { ...paid, state: "trial", trials: 1 }, everybody],
    ["Paid · generation free", { ...paid, state: "trial", trials: "unlimited" }, everybody],
    ["Yours", { state: "yours", by: "own" }, everybody],
    ["Unlocked for you", { state: "yours", by: "account" }, account],
    ["Unlocked for that user", { state: "yours", by: "fixed" }, { mode: "fixed" }],
    ["Can't generate", { state: "off", gate: "none", endsAt: null }, everybody],
    ["Early access · no generation", { state: "off" }, everybody],
    [
      "Not known",
      { state: "unknown", gate: "unknown", error: { code: "NETWORK", askAgainAt: now } },
      everybody,
    ],
  ])) {
    test(short, () =>
      assert.equal(wordsOf({ ...version, ...more }, viewer, translator("en"), now).short, short),
    );
  }

  test("the name says the whole sentence", () => {
    const { name } = wordsOf(version, everybody, translator("en"), now);
    assert.equal(
      name,
      "\u2068v3.0\u2069: early access, opens on December 3, 2026, in 13 days; free or trial generations may still be offered",
    );
  });

  test("a creator's name is cut and cannot turn the words around it", () => {
    const {
      lines: [line = ""],
    } = wordsOf({ ...version, versionName: `\u202e${"x".repeat(200)}` }, everybody, translator("en"), now);
    assert.equal([...line].length, 82);
    assert.ok(line.startsWith("\u2068") && line.endsWith("…\u2069"));
  });

  test("an unknown never speaks of a lock", () => {
    for (const code of [
      "NETWORK",
      "TIMEOUT",
      "RATE_LIMITED",
      "REGION_BLOCKED",
      "HTTP",
      "INVALID_RESPONSE",
      "INTERNAL",
    ]) {
      const failed = { ...version, state: "unknown", error: { code, status: 500, askAgainAt: now } };
      const { short, name } = wordsOf(failed, everybody, translator("en"), now);
      assert.doesNotMatch(`${short} ${name}`, /lock|early|paid/i, code);
    }
  });
});

describe("languages", () => {
  const keys = Object.keys(messages("en")).sort();
  for (const locale of locales) {
    test(`${locale} has every message, with the same parts`, () => {
      const known = messages(locale);
      assert.deepEqual(Object.keys(known).sort(), keys);
      const parts = (/** @type {string | undefined} */ text) =>
        [...(text ?? "").matchAll(/\$\d/g)].map(String).sort();
      for (const key of keys)
        assert.deepEqual(parts(known[key]?.message), parts(messages("en")[key]?.message), key);
    });
    test(`${locale} names a language that Intl knows`, () => {
      assert.equal(Intl.DateTimeFormat.supportedLocalesOf(translator(locale)("lang")).length, 1);
    });
  }
});
