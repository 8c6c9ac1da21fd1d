// Mutants by hand: node tests/extension/mutants/replay.js [--browser firefox] [--from 0] [--count 30] [--only "names|of mutations"] [--verbose]

import { parseArgs } from "node:util";
import { startStandIn } from "../../helpers/stand-in.js";
import { openers } from "../lib/browser.js";
import { unpack } from "../lib/unpacked.js";
import { startSite } from "../site/server.js";
import { showGround } from "./page.js";
import { groups, judge, mutants, openGround, plainSight, sightsOf, summary } from "./run.js";

const { values } = parseArgs({
  options: {
    browser: { type: "string", default: "chromium" },
    from: { type: "string", default: "0" },
    count: { type: "string", default: "30" },
    only: { type: "string" },
    verbose: { type: "boolean", default: false },
  },
});

const standIn = await startStandIn();
const site = await startSite({ standIn: standIn.session("mutants").baseUrl });
const unpacked = await unpack();
await showGround(site);
const browser = await openers[values.browser === "firefox" ? "firefox" : "chromium"]({ site, unpacked });
try {
  const ground = await openGround(browser, () => browser.newTab());
  const plain = await plainSight(ground);
  if (values.verbose) for (const { group, state } of plain.found) console.log(`${state.padEnd(8)} ${group}`);
  const each = plain.found.length;
  const seed = Number(values.from);
  const chosen = values.only
    ? [{ seed, names: values.only.split("|") }]
    : mutants(seed, Number(values.count));
  const verdicts = [];
  const began = Date.now();
  for (const group of groups(chosen)) {
    const sights = await sightsOf(ground, group, plain);
    for (const [at, mutant] of group.entries()) {
      const verdict = judge(mutant, /** @type {any} */ (sights[at]), plain);
      verdicts.push(verdict);
      const { stayed, missing, wrong, twice, unreported } = verdict;
      const bad = wrong.length + twice.length;
      console.log(`${mutant.seed}: ${stayed} of ${each}, ${bad} wrong or double: ${mutant.names.join(", ")}`);
      for (const line of unreported) console.log(`    not in the popup: ${line}`);
      if (!values.verbose) continue;
      for (const [what, list] of Object.entries({ missing, wrong, twice }))
        for (const one of list) console.log(`    ${what}: ${one}`);
    }
  }
  const { share, table } = summary(verdicts, each);
  console.log(
    `\n${table}\n\n${(share * 100).toFixed(2)} % stayed; ${Math.round((Date.now() - began) / chosen.length)} ms each`,
  );
} finally {
  await browser.close();
  await site.close();
  await unpacked.remove();
  standIn.close();
}
