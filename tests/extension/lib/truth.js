// What a badge must be for each version of the sample, found by reading the contract, not by asking the code.

/**
 * @typedef {object} Truth
 * @property {number} version
 * @property {string} known for anybody, where the terms are known: from the page's own data, or after a tooltip
 * @property {string} listed for anybody, from the API's list and the check alone
 * @property {string} buyer for user 12345, asked about by number
 * @property {string} [text] what the badge says, with the terms known
 */

/** Early access and paid access sell a number of tries, ten unless the creator says otherwise (contract §1.6). */
const sold = { known: "trial", listed: "locked", buyer: "trial" };
const open = { known: "open", listed: "open", buyer: "open" };
const bought = { ...sold, buyer: "yours" };

/** @type {Truth[]} */
export const truths = [
  { version: 2_514_310, ...open, text: "No lock" },
  { version: 2_402_203, ...sold, text: "Early access · 10 free tries" },
  // Its gate has expired: what the page's data still tells of it is history.
  { version: 2_167_369, ...open, text: "No lock" },
  { version: 900_108, ...open },
  { version: 900_107, ...sold, text: "Early access · 10 free tries" },
  // Only the download is sold, so that there is no tier with tries in it.
  { version: 900_106, known: "locked", listed: "locked", buyer: "locked", text: "Paid access" },
  { version: 900_105, known: "locked", listed: "locked", buyer: "locked", text: "Paid access" },
  { version: 900_104, ...sold, text: "Paid · generation free" },
  { version: 900_103, ...sold, text: "10 free tries" },
  { version: 900_102, ...sold, text: "Early access · 10 free tries" },
  { version: 900_101, ...sold, text: "Early access · 10 free tries" },
  // Bought for downloading only.
  { version: 900_203, ...sold },
  { version: 900_202, ...bought },
  { version: 900_201, ...bought },
  { version: 900_303, ...open },
  { version: 900_302, ...bought },
  { version: 900_301, ...bought },
  { version: 900_601, ...open },
  // For the site's own use only, which the list does not tell.
  { version: 900_703, known: "off", listed: "open", buyer: "off", text: "Can't generate" },
  { version: 900_702, known: "off", listed: "off", buyer: "off", text: "Early access · no generation" },
  { version: 900_701, known: "off", listed: "off", buyer: "off", text: "Can't generate" },
  { version: 901_101, ...open },
  { version: 901_202, ...open },
  // An old way of gating, without a row of terms.
  { version: 901_203, known: "locked", listed: "locked", buyer: "locked" },
  { version: 902_003, ...sold },
  // The list leaves it out; the check knows it.
  { version: 902_002, ...open },
  { version: 902_001, ...open },
  { version: 902_102, ...sold },
  { version: 902_101, ...open },
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
};

/**
 * The states that these versions must have.
 * @param {readonly number[]} versions
 * @param {"known" | "listed" | "buyer"} how
 * @returns {Record<number, string>}
 */
export function statesFor(versions, how) {
  return Object.fromEntries(versions.map((id) => [id, stateFor(id, how)]));
}

/**
 * @param {number} id
 * @param {"known" | "listed" | "buyer"} how
 */
export function stateFor(id, how) {
  // The crowd: every fifth is gated.
  if (id > 3_000_000 && id <= 3_010_000) return id % 5 ? "open" : how === "listed" ? "locked" : "trial";
  const truth = truths.find(({ version }) => version === id);
  if (!truth) throw new Error(`lib/truth.js says nothing of version ${id}`);
  return truth[how];
}

/**
 * The state of a model's card: that of the version that the link leads to, the newest.
 * @param {number} model
 */
export function cardState(model) {
  if (model >= 300_000 && model < 301_000) return stateFor(3_000_010 + 10 * (model - 300_000), "listed");
  const [newest = 0] = models[/** @type {keyof typeof models} */ (model)] ?? [];
  return stateFor(newest, "listed");
}
