import assert from "node:assert/strict";
import { test } from "node:test";
import { toCsv, toJson } from "../../www/exports.js";
import { duration, failureSentence, rowWords } from "../../www/words.js";

/** A server's words may be anything. @type {import("../../www/run.js").Failure} */
const failure = { code: "INVALID_RESPONSE", message: '=HYPERLINK("http://x"),"\r\n<b>' };
/** @type {import("../../www/run.js").Row[]} */
const rows = [
  { id: 2514310, state: "granted" },
  { id: 2402203, state: "denied" },
  { id: 7, state: "unknown", failure },
];

test("JSON holds verdicts for what is known only", () => {
  assert.deepEqual(JSON.parse(toJson(rows, null)), {
    userId: null,
    verdicts: { 2514310: true, 2402203: false },
    unknown: [7],
  });
});

test("JSON tells the user only when it may", () => {
  assert.equal(JSON.parse(toJson(rows, 12345)).userId, 12345);
  assert.equal("userId" in JSON.parse(toJson(rows, undefined)), false);
});

test("CSV holds ids and our own words, nothing that a server said", () => {
  assert.equal(
    toCsv(rows),
    "version_id,state,reason\r\n2514310,granted,\r\n2402203,denied,\r\n7,unknown,INVALID_RESPONSE\r\n",
  );
});

test("a row says its state in words", () => {
  assert.deepEqual(rows.map(rowWords), ["No lock", "Locked", "Unknown: answer unreadable"]);
});

test("where the browser hides the cause, the sentence says so", () => {
  assert.match(
    failureSentence({ code: "NETWORK", message: "" }),
    /^No answer: offline, blocked region or limit; browsers do not tell which\./,
  );
});

test("a limit tells when to come back, if the server told", () => {
  assert.match(
    failureSentence({ code: "RATE_LIMITED", message: "", retryAfter: 12_000 }),
    /again in 12.0 s\.$/,
  );
  assert.match(failureSentence({ code: "RATE_LIMITED", message: "" }), /again in a while\.$/);
});

test("durations are short", () => {
  assert.deepEqual([0.2, 87.4, 1340, 61_000, 3_600_000].map(duration), [
    "1 ms",
    "87 ms",
    "1.3 s",
    "2 minutes",
    "60 minutes",
  ]);
});
