// Which mutants there are, what the extension makes of them in a browser, and how that is judged against the page
// without a mutation.

import { stateFor } from "../lib/truth.js";
import { mutations } from "./mutations.js";
import { address } from "./page.js";

/** @typedef {import("./in-page.js").Sight} Sight */
/** @typedef {{ seed: number, names: string[] }} Mutant */

/**
 * @typedef {object} Verdict
 * @property {Mutant} mutant
 * @property {number} stayed how many badges are where they were
 * @property {string[]} missing groups without the badge that they had
 * @property {string[]} wrong badges that say what is not so, or belong to nothing
 * @property {string[]} twice groups with more than one
 */

const names = Object.keys(mutations);

/** So high is the window that all of the page is in view, in pixels. */
export const height = 5000;

/**
 * The mutants with these numbers: every mutation alone first, then pairs.
 *
 * @param {number} from
 * @param {number} count
 * @returns {Mutant[]}
 */
export function mutants(from, count) {
  return Array.from({ length: count }, (_, at) => {
    const seed = from + at;
    const first = names[seed % names.length] ?? "";
    if (seed < names.length) return { seed, names: [first] };
    // Each later round pairs with another neighbour.
    const second = names[(seed + Math.floor(seed / names.length)) % names.length] ?? "";
    return { seed, names: first === second ? [first] : [first, second] };
  });
}

/**
 * Whether a mutant is a page that loads; the others follow one another in one document. Page data are read once, when
 * a document loads.
 *
 * @param {Mutant} mutant
 */
function isLoaded({ seed, names }) {
  return names.length === 1 || names.includes("drops __NEXT_DATA__") || seed % 20 === 0;
}

/** So many mutants share a document. */
const TOGETHER = 50;

/**
 * Mutants in groups: those of one document, and each that is loaded by itself.
 *
 * @param {Mutant[]} all
 * @returns {Mutant[][]}
 */
export function groups(all) {
  /** @type {Mutant[][]} */
  const found = [];
  const following = all.filter((mutant) => !isLoaded(mutant));
  while (following.length > 0) found.push(following.splice(0, TOGETHER));
  return [...found, ...all.filter(isLoaded).map((mutant) => [mutant])];
}

/**
 * @param {import("../lib/browser.js").Tab} tab
 * @param {Mutant[]} group one of `groups`
 * @param {Sight} plain the page without a mutation
 * @returns {Promise<Sight[]>}
 */
export async function sightsOf(tab, group, plain) {
  const [first] = group;
  if (first && isLoaded(first)) return [await loaded(tab, first, plain)];
  await loaded(tab, null, plain);
  /** @type {Sight[]} */
  const sights = [];
  while (sights.length < group.length) {
    const orders = group.slice(sights.length).map(orderOf);
    const more = await tab.run(
      ([orders, wanted]) => /** @type {any} */ (window).__mutant.inPlace(orders, wanted),
      /** @type {const} */ ([orders, plain.said]),
    );
    sights.push(...more);
  }
  return sights;
}

/** @param {Mutant} mutant */
function orderOf({ seed, names }) {
  return [seed, ...names].join("|");
}

/** The page as it is, once its answers are in the extension's memory. @param {import("../lib/browser.js").Tab} tab */
export async function plainSight(tab) {
  await loaded(tab, null, null);
  return loaded(tab, null, null);
}

/**
 * @param {import("../lib/browser.js").Tab} tab
 * @param {Mutant | null} mutant null: the page as it is
 * @param {Sight | null} plain the page without a mutation, if it is known
 * @returns {Promise<Sight>}
 */
async function loaded(tab, mutant, plain) {
  const order = mutant ? `&__mutant=${encodeURIComponent(orderOf(mutant))}` : "";
  await tab.open(`https://civitai.com${address}?modelVersionId=902205${order}`);
  return tab.run(async (wanted) => {
    const page = /** @type {any} */ (window);
    while (!page.__mutant) await new Promise((resolve) => setTimeout(resolve, 20));
    return page.__mutant.settled(wanted);
  }, plain?.said ?? null);
}

/**
 * @param {Mutant} mutant
 * @param {Sight} sight
 * @param {Sight} plain
 * @returns {Verdict}
 */
export function judge(mutant, sight, plain) {
  const before = new Map(plain.found.map((badge) => [badge.group, badge]));
  /** @type {Map<string, number>} */
  const after = new Map();
  for (const { group } of sight.found) after.set(group, (after.get(group) ?? 0) + 1);
  const missing = [...before.keys()].filter((group) => !after.has(group));
  const wrong = sight.found.flatMap(({ group, model, version, state }) => {
    const right = before.get(group)?.state ?? (version ? stateFor(version, "told") : "");
    if (!group) return [`a badge of ${model}@${version} belongs to nothing`];
    if (state === right) return [];
    return [`${group} is ${state}, not ${right}`];
  });
  const twice = [...after].filter(([group, count]) => group && count > 1).map(([group]) => group);
  return { mutant, stayed: before.size - missing.length, missing, wrong, twice };
}

/**
 * The verdicts together.
 *
 * @param {Verdict[]} verdicts
 * @param {number} each how many badges the page without a mutation has
 */
export function summary(verdicts, each) {
  const stayed = verdicts.reduce((sum, verdict) => sum + verdict.stayed, 0);
  const share = verdicts.length > 0 ? stayed / (verdicts.length * each) : 0;
  /** @type {Map<string, { runs: number, lost: number, bad: number }>} */
  const rows = new Map();
  for (const { mutant, missing, wrong, twice } of verdicts) {
    for (const name of mutant.names) {
      const row = rows.get(name) ?? { runs: 0, lost: 0, bad: 0 };
      rows.set(name, {
        runs: row.runs + 1,
        lost: row.lost + missing.length,
        bad: row.bad + wrong.length + twice.length,
      });
    }
  }
  const table = [...rows]
    .sort(([, a], [, b]) => b.lost / b.runs - a.lost / a.runs)
    .map(
      ([name, { runs, lost, bad }]) =>
        `${(lost / runs).toFixed(2).padStart(6)} lost, ${bad} wrong or double: ${name}`,
    );
  return { share, table: table.join("\n") };
}
