// npm run test:live: asks the real API a few polite questions and compares the replies with what this project relies on
// (CONTRACT.md), field by field. With files of saved pages it also looks for what the extension finds on them.
//
//   npm run test:live                      three requests to https://civitai.com
//   npm run test:live -- page.html …       and these pages, saved from the browser
//   npm run test:live -- --base-url URL    another server, such as the stand-in

import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";

/** Two versions of one model, as Civitai's own documentation names them. */
const MODEL = 827_184;
const VERSIONS = [2_514_310, 2_402_203];

/** A question, and the members of its reply that are read: a path, and what may stand there. */
const questions = [
  {
    path: `/api/v1/permissions/check?entityIds=${VERSIONS.join()}`,
    members: VERSIONS.map((id) => [`${id}`, ["boolean"]]),
  },
  {
    path: `/api/v1/models?ids=${MODEL}&nsfw=true&primaryFileOnly=true`,
    members: [
      ["items.0.id", ["number"]],
      ["items.0.name", ["string"]],
      ["items.0.type", ["string"]],
      ["items.0.availability", ["string"]],
      ["items.0.creator.username", ["string"]],
      ["items.0.modelVersions.0.id", ["number"]],
      ["items.0.modelVersions.0.name", ["string"]],
      ["items.0.modelVersions.0.availability", ["string"]],
      ["items.0.modelVersions.0.paidAccess", ["object", "null"]],
      ["items.0.modelVersions.0.supportsGeneration", ["boolean"]],
    ],
  },
  {
    path: `/api/v1/model-versions/mini/${VERSIONS[1]}`,
    members: [
      ["canGenerate", ["boolean"]],
      ["checkPermission", ["boolean"]],
      ["availability", ["string"]],
      ["freeTrialLimit", ["number", "null", "undefined"]],
      ["earlyAccessEndsAt", ["string", "null", "undefined"]],
    ],
  },
];

/** What the extension finds on a saved page, and by what. @type {[string, RegExp][]} */
const marks = [
  ["links to models", /<a\b[^>]*href="[^"]*\/models\/\d+/g],
  ["headings", /<h1\b/g],
  ["the announcer of a hydrated page", /<next-route-announcer/g],
  ["the page's own data", /id="__NEXT_DATA__"/g],
  ["the site's access chip", /data-status-badge="access"/g],
];

const { values, positionals } = parseArgs({
  options: { "base-url": { type: "string", default: "https://civitai.com" } },
  allowPositionals: true,
});
const moved = [];
for (const { path, members } of questions)
  moved.push(...(await compare(`${values["base-url"]}${path}`, members)));
for (const file of positionals) await lookAt(file);
console.log(moved.length === 0 ? "\nNothing has moved." : `\nMoved:\n  ${moved.join("\n  ")}`);
process.exitCode = moved.length === 0 ? 0 : 1;

/** @param {string} url @param {(string | string[])[][]} members @returns {Promise<string[]>} what is not as the contract has it */
async function compare(url, members) {
  const { pathname } = new URL(url);
  const reply = await fetch(url, { credentials: "omit", signal: AbortSignal.timeout(15_000) }).catch(
    (error) => error,
  );
  if (reply instanceof Error) return [`${pathname}: no response (${reply.cause ?? reply.message})`];
  if (!reply.ok) return [`${pathname}: status ${reply.status}`];
  const body = await reply.json().catch(() => undefined);
  if (body === undefined) return [`${pathname}: not JSON`];
  const wrong = members.flatMap(([member, kinds]) => {
    const found = kindOf(`${member}`.split(".").reduce((value, key) => value?.[key], body));
    return kinds?.includes(found)
      ? []
      : [`${pathname}: ${member} is ${found}, not ${[kinds].flat().join(" or ")}`];
  });
  console.log(
    `${wrong.length === 0 ? "✓" : "✗"} ${pathname}: ${members.length - wrong.length} of ${members.length} members`,
  );
  return wrong;
}

/** @param {unknown} value */
function kindOf(value) {
  return value === null ? "null" : typeof value;
}

/** @param {string} file */
async function lookAt(file) {
  const text = await readFile(file, "utf8");
  console.log(`\n${file}`);
  for (const [name, pattern] of marks) console.log(`  ${text.match(pattern)?.length ?? 0} ${name}`);
  if (!marks[0]?.[1].test(text)) moved.push(`${file}: no links to models`);
}
