/** Questions to try; the page's example buttons name them. @type {Record<string, () => string>} */
export const examples = {
  /** The two ids of Civitai's documentation: one open, one in early access when that was written. */
  docs: () => "2514310\n2402203",

  /** Every form of a version, a repeat, and three entries that name none. */
  forms: () =>
    [
      "2514310, 2402203",
      "https://civitai.com/models/827184/wai-illustrious-sdxl?modelVersionId=2514310",
      "urn:air:sdxl:checkpoint:civitai:827184@2514310",
      "https://civitai.com/model-versions/2402203",
      "https://civitai.com/models/827184",
      "abc 1.5",
    ].join("\n"),

  /** A long piece of work: the docs' two and a crowd that the stand-in knows too. */
  many: () =>
    ["2514310", "2402203", ...Array.from({ length: 4998 }, (_, nth) => `${3_000_001 + nth}`)].join("\n"),
};
