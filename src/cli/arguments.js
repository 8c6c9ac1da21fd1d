// The command line, read.

import { parseArgs } from "node:util";

/** Wrong use: the message goes to standard error, the status is 2. */
export class UsageError extends Error {}

export const HELP = `May one generate with these Civitai model versions, and if not, why and until when?

  npx civitai-permissions 2514310 https://civitai.com/models/827184
  npx civitai-permissions urn:air:sdxl:lora:civitai:827184@2402203 --user 12345
  npx civitai-permissions workflow.json          a file: whatever it names, or a list
  … | npx civitai-permissions -                  standard input

Ids, links and AIRs; a model stands for all its versions.

  --user ID          ask on behalf of this user
  --token-env NAME   the same for the owner of the API token in this environment variable
  --no-explain       yes or no only: fewer requests
  --fresh            bypass all caches
  --json, --csv      for programs
  --base-url URL     where the API is (default https://civitai.com)
  --timeout SECONDS  for one request (default 15)
  --help, --version

Status: 0 all are granted, 1 some are denied, 3 some are unknown, 2 wrong use.
Denied means paid access not held; generating may still be free or have free tries.
Unofficial. Not made or endorsed by Civitai.
`;

/**
 * @typedef {object} Arguments
 * @property {"run" | "help" | "version"} action
 * @property {string[]} sources ids, links, AIRs, paths of files, "-"
 * @property {string | null} user
 * @property {string | null} tokenEnv
 * @property {boolean} fresh
 * @property {boolean} explain
 * @property {"table" | "json" | "csv"} format
 * @property {string | null} baseUrl
 * @property {number | null} timeout milliseconds
 */

/**
 * @param {readonly string[]} argv
 * @returns {Arguments} throws a {@link UsageError}
 */
export function readArguments(argv) {
  const hasToken = argv.some((one) => /^--?token(?!-env(=|$))/.test(one));
  if (hasToken) {
    throw new UsageError(
      "a token never stands on the command line, where other programs can read it: put it into an environment variable and use --token-env NAME",
    );
  }
  const { values, positionals } = parsed(argv);
  const { help, version, user, json, csv, timeout } = values;
  if (json && csv) throw new UsageError("--json and --csv exclude each other");
  if (user !== undefined && values["token-env"] !== undefined) {
    throw new UsageError("--user and --token-env exclude each other: the token's owner is the user");
  }
  const action = help ? "help" : version ? "version" : "run";
  if (action === "run" && positionals.length === 0) {
    throw new UsageError("nothing to check: give ids, links, AIRs or files, or - for standard input");
  }
  return {
    action,
    sources: positionals,
    user: user ?? null,
    tokenEnv: values["token-env"] ?? null,
    fresh: values.fresh === true,
    explain: values["no-explain"] !== true,
    format: json ? "json" : csv ? "csv" : "table",
    baseUrl: values["base-url"] ?? null,
    timeout: timeout === undefined ? null : milliseconds(timeout),
  };
}

/** @param {readonly string[]} argv */
function parsed(argv) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        user: { type: "string" },
        "token-env": { type: "string" },
        fresh: { type: "boolean" },
        "no-explain": { type: "boolean" },
        json: { type: "boolean" },
        csv: { type: "boolean" },
        "base-url": { type: "string" },
        timeout: { type: "string" },
        help: { type: "boolean", short: "h" },
        version: { type: "boolean" },
      },
    });
  } catch (error) {
    // Node's sentence names the option, and not its value.
    const [sentence = ""] = error instanceof Error ? error.message.split(/\. |\n/) : [];
    throw new UsageError(sentence.replace(/\.$/, ""), { cause: error });
  }
}

/** @param {string} text */
function milliseconds(text) {
  const ms = Math.round(Number(text) * 1000);
  if (/^\d+(\.\d+)?$/.test(text) && ms >= 1 && ms <= 2_147_483_647) return ms;
  throw new UsageError("--timeout takes seconds, such as 15 or 0.5");
}
