// What the person starred: versions that are to open, kept over sessions. Pure.

import { isUserId } from "../settings.js";

/**
 * @typedef {object} Star
 * @property {number} versionId
 * @property {number | null} modelId
 * @property {string} modelName
 * @property {string} versionName
 * @property {"civitai.com" | "civitai.red"} site where it was starred, and is looked up
 * @property {string | null} endsAt ISO 8601: when it is to open; null where no end is known
 * @property {number | null} askedAt when it was looked up last, in milliseconds
 * @property {number | null} openedAt when it was found open
 * @property {boolean} seen whether the popup has shown that it opened
 */

/** The key in `storage.local`. */
export const starsKey = "stars";

/** More are not taken: they are looked up in one request. */
export const MOST_STARS = 100;

/**
 * @param {unknown} stored whatever lies in the storage, or came in a message
 * @returns {Star[]}
 */
export function readStars(stored) {
  return Array.isArray(stored) ? stored.flatMap((one) => readStar(one) ?? []).slice(0, MOST_STARS) : [];
}

/**
 * @param {unknown} value
 * @returns {Star | null} null: no star
 */
export function readStar(value) {
  if (typeof value !== "object" || value === null) return null;
  const from = /** @type {Record<string, unknown>} */ (value);
  if (!isUserId(from.versionId) || (from.site !== "civitai.com" && from.site !== "civitai.red")) return null;
  const isDate = typeof from.endsAt === "string" && !Number.isNaN(Date.parse(from.endsAt));
  return {
    versionId: from.versionId,
    modelId: isUserId(from.modelId) ? from.modelId : null,
    modelName: text(from.modelName),
    versionName: text(from.versionName),
    site: from.site,
    endsAt: isDate ? `${from.endsAt}` : null,
    askedAt: moment(from.askedAt),
    openedAt: moment(from.openedAt),
    seen: from.seen === true,
  };
}

/**
 * Whether it is time to look it up: soon after its end, again while the answer is still no, and now and then before,
 * since creators change their terms. A clock that was set back makes it due.
 *
 * @param {Star} star
 * @param {number} now
 */
export function isDue({ openedAt, endsAt, askedAt }, now) {
  if (openedAt !== null) return false;
  const late = endsAt === null ? Number.NEGATIVE_INFINITY : now - Date.parse(endsAt);
  const pause = late < 0 ? 6 * HOUR : late < 5 * MINUTE ? MINUTE / 2 : HOUR;
  const since = now - (askedAt ?? Number.NEGATIVE_INFINITY);
  const wasAskedBefore = late >= 0 && askedAt !== null && askedAt < Date.parse(endsAt ?? "");
  return since < 0 || since >= pause || wasAskedBefore;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * The page of a version.
 *
 * @param {Pick<Star, "versionId" | "modelId" | "site">} star
 */
export function addressOf({ versionId, modelId, site }) {
  return modelId === null
    ? `https://${site}/model-versions/${versionId}`
    : `https://${site}/models/${modelId}?modelVersionId=${versionId}`;
}

/** A creator's words, cut. @param {unknown} value */
function text(value) {
  return typeof value === "string" ? value.slice(0, 300) : "";
}

/** @param {unknown} value */
function moment(value) {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
