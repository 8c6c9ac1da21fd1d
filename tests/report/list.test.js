import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { toCalendar } from "../../src/report/calendar.js";
import {
  opensWords,
  pageOf,
  reasonWords,
  summaryWords,
  toCsv,
  toJson,
  usableAirs,
  usableWords,
} from "../../src/report/list.js";

/** @typedef {import("../../src/js/types.js").Explanation} Explanation */

const now = Date.parse("2026-11-20T12:00:00Z");
const inDays = (/** @type {number} */ days) => new Date(now + days * 86_400_000).toISOString();

/** @param {Partial<Explanation>} more @returns {Explanation} */
const explanation = (more) =>
  /** @type {Explanation} */ ({
    ...{
      entityId: 7,
      state: "denied",
      generation: "locked",
      usable: false,
      complete: true,
      incomplete: null,
    },
    ...{
      exists: true,
      asOf: inDays(0),
      gate: "earlyAccess",
      endsAt: inDays(5),
      freeTrials: 0,
      canGenerate: true,
    },
    ...{
      modelId: 1,
      modelName: "Model",
      versionName: "v1",
      ownerId: 3,
      air: "urn:air:sdxl:lora:civitai:1@7",
    },
    ...more,
  });
const open = explanation({ state: "granted", generation: "open", usable: true, gate: "none", endsAt: null });
const error = /** @type {import("../../src/js/types.js").PermissionsError} */ (
  /** @type {unknown} */ ({ code: "RATE_LIMITED", retryAfter: 1500, message: "…" })
);
const unknown = explanation({
  state: "unknown",
  generation: "unknown",
  usable: null,
  gate: "unknown",
  endsAt: null,
  error,
});

describe("words for people", () => {
  test("may it be used", () => {
    /** @type {[string, Partial<Explanation>][]} */
    const cases = [
      ["Yes", { usable: true, generation: "open" }],
      ["Yes, free", { usable: true, generation: "free" }],
      ["Yes, 10 free tries", { usable: true, generation: "trial", freeTrials: 10 }],
      ["Yes, 1 free try", { usable: true, generation: "trial", freeTrials: 1 }],
      ["Yes, unlimited free tries", { usable: true, generation: "trial", freeTrials: "unlimited" }],
      ["Yes, unlocked", { usable: true, generation: "held" }],
      ["No", { usable: false, generation: "locked" }],
      ["No", { usable: false, generation: "off" }],
      ["Not listed", { usable: null, generation: "gated", exists: false }],
      ["Perhaps", { usable: null, generation: "gated" }],
      ["Not known", { usable: null, generation: "unknown" }],
    ];
    for (const [words, more] of cases) assert.equal(usableWords(explanation(more)), words);
  });

  test("why", () => {
    /** @type {[string, Explanation][]} */
    const cases = [
      ["No lock", open],
      ["Early access", explanation({})],
      ["Permanent paid access", explanation({ gate: "paid" })],
      ["Private", explanation({ gate: "private" })],
      ["Civitai does not offer generation with it", explanation({ generation: "off", gate: "paid" })],
      ["Civitai lists no such version", explanation({ exists: false, gate: "unknown" })],
      ["Denied; the reason is being looked up", explanation({ gate: "unknown", complete: false })],
      ["Denied; the reason is not known", explanation({ gate: "unknown" })],
      [
        "Denied; the reason is not known: Civitai asks for fewer requests; try again in 2 s",
        explanation({ gate: "unknown", incomplete: error }),
      ],
      ["Civitai asks for fewer requests; try again in 2 s", unknown],
    ];
    for (const [words, one] of cases) assert.equal(reasonWords(one), words);
  });

  test("when: relative and exact, and only what is ahead", () => {
    const words = opensWords(explanation({}), now, "en-GB");
    assert.equal(words?.relative, "in 5 days");
    assert.match(words?.exact ?? "", /^25 Nov 2026, \d\d:\d\d$/);
    assert.equal(opensWords(explanation({ endsAt: inDays(-1) }), now), null);
    assert.equal(opensWords(open, now), null);
    assert.equal(opensWords(explanation({ generation: "off" }), now), null, "its end would not help");
  });

  test("one sentence for all", () => {
    const trial = explanation({ usable: true, generation: "trial", endsAt: inDays(1) });
    assert.equal(
      summaryWords([open, trial, explanation({})], now),
      "2 of 3 usable now, the next one opens in 5 days.",
    );
    assert.equal(summaryWords([open, open], now), "All 2 usable now.");
    assert.equal(summaryWords([open], now), "1 of 1 usable now.");
    assert.equal(summaryWords([unknown, open], now), "1 of 2 usable now. 1 not known.");
    const many = Array.from({ length: 1500 }, () => [open, unknown]).flat();
    assert.equal(summaryWords(many, now), "1,500 of 3,000 usable now. 1,500 not known.");
  });

  test("a link to the version's page", () => {
    assert.equal(pageOf(open), "https://civitai.com/models/1?modelVersionId=7");
    assert.equal(pageOf({ entityId: 7, modelId: null }), "https://civitai.com/model-versions/7");
  });
});

describe("text for programs", () => {
  test("JSON has each field, what was asked and what was left out", () => {
    const skipped = [{ text: "urn:air:sdxl:lora:huggingface:x@1", source: "huggingface" }];
    const { userId, versions, skipped: out } = JSON.parse(toJson([open], { userId: 5, skipped }));
    assert.deepEqual({ userId, versions, out }, { userId: 5, versions: [open], out: skipped });
  });

  test("CSV by RFC 4180; a name cannot become a formula, a column or a line", () => {
    const names = ['=HYPERLINK("x")', "a,b", "two\r\nlines", "@sum"];
    const rows = toCsv(names.map((modelName) => explanation({ modelName }))).split(/\r\n(?=7,|$)/);
    assert.equal(
      rows[0]?.split("\r\n")[0],
      "version_id,state,usable,generation,gate,ends_at,free_trials,can_generate,exists,model_id,model_name,version_name,owner_id,air,as_of,error",
    );
    assert.match(rows[1] ?? "", /,1,"'=HYPERLINK\(""x""\)",v1,/);
    assert.match(rows[2] ?? "", /,1,"a,b",v1,/);
    assert.match(rows[3] ?? "", /,1,"two\r\nlines",v1,/);
    assert.match(rows[4] ?? "", /,1,'@sum,v1,/);
  });

  test("a name cannot hide a formula where a semicolon or a tab separates the cells", () => {
    for (const [name, kept] of /** @type {[string, string][]} */ ([
      ["v1;=1+1", "v1;'=1+1"],
      ["v1\t@sum", "v1\t'@sum"],
      ["v1\n=1+1", '"v1\n\'=1+1"'],
      ["\n=1+1", "\"'\n'=1+1\""],
      ["\uff1d1+1", "'\uff1d1+1"],
      ["a - b; c@d", "a - b; c@d"],
    ]))
      assert.ok(toCsv([explanation({ modelName: name })]).includes(`,${kept},v1,`), kept);
  });

  test("what is not known is empty in CSV, and its failure is named", () => {
    const [, row] = toCsv([unknown]).split("\r\n");
    assert.match(row ?? "", /^7,unknown,,unknown,unknown,,0,.*,RATE_LIMITED$/);
  });

  test("the AIRs of what is usable, and of nothing else", () => {
    const short = { ...open, entityId: 8, air: null };
    assert.equal(
      usableAirs([open, explanation({}), unknown, short]),
      "urn:air:sdxl:lora:civitai:1@7\ncivitai:1@8\n",
    );
  });
});

describe("calendar", () => {
  test("an event for each end, none for the others", () => {
    const text = toCalendar([explanation({}), open], now);
    assert.equal(text.split("BEGIN:VEVENT").length, 2);
    for (const line of ["DTSTART:20261125T120000Z", "UID:7@civitai-permissions", "SUMMARY:Model v1 opens"]) {
      assert.ok(text.includes(`\r\n${line}\r\n`), line);
    }
    assert.equal(toCalendar([open], now), "");
  });

  test("a name cannot break out of its line; long lines are folded at 75 octets", () => {
    const modelName = `A;B,C\\D\r\nEND:VCALENDAR ${"ж".repeat(100)}`;
    const text = toCalendar([explanation({ modelName })], now);
    assert.ok(!text.includes("\r\nEND:VCALENDAR ж"));
    for (const line of text.split("\r\n")) assert.ok(new TextEncoder().encode(line).length <= 75, line);
    const unfolded = text.replaceAll("\r\n ", "");
    assert.ok(unfolded.includes(`SUMMARY:A\\;B\\,C\\\\D END:VCALENDAR ${"ж".repeat(100)} v1 opens\r\n`));
  });
});
