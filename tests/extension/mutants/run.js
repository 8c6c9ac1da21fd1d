// Which mutants there are, what the extension makes of them in a browser, and how that is judged against the page
// without a mutation.

import { randomUUID } from "node:crypto";
import { tabIdOf } from "../lib/pages.js";
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
 * @property {string[]} twice groups with more than the page has without a mutation
 * @property {string[]} unreported what is missing without a word of the popup
 */

const names = Object.keys(mutations);

/** So high is the window that all of the page is in view, in pixels. */
const height = 5000;

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
 * @typedef {object} Ground
 * @property {import("../lib/browser.js").Tab} tab where mutants are shown
 * @property {() => Promise<Report>} report what the popup gets from that tab
 */

/** @typedef {import("../../../src/extension/pages/tab.js").Report} Report */

/**
 * A tab for mutants, and beside it a page of the extension, which asks that tab for its report as the popup does.
 *
 * @param {import("../lib/browser.js").Browser} browser
 * @param {() => Promise<import("../lib/browser.js").Tab>} newTab
 * @returns {Promise<Ground>}
 */
export async function openGround(browser, newTab) {
  const tab = await newTab();
  await tab.resize(1400, height);
  // An address that no other tab shows.
  await tab.open(`https://civitai.com${address}?nr=${randomUUID()}`);
  const id = await tabIdOf(browser, tab);
  const own = await newTab();
  await own.open(browser.blank);
  // Then every link has a badge, and none that is missing was left out because nothing is locked.
  await own.run(() => chrome.storage.local.set({ settings: { showOpen: true, revision: 1 } }));
  return {
    tab,
    report: () => own.run((id) => chrome.tabs.sendMessage(id, { kind: "report" }), id),
  };
}

/**
 * @param {Ground} ground
 * @param {Mutant[]} group one of `groups`
 * @param {Sight} plain the page without a mutation
 * @returns {Promise<Sight[]>} with the page's report where a badge is missing
 */
export async function sightsOf({ tab, report }, group, plain) {
  const follow = !group.every(isLoaded);
  if (follow) await loaded(tab, null, plain);
  /** @type {Sight[]} */
  const sights = [];
  for (const mutant of group) {
    const sight = follow ? await followed(tab, mutant, plain) : await loaded(tab, mutant, plain);
    const isWhole = missingOf(sight, plain).length === 0;
    sights.push(isWhole ? sight : { ...sight, report: await report() });
  }
  return sights;
}

/** @param {import("../lib/browser.js").Tab} tab @param {Mutant} mutant @param {Sight} plain @returns {Promise<Sight>} */
function followed(tab, mutant, plain) {
  return tab.run(
    ([order, wanted]) => /** @type {any} */ (window).__mutant.inPlace(order, wanted),
    /** @type {const} */ ([orderOf(mutant), plain.said]),
  );
}

/** @param {Mutant} mutant */
function orderOf({ seed, names }) {
  return [seed, ...names].join("|");
}

/** The page as it is, once its answers are in the extension's memory. @param {Ground} ground */
export async function plainSight({ tab }) {
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
  const states = new Map(plain.found.map(({ group, state }) => [group, state]));
  const missing = missingOf(sight, plain);
  const wrong = sight.found.flatMap(({ group, model, version, state }) => {
    const right = states.get(group) ?? (version ? stateFor(version, "final") : "");
    if (!group) return [`a badge of ${model}@${version} belongs to nothing`];
    if (state === right) return [];
    return [`${group} is ${state}, not ${right}`];
  });
  const [before, after] = [countsOf(plain), countsOf(sight)];
  const twice = [...after]
    .filter(([group, count]) => group && count > (before.get(group) ?? 1))
    .map(([group]) => group);
  const unreported = unreportedOf(missing, sight.report);
  return { mutant, stayed: plain.found.length - missing.length, missing, wrong, twice, unreported };
}

/** What is missing and the popup keeps silent about. @param {string[]} missing @param {Report | undefined} report */
function unreportedOf(missing, report) {
  /** @type {Record<string, number>} */
  const reported = report
    ? {
        title: Number(report.titleLost ?? false),
        version: report.versionsLost ?? 0,
        // What is taken for the generator's has no badge: the popup lists it, with its state.
        link: report.links - report.checked + report.keptOut + report.listed.length,
      }
    : {};
  return ["title", "version", "link"].flatMap((kind) => {
    const count = missing.filter((group) => group.split(" ")[0] === kind).length;
    const said = reported[kind] ?? 0;
    return count > said ? [`${count} of kind ${kind} missing, ${said} reported`] : [];
  });
}

/** Groups without a badge that they had. @param {Pick<Sight, "found">} sight @param {Pick<Sight, "found">} plain */
function missingOf(sight, plain) {
  const after = countsOf(sight);
  return [...countsOf(plain)].flatMap(([group, count]) =>
    Array.from({ length: Math.max(0, count - (after.get(group) ?? 0)) }, () => group),
  );
}

/** How many badges each group has. @param {Pick<Sight, "found">} sight */
function countsOf({ found }) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { group } of found) counts.set(group, (counts.get(group) ?? 0) + 1);
  return counts;
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
