import assert from "node:assert/strict";
import { test } from "node:test";
import * as module from "../../pkg/civitai-permissions.js";
import { readText } from "../../src/report/read.js";

/** @param {string} text */
const ids = (text) => readText(text, module).map(({ entityId, modelId }) => entityId ?? `model ${modelId}`);

test("a list of nothing but ids, links and AIRs, in any mixture, each once", () => {
  const text = `2514310, 2402203;2514310
    https://civitai.com/models/827184?modelVersionId=2514310
    https://civitai.com/models/900100/kestrel https://civitai.com/models/900100
    civitai:827184@2167369`;
  assert.deepEqual(ids(text), [2514310, 2402203, "model 900100", 2167369]);
});

test("what another source has in such a list is left out, and takes no id with it", () => {
  const vae = "urn:air:sdxl:vae:huggingface:stabilityai/sdxl-vae@1";
  const found = readText(`civitai:827184@2514310\n2402203\n${vae}\n${vae}`, module);
  assert.deepEqual(
    found.map(({ entityId, source, text }) => entityId ?? `${source} ${text}`),
    [2514310, 2402203, `huggingface ${vae}`],
  );
});

test("in any other text a bare number is no id", () => {
  const text = `masterpiece, 1girl
Steps: 30, CFG scale: 7, Seed: 2402203, Size: 832x1216, Clip skip: 2,
Civitai resources: [{"type":"checkpoint","modelVersionId":2514310,"modelName":"x"}]`;
  assert.deepEqual(ids(text), [2514310]);
  assert.deepEqual(ids("steps 30 seed 2402203"), []);
  assert.deepEqual(ids(""), []);
});
