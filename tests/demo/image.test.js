// What the built reader takes out of pictures.

import assert from "node:assert/strict";
import { test } from "node:test";
import { jpeg, png, webp } from "./images.js";

// Held in a variable: the built file has no types, its source has.
const built = "../../pkg/www/image.js";
/** @type {typeof import("../../www/image.js")} */
const { textsOf } = await import(built);

const settings = 'Steps: 30, Seed: 5, Civitai resources: [{"type":"lora","modelVersionId":2514310}]';

/** @param {Buffer} picture */
const texts = (picture) => textsOf(new Uint8Array(picture).buffer);

test("PNG: the settings of A1111, in Latin-1 and in UTF-8", async () => {
  assert.ok((await texts(png({ parameters: settings }))).includes(settings));
  const japanese = `水彩画 ${settings}`;
  assert.ok((await texts(png({ parameters: japanese }))).includes(japanese));
});

test("PNG: the workflow and the prompt of ComfyUI", async () => {
  const workflow = JSON.stringify({ nodes: [{ widgets_values: ["urn:air:sdxl:lora:civitai:1@2514310"] }] });
  const found = await texts(png({ workflow, prompt: "{}" }));
  assert.ok(found.includes(workflow));
});

for (const order of /** @type {const} */ (["be", "le"])) {
  test(`JPEG: a user comment in UTF-16, ${order}`, async () => {
    const found = await texts(jpeg(settings, order));
    assert.ok(found.includes(settings), JSON.stringify(found));
  });
}

test("WebP: a user comment", async () => {
  assert.ok((await texts(webp(settings))).includes(settings));
});

test("a picture without any text names nothing, and what is no picture is refused", async () => {
  const found = await texts(png({}));
  assert.ok(found.every((text) => !text.includes("modelVersionId")));
  await assert.rejects(texts(Buffer.from("no picture at all")));
});
