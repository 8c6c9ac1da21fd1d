// The drifts themselves: what they are made of, and that each of them changes something.

import assert from "node:assert/strict";
import { test } from "node:test";
import { driftsOf } from "./drifts.js";

const reply = {
  items: [
    {
      id: 1,
      name: "A",
      when: "2026-09-01T00:00:00.000Z",
      parts: [{ open: true }, { open: false, gate: null }],
    },
    { id: 2, name: "B", parts: [] },
  ],
};

test("each field drifts in each way that fits it, in all elements alike", () => {
  const drifts = new Map(driftsOf(reply).map(({ name, apply }) => [name, apply]));
  const drifted = (/** @type {string} */ name) => /** @type {any} */ (drifts.get(name)?.(reply));
  assert.deepEqual(
    drifted("items[].id: as text").items.map((/** @type {any} */ one) => one.id),
    ["1", "2"],
  );
  assert.equal(drifted("items[].when: a date in seconds").items[0].when, 1_788_220_800);
  assert.deepEqual(drifted("items[].parts[].open: as 0 or 1").items[0].parts[1], { open: 0, gate: null });
  assert.deepEqual(drifted("items[].parts[].open: renamed").items[0].parts[0], { openV2: true });
  assert.deepEqual(drifted("items[].name: nested").items[1], { id: 2, parts: [], details: { name: "B" } });
  assert.deepEqual(drifted("items: in an object"), { items: { value: reply.items } });
  assert.deepEqual(drifted("the whole reply: in data"), { data: reply });
  assert.equal(drifts.has("items[].parts[].gate: null"), false, "it is null already");
});

test("keys that are numbers are one field", () => {
  const names = driftsOf({ 12: true, 13: false }).map(({ name }) => name);
  assert.ok(names.includes("#: as text") && !names.some((name) => name.startsWith("12")));
});

test("no drift turns a truth value into the other one, and each changes something", () => {
  for (const { name, apply } of driftsOf(reply)) {
    const drifted = /** @type {any} */ (apply(reply));
    assert.notDeepEqual(drifted, reply, name);
    const open = drifted?.items?.[0]?.parts?.[0]?.open;
    assert.ok(open === undefined || open !== false, name);
  }
});
