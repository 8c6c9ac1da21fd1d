/** Things to try; the page's example buttons name them. @type {Record<string, () => string>} */
export const examples = {
  /** The two ids of Civitai's documentation: one open, one in early access when that was written. */
  docs: () => "2514310\n2402203",

  /** What people paste: prose, links, AIRs, an image's settings. */
  anything:
    () => `My favourites: https://civitai.com/models/827184/wai-illustrious-sdxl?modelVersionId=2402203
and https://civitai.com/models/900100/kestrel-watercolours, with civitai:900200@900201.

masterpiece, a lighthouse in a storm
Negative prompt: blurry
Steps: 30, Sampler: DPM++ 2M Karras, CFG scale: 7, Seed: 3141592653, Size: 832x1216, Clip skip: 2,
Civitai resources: [{"type":"checkpoint","modelVersionId":2514310},{"type":"lora","weight":0.8,"modelVersionId":900301}]

{"model": "urn:air:sdxl:checkpoint:civitai:900400@900401", "vae": "urn:air:sdxl:vae:huggingface:stabilityai/sdxl-vae@1"}`,

  /** A long piece of work: the docs' two and a crowd that the stand-in knows too. */
  many: () =>
    ["2514310", "2402203", ...Array.from({ length: 4998 }, (_, nth) => `${3_000_001 + nth}`)].join("\n"),
};
