import { stateOf } from "../states.js";
import { listModels, listVersions } from "./lists.js";
import { verdictsOf, verdictsOfOthers } from "./verdicts.js";

/** @typedef {import("./host.js").Host} Host */
/** @typedef {import("./viewer.js").Looker} Looker */
/** @typedef {import("./verdicts.js").Verdict} Verdict */
/** @typedef {import("../protocol.js").Look} Look */
/** @typedef {import("../protocol.js").VersionAnswer} VersionAnswer */
/** @typedef {import("./lists.js").Listed} Listed */

/**
 * What the links of a page lead to: one request for the models, one check for what is not surely ungated, and with a
 * user one more for what is gated.
 *
 * @param {Host} host
 * @param {Look} question
 * @param {Looker} viewer
 * @param {AbortSignal} signal
 */
export async function look(host, question, viewer, signal) {
  const { whole, fresh } = question;
  if (fresh) host.failures.clear();
  const models = await listModels(host, question, signal);
  const listed = new Map(models.flatMap((model) => model.versions.map((one) => [one.versionId, one])));
  const versions = question.versions.filter((id) => !listed.has(id));
  for (const one of await listVersions(host, versions, fresh, signal)) listed.set(one.versionId, one);

  const open = (/** @type {Listed} */ one) => one.modelId !== whole && one.facts.gate === "none" && !fresh;
  const verdicts = await check(
    host,
    [...listed.values()].filter((one) => !open(one)),
    viewer,
    question,
    signal,
  );
  const answerOf = (/** @type {Listed} */ one) => answer(host, one, verdicts.get(one.versionId), viewer);
  host.save();
  return {
    viewer: { mode: viewer.mode },
    models: models.map((model) => ({ ...model, versions: model.versions.map(answerOf) })),
    versions: versions.flatMap((id) => {
      const one = listed.get(id);
      return one ? [answerOf(one)] : [];
    }),
  };
}

/**
 * The viewer's number goes out only with versions of others: one's own are known by their owner.
 *
 * @param {Host} host
 * @param {Listed[]} listed
 * @param {Looker} viewer
 * @param {Look} question
 * @param {AbortSignal} signal
 */
async function check(host, listed, viewer, { page, fresh }, signal) {
  const tellsOwner = (/** @type {Listed} */ one) => one.modelId === page?.modelId && one.ownerId !== null;
  const ids = { own: new Set(), ofOthers: new Set(), unsure: new Set() };
  for (const one of listed) {
    const group = isOwn(one, viewer) ? "own" : viewer.sent && tellsOwner(one) ? "ofOthers" : "unsure";
    ids[group].add(one.versionId);
  }
  // Asked in one turn, so that they share requests.
  const all = await Promise.all([
    verdictsOf(host, ids.own, { userId: null, fresh, signal }),
    verdictsOf(host, ids.unsure, { userId: viewer.sent, fresh, signal }),
    verdictsOfOthers(host, ids.ofOthers, {
      userId: viewer.sent,
      owner: page?.ownerId ?? null,
      fresh,
      signal,
    }),
  ]);
  return new Map(all.flatMap((verdicts) => [...verdicts]));
}

/**
 * @param {Host} host
 * @param {Listed} listed
 * @param {Verdict | undefined} verdict
 * @param {Looker} viewer
 * @returns {VersionAnswer}
 */
export function answer(host, listed, verdict, viewer) {
  const { versionId, modelId, versionName } = listed;
  const terms = recentTerms(host, versionId);
  const own = isOwn(listed, viewer);
  const facts = {
    gate: terms && listed.facts.gate === "unknown" ? terms.gate : listed.facts.gate,
    trials: listed.facts.trials ?? terms?.trials ?? null,
    canGenerate: listed.facts.canGenerate ?? terms?.canGenerate ?? null,
    own,
  };
  const state = stateOf({ ...facts, verdict: verdict ?? null });
  const personal = verdict?.state === "granted" && verdict.personal;
  const isGated = verdict?.state === "denied" || personal || (!verdict && facts.gate !== "none");
  return {
    versionId,
    modelId,
    versionName,
    state,
    // What the check opens to everybody has no gate, whatever an older list says.
    gate: isGated || verdict?.state === "unknown" ? (facts.gate === "none" ? "unknown" : facts.gate) : "none",
    endsAt: isGated ? (listed.endsAt ?? terms?.endsAt ?? null) : null,
    trials: facts.trials,
    by: state !== "yours" ? null : personal && viewer.mode !== "public" ? viewer.mode : "own",
    complete: state !== "gated" || terms !== null,
    asOf: verdict && verdict.state !== "unknown" ? (host.times.get(versionId) ?? null) : null,
    error: verdict?.state === "unknown" ? verdict.trouble : null,
  };
}

/** Terms change seldom; after an hour they are asked for again. */
const TERMS_AGE = 60 * 60_000;

/**
 * @param {Host} host
 * @param {number} id
 */
function recentTerms({ terms }, id) {
  const known = terms.get(id);
  const age = Date.now() - (known?.at ?? 0);
  return known && age >= 0 && age < TERMS_AGE ? known : null;
}

/**
 * @param {Listed} listed
 * @param {Looker} viewer
 */
function isOwn({ ownerId }, { self }) {
  return ownerId !== null && ownerId === self;
}
