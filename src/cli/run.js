// npx civitai-permissions: from the command line to the exit status.

import { readFile } from "node:fs/promises";
import { LARGEST_ID } from "../js/largest-id.js";
import { failureWords, toCsv, toJson } from "../report/list.js";
import { HELP, readArguments, UsageError } from "./arguments.js";
import { readSources } from "./sources.js";
import { Progress, toTable } from "./table.js";

/** @typedef {import("../js/types.js").Explanation} Explanation */
/** @typedef {typeof import("../js/index.js")} Module */
/** @typedef {InstanceType<Module["PermissionChecker"]>} Checker */

/** What the process ends with. */
const STATUS = { granted: 0, denied: 1, wrongUse: 2, unknown: 3 };

/**
 * @typedef {object} World
 * @property {import("node:stream").Readable} stdin
 * @property {import("./table.js").Output} stdout
 * @property {import("./table.js").Output} stderr
 * @property {NodeJS.ProcessEnv} env
 * @property {() => number} now
 * @property {() => Promise<Module>} load
 * @property {typeof import("../js/server.js").currentUser} currentUser
 */

/**
 * @param {readonly string[]} argv
 * @param {World} world
 * @returns {Promise<number>} the exit status
 */
export async function run(argv, world) {
  try {
    const args = readArguments(argv);
    if (args.action === "help") world.stdout.write(HELP);
    else if (args.action === "version") world.stdout.write(`${await version()}\n`);
    else return await check(args, world);
    return STATUS.granted;
  } catch (error) {
    const { message, code } = /** @type {Error & { code?: string }} */ (error);
    const isWrongUse = error instanceof UsageError || code === "INVALID_ARGUMENT" || code === "UNAUTHORIZED";
    world.stderr.write(
      `civitai-permissions: ${message}\n${isWrongUse ? "--help lists what it takes.\n" : ""}`,
    );
    return isWrongUse ? STATUS.wrongUse : STATUS.unknown;
  }
}

/** @param {import("./arguments.js").Arguments} args @param {World} world */
async function check(args, world) {
  const module = await world.load();
  const { stdout, stderr, env, now } = world;
  const resources = await readSources(args.sources, module, world.stdin);
  const ours = resources.filter(({ source }) => source === "civitai");
  const skipped = resources
    .filter(({ source }) => source !== "civitai")
    .map(({ text, source }) => ({ text, source }));
  if (ours.length === 0) throw new UsageError("nothing there names a version or a model of Civitai");

  const userId = await userOf(args, world);
  const checker = new module.PermissionChecker({
    ...(args.baseUrl !== null && { baseUrl: args.baseUrl }),
    ...(args.timeout !== null && { timeout: args.timeout }),
  });
  const options = { userId, fresh: args.fresh };
  const { ids, failures } = await idsOf(ours, checker, options);
  const progress = new Progress(stderr);
  const explanations = await explain(ids, checker, options, args.explain, progress);
  progress.end();

  for (const { modelId, words } of failures) stderr.write(`model ${modelId}: ${words}\n`);
  if (skipped.length > 0 && args.format !== "json") {
    stderr.write(`left out, from other sources than Civitai: ${skipped.length}\n`);
  }
  const colours = Boolean(stdout.isTTY) && !env.NO_COLOR && env.TERM !== "dumb";
  const width = stdout.isTTY ? (stdout.columns ?? 80) : null;
  if (args.format === "json") stdout.write(toJson(explanations, { userId, skipped }));
  else if (args.format === "csv") stdout.write(toCsv(explanations));
  else if (explanations.length > 0) stdout.write(toTable(explanations, now(), { width, colours }));
  return statusOf(explanations, failures.length > 0);
}

/** @param {import("./arguments.js").Arguments} args @param {World} world @returns {Promise<number | null>} */
async function userOf({ user, tokenEnv, baseUrl, timeout }, { env, currentUser }) {
  if (user !== null) {
    if (/^[1-9]\d{0,9}$/.test(user) && Number(user) <= LARGEST_ID) return Number(user);
    throw new UsageError(`--user takes a number from 1 to ${LARGEST_ID}, not a name`);
  }
  if (tokenEnv === null) return null;
  const token = env[tokenEnv]?.trim();
  if (!token) throw new UsageError("--token-env names an environment variable that is empty or not set");
  const { id } = await currentUser({
    token,
    ...(baseUrl !== null && { baseUrl }),
    ...(timeout !== null && { timeout }),
  });
  return id;
}

/**
 * The versions in order of first mention; a model is all of its versions.
 *
 * @param {readonly import("../js/types.js").Resource[]} resources
 * @param {Checker} checker
 * @param {{ userId: number | null, fresh: boolean }} options
 */
async function idsOf(resources, checker, options) {
  const models = resources.flatMap(({ entityId, modelId }) =>
    entityId === null && modelId !== null ? [modelId] : [],
  );
  const found = models.length > 0 ? await checker.versions(models, options) : [];
  const versions = new Map(
    found.map((model) => [model.modelId, model.versions.map(({ versionId }) => versionId)]),
  );
  const failures = found.flatMap(({ modelId, error, versions }) => {
    if (error) return [{ modelId, words: failureWords(error) }];
    return versions.length === 0 ? [{ modelId, words: "Civitai lists no version of it" }] : [];
  });
  const ids = resources.flatMap(({ entityId, modelId }) =>
    entityId === null ? (versions.get(modelId ?? 0) ?? []) : [entityId],
  );
  return { ids: [...new Set(ids)], failures };
}

/**
 * @param {readonly number[]} ids
 * @param {Checker} checker
 * @param {{ userId: number | null, fresh: boolean }} options
 * @param {boolean} withReasons
 * @param {Progress} progress
 * @returns {Promise<Explanation[]>} in the order of the ids
 */
async function explain(ids, checker, options, withReasons, progress) {
  /** @type {Map<number, Explanation>} */
  const byId = new Map();
  let done = 0;
  progress.show(0, ids.length);
  const batches = withReasons
    ? checker.explainStream(ids, options)
    : verdictsAlone(checker.streamBatches(ids, options));
  for await (const explanations of batches) {
    for (const explanation of explanations) {
      byId.set(explanation.entityId, explanation);
      if (explanation.complete) done += 1;
    }
    progress.show(done, ids.length);
  }
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** Verdicts in the shape of explanations: the reason is not known. @param {AsyncIterable<import("../js/types.js").Verdict[]>} batches @returns {AsyncGenerator<Explanation[]>} */
async function* verdictsAlone(batches) {
  for await (const verdicts of batches) {
    yield verdicts.map((verdict) => ({
      ...verdict,
      generation:
        verdict.state === "granted"
          ? verdict.personal
            ? "held"
            : "open"
          : verdict.state === "denied"
            ? "gated"
            : "unknown",
      usable: verdict.state === "granted" ? true : null,
      ...{ complete: true, incomplete: null, exists: null, asOf: null, gate: "unknown", endsAt: null },
      ...{ freeTrials: null, canGenerate: null, modelId: null, modelName: null, versionName: null },
      ...{ ownerId: null, air: null },
    }));
  }
}

/** @param {readonly Explanation[]} explanations @param {boolean} hasFailed */
function statusOf(explanations, hasFailed) {
  if (hasFailed || explanations.some(({ state }) => state === "unknown")) return STATUS.unknown;
  return explanations.some(({ state }) => state === "denied") ? STATUS.denied : STATUS.granted;
}

async function version() {
  const text = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  return JSON.parse(text).version;
}
