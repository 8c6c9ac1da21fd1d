// What a badge must be for each version of the sample, found by reading the contract, not by asking the code.

/**
 * @typedef {object} Truth
 * @property {number} version
 * @property {string} known for anybody, where the terms are known: from the page's own data, or after a tooltip
 * @property {string} listed for anybody, where the page's own data hold no terms
 * @property {string} buyer for user 12345, asked about by number
 * @property {string} final for anybody, once the terms are known: what every surface shows in the end
 * @property {string} [text] what the badge says, with the terms known
 */

/** Early access and paid access sell a number of tries, ten unless the creator says otherwise (contract §1.6). */
const sold = { known: "trial", listed: "trial", buyer: "trial", final: "trial" };
const open = { known: "open", listed: "open", buyer: "open", final: "open" };
const bought = { ...sold, buyer: "yours" };
const locked = { known: "locked", listed: "locked", buyer: "locked", final: "locked" };
const free = { known: "free", listed: "free", buyer: "free", final: "free" };
const off = { known: "off", listed: "off", buyer: "off", final: "off" };

/** @type {Truth[]} */
export const truths = [
  { version: 2_514_310, ...open, text: "No lock" },
  { version: 2_402_203, ...sold, text: "10 free tries" },
  // Its gate has expired, though the page's data still hold it.
  { version: 2_167_369, ...open, text: "No lock" },
  { version: 900_108, ...open },
  { version: 900_107, ...sold, text: "10 free tries" },
  // Only the download is sold, so that there is no tier with tries in it.
  { version: 900_106, ...locked, text: "Locked · paid" },
  { version: 900_105, ...locked, text: "Locked · paid" },
  { version: 900_104, ...free, text: "Free to generate" },
  { version: 900_103, ...sold, text: "10 free tries" },
  { version: 900_102, ...sold, text: "10 free tries" },
  { version: 900_101, ...sold, text: "10 free tries" },
  // Bought for downloading only.
  { version: 900_203, ...sold },
  { version: 900_202, ...bought },
  { version: 900_201, ...bought },
  { version: 900_303, ...open },
  { version: 900_302, ...bought },
  { version: 900_301, ...bought },
  { version: 900_601, ...open },
  // For the site's own use only, which the list leaves out.
  { version: 900_703, ...off, listed: "open", final: "open", text: "Can’t generate" },
  { version: 900_702, ...off, text: "Can’t generate" },
  { version: 900_701, ...off, text: "Can’t generate" },
  { version: 901_101, ...open },
  { version: 901_202, ...open },
  // An old way of gating, without a row of terms: denied, and `mini` knows of no gate on generation.
  { version: 901_203, ...free },
  { version: 902_003, ...sold },
  // The list leaves it out; the check knows it.
  { version: 902_002, ...open },
  { version: 902_001, ...open },
  { version: 902_102, ...sold },
  { version: 902_101, ...open },
  { version: 902_205, ...open },
  { version: 902_204, ...bought },
  { version: 902_203, ...locked },
  { version: 902_202, ...locked },
  { version: 902_201, ...free },
  // That the site cannot generate with them is said of all wildcards, and means nothing.
  { version: 902_303, ...locked },
  { version: 902_302, ...sold },
  { version: 902_301, ...open },
  { version: 902_402, ...locked },
  { version: 902_401, ...open },
  { version: 902_501, ...locked },
  { version: 902_701, ...sold },
];

/** The models of the sample, and their versions in the order of the page's buttons. */
export const models = {
  827184: [2_514_310, 2_402_203, 2_167_369],
  900100: [900_108, 900_107, 900_106, 900_105, 900_104, 900_103, 900_102, 900_101],
  900200: [900_203, 900_202, 900_201],
  900300: [900_303, 900_302, 900_301],
  900600: [900_601],
  900700: [900_703, 900_702, 900_701],
  901100: [901_101],
  901200: [901_203, 901_202],
  902000: [902_003, 902_001],
  902100: [902_102, 902_101],
  902200: [902_205, 902_204, 902_203, 902_202, 902_201],
  902300: [902_303, 902_302, 902_301],
  902400: [902_402, 902_401],
  902500: [902_501],
  902700: [902_701],
};

/**
 * The states that these versions must have.
 * @param {readonly number[]} versions
 * @param {"known" | "listed" | "buyer" | "final"} how
 * @returns {Record<number, string>}
 */
export function statesFor(versions, how) {
  return Object.fromEntries(versions.map((id) => [id, stateFor(id, how)]));
}

/** Whether a version of this state may read `gated` while what is free is not known. @param {string} state */
export const isDenied = (state) => ["free", "trial", "locked"].includes(state);

/** The terms of the screenful's gates, in turn. */
const screenful = ["trial", "free", "locked", "locked"];

/**
 * @param {number} id
 * @param {"known" | "listed" | "buyer" | "final"} how
 * @returns {string}
 */
export function stateFor(id, how) {
  if (id > 3_100_000 && id <= 3_100_060) {
    const terms = screenful[Math.floor((id - 3_100_001) / 5) % 4] ?? "";
    return id % 5 ? "open" : terms;
  }
  // The crowd: every fifth is gated.
  if (id > 3_000_000 && id <= 3_010_000) return id % 5 ? "open" : "trial";
  const truth = truths.find(({ version }) => version === id);
  if (!truth) throw new Error(`lib/truth.js says nothing of version ${id}`);
  return truth[how];
}

/**
 * The state of a model's card: that of the version that the link leads to, the newest.
 * @param {number} model
 * @param {"listed" | "buyer" | "final"} [how]
 */
export function cardState(model, how = "listed") {
  if (model >= 300_000 && model < 301_000) return stateFor(3_000_010 + 10 * (model - 300_000), how);
  if (model >= 310_000 && model < 310_060) return stateFor(3_100_001 + model - 310_000, how);
  const [newest = 0] = models[/** @type {keyof typeof models} */ (model)] ?? [];
  return stateFor(newest, how);
}
