// What starts anew for each measurement: the module, a bare `fetch` and the rival, as a script that a page, a worker or a
// process runs.

import { join } from "node:path";
import { published } from "../lib/pkg.mjs";
import { inTurns, median, pairs, quartiles } from "./speed.js";

/** @typedef {"ours" | "bare" | "rival"} Name */

export const rival = join(import.meta.dirname, "rival.js");

/** Defines `check`, which asks about one id at a `baseUrl` that is defined elsewhere. @type {Record<Name, string>} */
export const checkOf = {
  ours: `import { checkPermissions } from ${JSON.stringify(published)}; const check = () => checkPermissions([2514310], { baseUrl });`,
  bare: `const check = async () => (await fetch(baseUrl + "/api/v1/permissions/check?entityIds=2514310")).json();`,
  rival: `import { createRival } from ${JSON.stringify(rival)}; const check = () => createRival({ baseUrl })([2514310]);`,
};

/**
 * How long a start takes to its first answer.
 * @param {string} name @param {(side: Name) => Promise<number>} start milliseconds
 * @param {number} [goal] of the ratio to the rival
 * @returns {Promise<import("./speed.js").Row>}
 */
export async function startRow(name, start, goal) {
  /** @type {Record<Name, number[]>} */
  const took = { ours: [], bare: [], rival: [] };
  const side = (/** @type {Name} */ of) => ({
    prepare: () => async () => {
      took[of].push(await start(of));
    },
  });
  const rounds = 15;
  await inTurns({ ours: side("ours"), bare: side("bare"), rival: side("rival") }, rounds);
  // The first rounds fill the disk's cache.
  for (const list of Object.values(took)) list.splice(0, list.length - rounds);
  const ratios = pairs(took.ours, took.rival);
  const ratio = median(ratios);
  return {
    ...{
      name,
      unit: "ms",
      goal: goal ? `≤ ${goal} × dataloader + ky` : "",
      met: goal ? ratio <= goal : null,
    },
    ...{ ours: median(took.ours), bare: median(took.bare), rival: median(took.rival) },
    ...{ ratio, spread: quartiles(ratios) },
  };
}

/** One file of a script with its imports. @param {string} contents @returns {Promise<string>} */
export async function bundled(contents) {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    ...{ bundle: true, minify: true, format: "esm", target: "es2022", charset: "utf8", write: false },
  });
  return outputFiles[0]?.text ?? "";
}
