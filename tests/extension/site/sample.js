/**
 * The models that the site shows: those of the stand-in's sample, as they stand in the site's own page data (with
 * terms, drafts and private ones). `sample.test.js` compares the two.
 */

/** @typedef {import("./app/site-data.js").Model} Model */
/** @typedef {import("./app/site-data.js").Version} Version */
/** @typedef {import("./app/site-data.js").Terms} Terms */

const day = 86_400_000;

export const users = {
  buyer: { id: 12_345, username: "first_buyer" },
  creator: { id: 20_001, username: "harbour_lights" },
  seller: { id: 20_002, username: "kestrel_studio" },
};

/** Versions that a page shows and the API never lists (contract §2.4): a draft, and one without a file. */
export const unlisted = [901_201, 902_002];

/** The versions that rows of all kinds link to: early access first, then free to generate, open, and so on. */
export const linked = [
  2_402_203, 900_104, 2_514_310, 900_102, 900_105, 900_702, 900_201, 900_302, 900_107, 900_701, 901_101,
  902_101,
];

/** One version of every kind of terms, for rows that show them all (`?__every=1`). */
export const everyKind = [
  2_514_310, 2_402_203, 2_167_369, 900_102, 900_103, 900_104, 900_105, 900_106, 900_107, 900_201, 900_302,
  900_601, 900_701, 900_702, 901_101, 902_003, 902_201, 902_202, 902_203, 902_204, 902_301, 902_302, 902_303,
  902_402, 902_501, 902_701,
];

/**
 * @param {number} now
 * @returns {Model[]}
 */
export function sample(now) {
  const inDays = (/** @type {number} */ days, /** @type {Terms} */ terms = tries()) =>
    gate(new Date(now - (now % day) + days * day).toISOString(), 14, terms);
  const { buyer, creator, seller } = users;
  return [
    model(827_184, "WAI-illustrious-SDXL", creator, { type: "Checkpoint", description: links }, [
      version(2_514_310, "v16.0"),
      version(2_402_203, "v15.0", inDays(6)),
      version(2_167_369, "v14.0", inDays(-30)),
    ]),
    model(900_100, "Kestrel Watercolours", seller, {}, [
      version(900_101, "Brush", inDays(13)),
      version(900_102, "Chalk", inDays(3, tries(10))),
      version(900_103, "Wash", forever()),
      version(900_104, "Ink", forever({ download: { price: 5000 }, generation: { free: true } })),
      version(900_105, "Gilt", forever(tries(0))),
      version(900_106, "Pencil", forever({ download: { price: 5000 } })),
      version(900_107, "Charcoal", gate(null, 14, tries())),
      version(900_108, "Sketchbook"),
    ]),
    model(900_200, "Kestrel Portraits", seller, {}, [
      version(900_201, "Morning", inDays(9)),
      version(900_202, "Noon", forever()),
      version(900_203, "Night", forever()),
    ]),
    model(900_300, "Buyer's First Style", buyer, { cosmetic: true }, [
      version(900_301, "Trial run", inDays(20)),
      version(900_302, "Second try", forever()),
      version(900_303, "For everyone"),
    ]),
    model(900_400, "Buyer's Secret Style", buyer, { availability: "Private" }, [version(900_401, "Hidden")]),
    model(900_500, "Kestrel Unfinished", seller, { availability: "Private" }, [version(900_501, "Draught")]),
    model(900_600, "Kestrel By Link", seller, { availability: "Unsearchable" }, [
      version(900_601, "By link"),
    ]),
    model(900_700, "Kestrel Elsewhere", seller, { type: "Checkpoint" }, [
      version(900_701, "Base", { covered: false, canGenerate: false }),
      version(900_702, "Plus", { ...inDays(5), covered: false, canGenerate: false }),
      version(900_703, "Inside", { usageControl: "InternalGeneration", canGenerate: false }),
    ]),
    model(901_100, "Kestrel After Dark", seller, { mature: true }, [version(901_101, "v1.0")]),
    model(901_200, "Kestrel Tomorrow", seller, {}, [
      version(901_201, "v0.1", { status: "Draft" }),
      version(901_202, "v0.2"),
      version(901_203, "v0.3", { availability: "EarlyAccess" }),
    ]),
    // A version without a file of its own has a button, and the API leaves it out (contract §3 of the pages).
    model(
      902_000,
      "Longer Than Its List, with a Name Long Enough to Take All Three Lines of a Card",
      creator,
      {},
      [
        version(902_003, "v2.0", inDays(2)),
        version(902_002, "Cloud", { usageControl: "ExternalGeneration", canDownload: false }),
        version(902_001, "v1.0"),
      ],
    ),
    model(902_100, "Two of a Name", creator, {}, [
      version(902_102, "v1.0", forever()),
      version(902_101, "v1.0"),
    ]),
    model(902_200, "Kestrel Terms", seller, { description: everyLink }, [
      version(902_201, "Dawn", inDays(5, { download: { price: 5000 }, generation: { free: true } })),
      version(902_202, "Dusk", inDays(5, tries(0))),
      version(902_203, "Hail", inDays(2, { download: { price: 5000 } })),
      version(902_204, "Thaw", forever()),
      version(902_205, "Mist"),
    ]),
    model(902_300, "Kestrel Wildcards", seller, { type: "Wildcards" }, [
      version(902_301, "Weather", wildcards),
      version(902_302, "Places", { ...forever(), ...wildcards }),
      version(902_303, "People", { ...forever(tries(0)), ...wildcards }),
    ]),
    model(902_400, "Kestrel at Night", seller, { mature: true }, [
      version(902_401, "v1.0"),
      version(902_402, "v2.0", inDays(8, tries(0))),
    ]),
    model(902_500, "Kestrel Without a Picture", seller, { cover: "none" }, [
      version(902_501, "v1.0", forever(tries(0))),
    ]),
    model(902_600, "Buyer's Sealed Style", buyer, { availability: "Private" }, [
      version(902_601, "Sealed", inDays(7)),
      version(902_602, "Former", inDays(-30)),
    ]),
    model(902_700, "Kestrel Unseen", seller, { mature: true, cover: "empty" }, [
      version(902_701, "v1.0", inDays(4)),
    ]),
  ];
}

/** A creator's text that names a version of every kind, by nothing but its number. */
const everyLink = everyKind
  .map((id) => `<p>Goes well with <a href="/model-versions/${id}">number ${id}</a> too.</p>`)
  .join("");

/** No resource of its own in the generator: the page offers no Create for it. */
const wildcards = { covered: false, canGenerate: false };

/**
 * The stand-in's crowd, for long scrolls: ten versions each, every fifth id gated.
 *
 * @param {number} count
 * @param {number} now
 * @returns {Model[]}
 */
export function crowd(count, now) {
  const gated = gate(new Date(now - (now % day) + 30 * day).toISOString(), 14, tries());
  return Array.from({ length: count }, (_, n) => {
    const versions = Array.from({ length: 10 }, (_, at) => {
      const id = 3_000_001 + 10 * n + at;
      return version(id, `v${at + 1}`, id % 5 ? {} : gated);
    });
    return model(300_000 + n, `Crowd ${300_000 + n}`, users.creator, { cosmetic: n % 13 === 7 }, versions);
  });
}

/**
 * The stand-in's screenful: 60 models with one version each, every fifth of them gated, on other terms each time.
 *
 * @param {number} now
 * @returns {Model[]}
 */
export function screenful(now) {
  const inDays = (/** @type {number} */ days, /** @type {Terms} */ terms) =>
    gate(new Date(now - (now % day) + days * day).toISOString(), 14, terms);
  const gates = [
    inDays(12, tries()),
    forever({ download: { price: 5000 }, generation: { free: true } }),
    forever(tries(0)),
    inDays(6, tries(0)),
  ];
  return Array.from({ length: 60 }, (_, n) => {
    const id = 3_100_001 + n;
    const gated = id % 5 === 0 ? gates[Math.floor(n / 5) % gates.length] : {};
    return model(310_000 + n, `Screenful ${310_000 + n}`, users.creator, {}, [version(id, "v1.0", gated)]);
  });
}

/**
 * @param {number} id
 * @param {string} name
 * @param {import("./app/site-data.js").User} user
 * @param {Partial<Model>} more
 * @param {Version[]} versions in any order: the page shows the highest id first
 * @returns {Model}
 */
function model(id, name, user, more, versions) {
  return {
    id,
    name,
    type: "LORA",
    availability: "Public",
    mature: false,
    cosmetic: false,
    cover: "picture",
    user,
    description: `<p>Trained on drawings of my own. See also <a href="https://civitai.com/models/827184" rel="ugc">the base</a>.</p>`,
    ...more,
    modelVersions: versions
      .map((one) => ({ ...one, modelId: id, availability: more.availability ?? one.availability }))
      .sort((a, b) => b.id - a.id),
  };
}

/**
 * @param {number} id
 * @param {string} name
 * @param {Partial<Version>} [more]
 * @returns {Version}
 */
function version(id, name, more) {
  return {
    id,
    modelId: 0,
    name,
    baseModel: "Illustrious",
    status: "Published",
    availability: "Public",
    usageControl: "Download",
    publishedAt: "2026-07-01T00:00:00.000Z",
    covered: true,
    canGenerate: true,
    canDownload: true,
    paidAccess: null,
    ...more,
  };
}

/**
 * @param {string | null} endsAt
 * @param {number | null} timeframeDays none: it never ends
 * @param {Terms} terms
 */
function gate(endsAt, timeframeDays, terms) {
  return { paidAccess: { endsAt, timeframeDays, terms }, canDownload: false };
}

/** Paid access that never ends. @param {Terms} [terms] */
function forever(terms = tries()) {
  return gate(null, null, terms);
}

/** Both are sold, after so many tries; without a number, after the site's own. @param {number} [trialLimit] */
function tries(trialLimit) {
  return {
    download: { price: 5000 },
    generation: { price: 2500, ...(trialLimit !== undefined && { trialLimit }) },
  };
}

/** What creators write: links that name a model, in each form, and links that do not. */
const links = `
<p>Made with <a href="https://civitai.com/models/900100/kestrel-watercolours?modelVersionId=900103" rel="ugc">Kestrel Watercolours</a>,
its <a href="https://civitai.red/models/900100?modelVersionId=900108">Sketchbook</a>, the portraits on
<a href="https://civitai.green/models/900200">green</a> and <a href="/model-versions/900301">one by its version</a>.</p>
<p>Slugs that mislead: <a href="/models/900100/wizard-hat-lora">wizard hat</a>,
<a href="/models/900100/editorial-photo-style">editorial</a>, <a href="/models/900100/edited-anime?modelVersionId=900102">edited</a>,
<a href="/models/900100/reviewsauce">reviewsauce</a>.</p>
<p>No model: <a href="/models/create">create</a>, <a href="/models/train">train</a>, <a href="/models/license/900103">license</a>,
<a href="/models/900100/edit">edit</a>, <a href="/models/900100/reviews?modelVersionId=900103">reviews</a>,
<a href="/models/900100/wizard">wizard</a>, <a href="/models/900100/model-versions/900103/edit">its version</a>,
<a href="/3d-models/900100">3D</a>, <a href="/images?modelVersionId=900103">images</a>,
<a href="https://example.com/models/900100">elsewhere</a>.</p>
<p><a href="https://civitai.com/models/900300"><img alt="A picture with a link" src="/covers/900300.svg" width="120" height="80"></a></p>`;
