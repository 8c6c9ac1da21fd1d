import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readLink } from "../../../src/extension/content/find/links.js";

const read = (/** @type {string | null} */ href) => {
  const target = readLink(href, "https://civitai.com/models");
  return target && { ...target };
};

describe("links", () => {
  for (const [href, model, version] of /** @type {const} */ ([
    ["/models/9", 9, null],
    ["/models/9/", 9, null],
    ["/models/9/wizard-hat-lora", 9, null],
    ["/models/9/editorial-photo-style", 9, null],
    ["/models/9/edited-anime?modelVersionId=3", 9, 3],
    ["/models/9/reviewsauce", 9, null],
    ["/models/9?modelVersionId=3&modelVersionId=4", 9, 3],
    ["/models/9?modelVersionId=x", 9, null],
    ["/models/9?modelVersionId=2147483648", 9, null],
    ["https://civitai.red/models/9#comments", 9, null],
    ["https://civitai.green/models/9", 9, null],
    ["https://civitaired.com/models/9", 9, null],
    ["/models/2147483647", 2_147_483_647, null],
    ["/model-versions/7", null, 7],
  ])) {
    test(`${href} names model ${model}, version ${version}`, () => {
      assert.deepEqual(read(href), { model, version });
    });
  }

  for (const href of [
    null,
    "",
    "/models",
    "/models/create",
    "/models/train",
    "/models/license/9",
    "/models/9/edit",
    "/models/9/reviews?modelVersionId=3",
    "/models/9/wizard",
    "/models/9/model-versions/3/edit",
    "/3d-models/9",
    "/images?modelVersionId=3",
    "/posts/create?modelId=9",
    "/models/0",
    "/models/2147483648",
    "https://example.com/models/9",
    "https://civitai.com.example.com/models/9",
    "http://civitai.com/models/9",
    "javascript:'/models/9'",
    "https://[/models/9",
  ]) {
    test(`${href} names nothing`, () => assert.equal(read(href), null));
  }
});
