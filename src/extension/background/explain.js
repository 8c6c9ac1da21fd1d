import { answer } from "./look.js";
import { describe } from "./trouble.js";
import { told } from "./viewer.js";

/** @typedef {import("./host.js").Host} Host */
/** @typedef {import("./viewer.js").Looker} Looker */

/**
 * What a version's gate leaves free, asked for when a tooltip opens, and remembered.
 *
 * @param {Host} host
 * @param {{ version: number }} question
 * @param {Looker} viewer
 */
export async function explain(host, { version }, viewer) {
  const [reason] = await host.checker.explain([version], { userId: viewer.sent });
  if (!reason) throw new TypeError(`the core told nothing of version ${version}`);
  const { gate, endsAt, freeTrials: trials, canGenerate, modelId, versionName, ownerId } = reason;
  if (reason.state !== "unknown") {
    host.terms.set(version, { trials, canGenerate, gate, endsAt, at: Date.now() });
    host.save();
  }
  const listed = {
    versionId: version,
    modelId,
    versionName,
    ownerId,
    facts: { gate, trials, canGenerate },
    endsAt,
  };
  const verdict =
    reason.state === "unknown"
      ? { state: reason.state, trouble: describe(reason.error, Date.now()) }
      : reason.state === "granted"
        ? { state: reason.state, personal: reason.personal }
        : { state: reason.state };
  return { viewer: told(viewer), version: answer(host, listed, verdict, viewer) };
}
