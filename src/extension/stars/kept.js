// Starred versions: kept in the storage, looked up while the person is on Civitai anyway, marked on the icon once open.

import { markOpened } from "../background/toolbar.js";
import { isDue, MOST_STARS, readStar, readStars, starsKey } from "./star.js";

/** @typedef {import("./star.js").Star} Star */
/** @typedef {import("../background/host.js").Host} Host */

/** @returns {Promise<Star[]>} */
async function stored() {
  return readStars((await chrome.storage.local.get(starsKey))[starsKey]);
}

/** @type {Promise<unknown>} */
let latest = Promise.resolve();

/**
 * Changes come one after another, so that none is lost.
 *
 * @param {(stars: Star[]) => Star[]} act
 */
function change(act) {
  const next = latest.then(async () => {
    const stars = act(await stored());
    await chrome.storage.local.set({ [starsKey]: stars });
    await markOpened(stars.some(({ openedAt, seen }) => openedAt !== null && !seen));
    return {};
  });
  latest = next.catch(() => {});
  return next;
}

/** @param {unknown} value @returns {Promise<{}>} */
export function addStar(value) {
  const star = readStar(value);
  if (!star) throw new TypeError("a star needs `versionId` and `site`");
  return change((stars) =>
    [star, ...stars.filter(({ versionId }) => versionId !== star.versionId)].slice(0, MOST_STARS),
  );
}

/** @param {number} version @returns {Promise<{}>} */
export function removeStar(version) {
  return change((stars) => stars.filter(({ versionId }) => versionId !== version));
}

/** The popup was opened, so that what has opened was seen. @returns {Promise<{}>} */
export function seeStars() {
  return change((stars) => stars.map((star) => (star.openedAt === null ? star : { ...star, seen: true })));
}

/**
 * Looks up the starred versions of a site whose time has come: one list and one check for all of them, as anyone.
 *
 * @param {Host} host
 * @param {string} site
 */
export async function lookAtStars(host, site) {
  const now = Date.now();
  const due = (await stored()).filter((star) => star.site === site && isDue(star, now));
  if (due.length === 0) return;
  // Written first: if the worker dies during the look-up, the next one does not repeat it at once.
  const ids = new Set(due.map(({ versionId }) => versionId));
  await change((stars) => stars.map((star) => (ids.has(star.versionId) ? { ...star, askedAt: now } : star)));
  const isOver = due.some(({ endsAt }) => endsAt !== null && Date.parse(endsAt) <= now);
  const answers = await host.checker.explain(ids, { bulk: true, fresh: isOver });
  const known = new Map(answers.map((answer) => [answer.entityId, answer]));
  await change((stars) =>
    stars.map((star) => {
      const answer = known.get(star.versionId);
      if (!answer || answer.state === "unknown" || star.openedAt !== null) return star;
      const { state, endsAt, modelId } = answer;
      return {
        ...star,
        modelId: modelId ?? star.modelId,
        // An end that the list leaves out by now is kept: the version is due since then.
        endsAt: endsAt ?? star.endsAt,
        openedAt: state === "granted" ? now : null,
      };
    }),
  );
}
