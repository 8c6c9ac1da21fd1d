// npm run bench -- react: 10,000 ids in the hook, in Chromium, beside the same page with a bare `fetch` of the same
// requests, which puts all replies into its state at once. Each turn is a new page with React's production build.

import { launchChromium } from "../../helpers/browsers.js";
import { inTurns, median, pairs, quartiles, table } from "../../helpers/repository.js";
import { installedProject } from "../project.js";
import { startAllOpen } from "./all-open.js";
import { openPage } from "./page.js";

/**
 * @typedef {"ours" | "bare"} Side
 * @typedef {{ first: number, last: number, longest: number }} Drawn milliseconds
 */

const ROUNDS = 12;
const ids = Array.from({ length: 10_000 }, (_, index) => 1_000_000 + index);

const [project, browser, api] = await Promise.all([installedProject(), launchChromium(), startAllOpen()]);
const list = await openPage(project.folder, "19", browser, { app: "long-list.js", build: "production" });
try {
  await draw("ours", ids);
  const requests = [...api.asked];
  /** @type {Record<Side, Drawn[]>} */
  const turns = { ours: [], bare: [] };
  const side = (/** @type {Side} */ hook, /** @type {number[] | string[]} */ asked) => ({
    prepare: () => async () => {
      turns[hook].push(await draw(hook, asked));
    },
  });
  await inTurns({ ours: side("ours", ids), bare: side("bare", requests) }, ROUNDS);
  const rows = [
    row("10,000 ids: to the first states on the screen", "first", turns),
    row("10,000 ids: to the last state on the screen", "last", turns),
    row("10,000 ids: the longest task", "longest", turns),
  ];
  if (process.argv.includes("--json")) console.log(JSON.stringify(rows, null, 2));
  else console.log(shown(rows));
} finally {
  await list.close();
  await browser.close();
  api.close();
  await project.remove();
}

/** @param {Side} hook @param {number[] | string[]} asked @returns {Promise<Drawn>} */
async function draw(hook, asked) {
  await list.open();
  const args = JSON.stringify([hook, api.url, ids, asked]);
  const { granted, ...drawn } = await list.page.evaluate(`drawList(...${args})`);
  if (granted !== ids.length || list.faults.length > 0)
    throw new Error(`${hook}: ${granted} rows of ${ids.length}; ${list.faults}`);
  return drawn;
}

/** @param {string} name @param {keyof Drawn} what @param {Record<Side, Drawn[]>} turns */
function row(name, what, turns) {
  // The first rounds do not count: they fill the caches of the disk.
  const all = (/** @type {Side} */ side) => turns[side].slice(-ROUNDS).map((drawn) => drawn[what]);
  const [ours, bare] = [all("ours"), all("bare")];
  const figures = { name, ours: median(ours), bare: median(bare) };
  // The browser reports no task below 50 ms, which is then 0 here.
  if (what === "longest") return { ...figures, ratio: null, spread: null };
  const ratios = pairs(ours, bare);
  return { ...figures, ratio: median(ratios), spread: quartiles(ratios) };
}

/** @param {ReturnType<typeof row>[]} rows */
function shown(rows) {
  const ms = (/** @type {number} */ number) => (number === 0 ? "below 50 ms" : `${Math.round(number)} ms`);
  const cells = rows.map(({ name, ours, bare, ratio, spread }) => [
    name,
    ms(ours),
    ms(bare),
    ratio?.toFixed(2) ?? "",
    spread?.map((number) => number.toFixed(2)).join("–") ?? "",
  ]);
  return table(["median", "ours", "bare fetch", "ratio", "quartiles"], cells);
}
