// npm start: builds everything, checks the stand-in's versions through the built module over HTTP, prints
// what came out, and serves the demo page. `npm start -- --once` ends after the table.

import { execFileSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { setUp } from "./lib/install.mjs";
import { root } from "./lib/paths.mjs";
import { build, published } from "./lib/pkg.mjs";
import { main, Stop } from "./lib/run.mjs";
import { buildStandIn, launchStandIn, standInBinary } from "./lib/stand-in-process.mjs";
import { table } from "./lib/table.mjs";

/**
 * A version of the stand-in, and the verdicts that the contract demands on it.
 * @typedef {{ version: number, kind: string, anyone: boolean, buyer: boolean }} Sample
 */

main(async () => {
  const once = process.argv.includes("--once");
  await setUp("build");
  await build();
  await buildStandIn();
  const port = once ? "0" : (process.env.PORT ?? "8787");
  const { url, ended } = await launchStandIn(["--quiet", "--static", root, "--port", port]);
  await check(url);
  if (once) return 0;
  console.log(`The demo page: ${url}/www/\n\nIt talks to the stand-in, not to civitai.com. Ctrl-C ends it.`);
  await ended();
  throw new Stop("The stand-in ended by itself.");
});

const DOCS = [2514310, 2402203];

/**
 * Checks a version of every kind, anonymously and as the user who bought some.
 * @param {string} baseUrl
 */
async function check(baseUrl) {
  /** @type {{ buyer: number, versions: Sample[] }} */
  const sample = JSON.parse(execFileSync(standInBinary, ["--list", "--json"], { encoding: "utf8" }));
  const { checkPermissions } = await import(pathToFileURL(published).href);
  // The example ids of Civitai's documentation first.
  sample.versions.sort((a, b) => Number(DOCS.includes(b.version)) - Number(DOCS.includes(a.version)));
  const ids = sample.versions.map(({ version }) => version);
  /** @type {Record<number, boolean>} */
  const anyone = await checkPermissions(ids, { baseUrl });
  /** @type {Record<number, boolean>} */
  const buyer = await checkPermissions(ids, { baseUrl, userId: sample.buyer });

  const rows = sample.versions.map(({ version, kind }) => [
    String(version),
    kind,
    word(anyone[version]),
    word(buyer[version]),
  ]);
  console.log(`${ids.length} versions, checked by the wasm module over HTTP at ${baseUrl}:\n`);
  console.log(`${table(["version", "kind", "anyone", `user ${sample.buyer}`], rows)}\n`);

  const wrong = sample.versions.filter(
    (one) => anyone[one.version] !== one.anyone || buyer[one.version] !== one.buyer,
  );
  if (wrong.length > 0) {
    throw new Stop(
      `Not what the contract demands: ${wrong.map(({ version, kind }) => `${version} (${kind})`).join(", ")}. ` +
        `\`cargo run -p stand-in -- --list\` prints what it demands.`,
    );
  }
}

/** @param {boolean | undefined} granted */
function word(granted) {
  return granted === undefined ? "unknown" : granted ? "granted" : "denied";
}
