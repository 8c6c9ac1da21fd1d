// The judge itself: it finds each kind of fault, and none in a page that is as it was.

import assert from "node:assert/strict";
import { test } from "node:test";
import { judge, mutants, summary } from "./run.js";

const groups = { title: "902200@0", "version 902202": "902200@902202", "link 3: 0@900104": "0@900104" };
const plain = {
  groups,
  found: [
    { group: "title", model: 902_200, version: 902_205, state: "open" },
    { group: "version 902202", model: 902_200, version: 902_202, state: "locked" },
    { group: "link 3: 0@900104", model: 900_100, version: 900_104, state: "free" },
  ],
};
const mutant = { seed: 1, names: ["drops ids"] };
const [title, button, link] = /** @type {[any, any, any]} */ (plain.found);
/** @param {typeof plain.found} found @param {object} [report] what the popup gets */
const judged = (found, report = { links: 1, checked: 1, keptOut: 0, listed: [] }) =>
  judge(mutant, /** @type {any} */ ({ groups, found, report }), /** @type {any} */ (plain));

test("a page as it was", () => {
  assert.deepEqual(judged(plain.found), {
    mutant,
    ...{ stayed: 3, missing: [], wrong: [], twice: [], unreported: [] },
  });
});

test("a badge that is gone, one too many, one of another state, one that belongs to nothing", () => {
  assert.deepEqual(judged([title, link]).missing, ["version 902202"]);
  assert.deepEqual(judged([title, button, button, link]).twice, ["version 902202"]);
  assert.match(
    judged([title, button, { ...link, state: "locked" }]).wrong.join(),
    /900104 is locked, not free/,
  );
  assert.match(judged([...plain.found, { ...link, group: "" }]).wrong.join(), /belongs to nothing/);
});

test("what is missing must be in the report that the popup shows, in its own count", () => {
  const whole = { links: 1, checked: 1, keptOut: 0, listed: [] };
  /** @type {[typeof plain.found, object, number][]} */
  const cases = [
    [[title, button], whole, 1],
    [[title, button], { ...whole, titleLost: true, versionsLost: 1 }, 1],
    [[title, button], { ...whole, checked: 0 }, 0],
    [[title, button], { ...whole, keptOut: 1 }, 0],
    [[title, button], { ...whole, listed: [{ versionId: 900_104 }] }, 0],
    [[title, link], whole, 1],
    [[title, link], { ...whole, checked: 0, titleLost: true }, 1],
    [[title, link], { ...whole, versionsLost: 1 }, 0],
    [[button, link], whole, 1],
    [[button, link], { ...whole, titleLost: true }, 0],
    [[], whole, 3],
    [[], { ...whole, checked: 0, titleLost: true, versionsLost: 5 }, 0],
  ];
  for (const [found, report, count] of cases)
    assert.equal(judged(found, report).unreported.length, count, JSON.stringify({ found, report }));
  const silent = judge(mutant, /** @type {any} */ ({ groups, found: [] }), /** @type {any} */ (plain));
  assert.equal(silent.unreported.length, 3, "a page without a report");
});

test("two badges in a group that has two are none too many, and one of them may be missing", () => {
  const twin = { found: [...plain.found, link] };
  const [both, one] = [twin.found, plain.found].map((found) =>
    judge(mutant, /** @type {any} */ ({ groups, found }), /** @type {any} */ (twin)),
  );
  assert.deepEqual([both?.twice, both?.missing], [[], []]);
  assert.deepEqual([one?.twice, one?.missing], [[], [link.group]]);
});

test("a badge where there was none is right or wrong by what it says", () => {
  const more = { group: "link 9: 902100@0", model: 902_100, version: 902_102, state: "trial" };
  assert.deepEqual(judged([...plain.found, more]).wrong, []);
  assert.equal(judged([...plain.found, { ...more, state: "locked" }]).wrong.length, 1);
});

test("every mutation comes alone first, then in ever other pairs, the same for the same number", () => {
  const singles = mutants(0, 1000).filter(({ names }) => names.length === 1);
  assert.equal(
    new Set(singles.map(({ names }) => names[0])).size,
    singles[0] ? new Set(mutants(0, 200).flatMap(({ names }) => names)).size : 0,
  );
  const pairs = mutants(0, 900).map(({ names }) => [...names].sort().join(" and "));
  assert.ok(new Set(pairs).size > 400, `${new Set(pairs).size} different ones`);
  assert.deepEqual(mutants(500, 3), mutants(0, 503).slice(500));
});

test("the share of badges that stayed", () => {
  const { share, table } = summary([judged(plain.found), judged([title, link])], 3);
  assert.equal(share, 5 / 6);
  assert.match(table, /0\.50 lost, 0 wrong or double: drops ids/);
});
