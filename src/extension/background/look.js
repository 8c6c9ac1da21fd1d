// What the links of a page lead to. Verdicts, reasons and decisions come from the core; this module only selects those
// that a page needs.

import { answerOf, modelAnswer } from "../answer.js";

/** @typedef {import("./host.js").Host} Host */
/** @typedef {import("./viewer.js").Looker} Looker */
/** @typedef {import("../protocol.js").Look} Look */
/** @typedef {import("../protocol.js").PageModel} PageModel */
/** @typedef {import("../protocol.js").VersionAnswer} VersionAnswer */

/**
 * One request for the models, one check for what is not surely ungated, and with a user one more for what is gated.
 *
 * @param {Host} host
 * @param {Look} question
 * @param {Looker} viewer
 * @param {AbortSignal} signal
 */
export async function look({ checker, save }, question, viewer, signal) {
  const { whole, fresh } = question;
  const how = { bulk: true, signal };
  const page = whole === null || question.page?.modelId === whole ? question.page : null;
  const ofPage = idsOf(page?.versions ?? []).filter((id) => whole !== null || question.versions.includes(id));
  const others = question.models.filter((id) => id !== whole);
  // If the list leaves out the model on show, it is looked up by itself; models that are only linked are not.
  const lists = await Promise.all([
    whole === null || page ? [] : checker.versions([whole], { fresh, signal }),
    others.length ? checker.versions(others, { ...how, fresh }) : [],
  ]);
  const models = lists.flat();
  const listed = models.flatMap(({ modelId, ownerId, versions }) =>
    versions.map((version) => ({ ...version, modelId, ownerId })),
  );
  const known = new Set([...idsOf(listed), ...ofPage]);
  const alone = question.versions.filter((id) => !known.has(id));
  const isOwn = (/** @type {{ ownerId: number | null }} */ { ownerId }) =>
    ownerId !== null && ownerId === viewer.self;
  const checked = listed.filter(({ modelId, gate }) => fresh || modelId === whole || gate !== "none");
  // The number is sent only with versions of others; the user's own are known by their owner.
  const mine = idsOf(checked.filter(isOwn));
  const theirs = [...idsOf(checked.filter((one) => !isOwn(one))), ...alone];
  // The page's data name the owner, so that the core need not look them up.
  const asPage =
    page && isOwn(page)
      ? { userId: null }
      : { userId: viewer.sent, notOwned: page ? page.ownerId !== null : false };
  // Asked in one turn, so that they share requests.
  if (fresh) {
    await Promise.all([
      verdictsOf(checker, mine, { fresh, signal }),
      verdictsOf(checker, theirs, { fresh, signal, userId: viewer.sent }),
      verdictsOf(checker, ofPage, { fresh, signal, ...asPage }),
    ]);
  }
  // Not fresh: the lists have just been fetched or are in the cache, and so is what gates leave free.
  const explained = await Promise.all([
    mine.length ? checker.explain(mine, how) : [],
    theirs.length ? checker.explain(theirs, { ...how, userId: viewer.sent }) : [],
    // The page's data hold their terms: only the verdicts are asked for.
    ofPage.length ? checker.explainOnPage(ofPage, page?.reply ?? "", { ...how, ...asPage }) : [],
  ]);
  const answers = new Map(explained.flat().map((one) => [one.entityId, answerOf(one, viewer, false)]));
  save();
  return {
    viewer: { mode: viewer.mode },
    models: [
      ...(page && whole !== null
        ? [{ ...namesOf(page), error: null, versions: answersIn(answers, ofPage) }]
        : []),
      ...models.map((model) => modelAnswer(model, answers)),
    ],
    versions: answersIn(answers, question.versions),
  };
}

/**
 * What the gates of versions leave free: one look-up for each that is denied, cached by the core.
 *
 * @param {Host} host
 * @param {number[]} versions
 * @param {Looker} viewer
 * @param {AbortSignal} signal
 */
export async function terms({ checker, save }, versions, viewer, signal) {
  const explained = await checker.explain(versions, { userId: viewer.sent, signal });
  save();
  return { viewer: { mode: viewer.mode }, versions: explained.map((one) => answerOf(one, viewer, true)) };
}

/**
 * Asks for verdicts, and leaves them in the core's cache.
 *
 * @param {Host["checker"]} checker
 * @param {number[]} versions
 * @param {import("../../js/index.js").CheckOptions} how
 */
async function verdictsOf(checker, versions, how) {
  const verdicts = checker.stream(versions, how);
  while (!(await verdicts.next()).done);
}

/** @param {{ versionId: number }[]} versions */
const idsOf = (versions) => versions.map(({ versionId }) => versionId);

/** @param {PageModel} page */
const namesOf = ({ modelId, modelName }) => ({ modelId, modelName });

/** @param {Map<number, VersionAnswer>} answers @param {number[]} ids */
const answersIn = (answers, ids) => ids.flatMap((id) => answers.get(id) ?? []);
