import { answer } from "./look.js";
import { describe } from "./trouble.js";

/** @typedef {import("./host.js").Host} Host */
/** @typedef {import("./viewer.js").Looker} Looker */

/**
 * What the gates of versions leave free.
 *
 * @param {Host} host
 * @param {number[]} versions
 * @param {Looker} viewer
 * @param {AbortSignal} signal
 */
export async function terms(host, versions, viewer, signal) {
  const reasons = await host.checker.explain(versions, { userId: viewer.sent, signal });
  return { viewer: { mode: viewer.mode }, versions: reasons.map((reason) => answerOf(host, reason, viewer)) };
}

/**
 * @param {Host} host
 * @param {import("../../js/index.js").Explanation} reason
 * @param {Looker} viewer
 */
function answerOf(host, reason, viewer) {
  const { entityId: version } = reason;
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
  return answer(host, listed, verdict, viewer);
}
