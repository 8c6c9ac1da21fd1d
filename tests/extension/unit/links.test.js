import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { readLink } from "../../../src/extension/content/find/links.js";

/** What src/link.rs reads as well. @type {{ cases: { link: string, model?: number, version?: number, badge?: false }[] }} */
const { cases } = JSON.parse(readFileSync(new URL("../../fixtures/links.json", import.meta.url), "utf8"));
const base = "https://civitai.com/models";

describe("links", () => {
  for (const { link, model = null, version = null, badge } of cases) {
    const isNone = badge === false || (model === null && version === null);
    test(`${link} names ${isNone ? "nothing" : `model ${model}, version ${version}`}`, () => {
      assert.deepEqual(readLink(link, base), isNone ? null : { model, version });
    });
  }

  test("a link without an address", () => assert.equal(readLink(null, base), null));

  test("what is relative to the page is read anew on the next page", () => {
    assert.equal(readLink("x/../models/9", "https://civitai.com/a/"), null);
    assert.deepEqual(readLink("x/../models/9", "https://civitai.com/"), { model: 9, version: null });
  });
});
