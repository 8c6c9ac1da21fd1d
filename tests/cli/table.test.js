import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { Progress, toTable } from "../../src/cli/table.js";

/** @typedef {import("../../src/js/types.js").Explanation} Explanation */

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
    ...{ exists: true, asOf: null, gate: "paid", endsAt: null, freeTrials: 0, canGenerate: true },
    ...{ modelId: 1, modelName: "Model", versionName: "v1", ownerId: 3, air: null, ...more },
  });
const plain = { width: null, colours: false };

test("columns stay aligned beside wide letters and emoji", () => {
  const table = toTable(
    [explanation({ modelName: "水彩画 🎨" }), explanation({ modelName: "e\u0301" })],
    0,
    plain,
  );
  const [, wide = "", narrow = ""] = table.split("\n");
  const at = (/** @type {string} */ line) => line.indexOf("No ");
  // Three ideographs and one emoji take a column more each; an accent takes none.
  assert.equal(at(wide) + 4 - 1, at(narrow) - 1);
});

test("a creator's name cannot drive the terminal, nor turn the text", () => {
  const table = toTable([explanation({ modelName: "a\u001b[31mb\r\n\u202ec\u2066" })], 0, plain);
  assert.ok(table.includes("a[31mbc · v1"));
  assert.equal(table.split("\n").length, 5);
});

test("in a terminal the name is cut to fit, and only what can be used is green", () => {
  const table = toTable(
    [
      explanation({ modelName: "x".repeat(200) }),
      explanation({ usable: true, generation: "free" }),
      explanation({ usable: null, generation: "gated" }),
    ],
    0,
    { width: 100, colours: true },
  );
  const [head, ...lines] = table.split("\n");
  for (const line of [head ?? "", ...lines.slice(0, 3)]) {
    assert.ok(stripVTControlCharacters(line).length <= 100, line);
  }
  assert.match(lines[0] ?? "", /x…/);
  assert.ok(lines[0]?.includes("\u001b[31mNo "));
  assert.ok(lines[1]?.includes("\u001b[32mYes, free"));
  assert.ok(lines[2]?.includes("\u001b[33mPerhaps"));
});

test("a terminal of 80 columns still tells the versions of one model apart, and when they open", () => {
  const versions = ["Morning", "Evening", "Late night"].map((versionName, nth) =>
    explanation({
      ...{ entityId: 2_514_310 + nth, modelId: 827_184, modelName: "Kestrel Portraits", versionName },
      ...{ usable: true, generation: "trial", freeTrials: 10, gate: "earlyAccess" },
      endsAt: "2026-12-05T00:00:00.000Z",
    }),
  );
  const now = Date.parse("2026-11-26T06:00:00Z");
  const [head = "", ...lines] = toTable(versions, now, { width: 80, colours: false }).split("\n");
  assert.match(head, /^version {2}name +can I use it +reason +opens$/);
  for (const [nth, { versionName }] of versions.entries()) {
    const line = lines[nth] ?? "";
    assert.ok(line.length <= 80, line);
    assert.match(
      line,
      new RegExp(`^\\d+ {2}K.*… · ${versionName} +Yes, 10 free tries +Early access +in 9 days$`),
    );
  }
  const [wide = ""] = toTable(versions, now, { width: 120, colours: false }).split("\n");
  assert.match(wide, /^version {2}model {3}name/);
  const long = [explanation({ modelName: "m", versionName: "v".repeat(90) })];
  assert.match(toTable(long, now, { width: 60, colours: false }), /m · v+…/);
});

test("progress shows in a terminal alone, and leaves nothing behind", () => {
  const written = /** @type {string[]} */ ([]);
  const write = (/** @type {string} */ text) => written.push(text);
  const progress = new Progress({ isTTY: true, write });
  progress.show(1, 5);
  progress.show(1, 5);
  progress.end();
  assert.deepEqual(written, ["\r1 of 5\u001b[K", "\r\u001b[K"]);
  const silent = new Progress({ write });
  silent.show(1, 5);
  silent.end();
  assert.equal(written.length, 2);
});
