// What messages may look like. Pages share their process with our content script, so nothing is taken on trust.

import { LARGEST_ID } from "../js/largest-id.js";
import { isUserId } from "./settings.js";

/** @typedef {"open" | "free" | "trial" | "locked" | "gated" | "yours" | "off" | "unknown"} State */

/**
 * A model by the data of the page that is open; it holds for that document only.
 *
 * @typedef {object} PageModel
 * @property {number} modelId
 * @property {string} modelName
 * @property {number | null} ownerId
 * @property {{ versionId: number, versionName: string }[]} versions
 * @property {string} reply the whole of it in the form of Civitai's replies, for the core alone
 */

/**
 * @typedef {object} Look
 * @property {"look"} kind
 * @property {number[]} models those that links name
 * @property {number[]} versions those that links name
 * @property {number | null} whole the model whose versions are all to be checked: that of the page
 * @property {PageModel | null} page where the page's own data hold that model, or a version that is asked about
 * @property {number | null} revision of the settings under which the page asks; null reads as the current one
 * @property {number | null} session the number of the signed-in user
 * @property {boolean} fresh past all caches
 */

/**
 * What the gates of versions in view leave free.
 *
 * @typedef {object} Terms
 * @property {"terms"} kind
 * @property {number[]} versions at most twenty
 * @property {number | null} revision
 * @property {number | null} session
 */

/**
 * @typedef {Look | Terms | { kind: "count", locked: number } | { kind: "settings" } | { kind: "choose", change: unknown }
 *   | { kind: "forget" } | { kind: "star", star: unknown } | { kind: "unstar", version: number } | { kind: "seen" }} Question
 */

/**
 * What a badge is drawn from.
 *
 * @typedef {object} VersionAnswer
 * @property {number} versionId
 * @property {number | null} modelId
 * @property {string | null} versionName
 * @property {State} state
 * @property {import("../js/index.js").Explanation["gate"]} gate
 * @property {string | null} endsAt
 * @property {number | "unlimited" | null} trials generations that are free though the gate is closed; null: not known
 * @property {boolean | null} [canGenerate] whether the site offers generation with it at all
 * @property {"own" | "account" | "fixed" | null} by whose it is, where the state is "yours"
 * @property {number | null} asOf when Civitai gave the verdict, in milliseconds
 * @property {boolean} [complete] false: what is free was not looked for yet; ask for `terms`
 * @property {boolean | null} [exists] false: no list and no look-up knows it
 * @property {Trouble | null} error why nothing is known, or why what is free is not
 */

/** @typedef {{ code: string, status: number | null, message: string, askAgainAt: number }} Trouble */

/**
 * @typedef {{ modelId: number, modelName: string | null, error: Trouble | null, versions: VersionAnswer[] }} ModelAnswer
 */

/**
 * Whom the answers are for, without the number: pages can read what badges say.
 *
 * @typedef {{ mode: "public" | "account" | "fixed" }} Viewer
 */

/** How many ids one message may name; a page that names more is not Civitai's. */
const MOST = 2000;

/** Each may cost a request of its own. */
const MOST_TERMS = 20;

/**
 * @param {unknown} message
 * @returns {Question} throws a TypeError that names what is wrong
 */
export function readQuestion(message) {
  const from = fields(message, "the message");
  switch (from.kind) {
    case "look":
      return {
        kind: "look",
        models: idList(from.models, "models"),
        versions: idList(from.versions, "versions"),
        whole: from.whole === null ? null : id(from.whole, "whole"),
        page: from.page === null ? null : pageModel(from.page),
        revision: revision(from.revision),
        session: user(from.session),
        fresh: from.fresh === true,
      };
    case "terms":
      return {
        kind: "terms",
        versions: idList(from.versions, "versions", MOST_TERMS),
        revision: revision(from.revision),
        session: user(from.session),
      };
    case "choose":
      return { kind: "choose", change: from.change };
    case "count":
      return { kind: "count", locked: Math.min(MOST, Math.max(0, Math.trunc(Number(from.locked)) || 0)) };
    case "star":
      return { kind: "star", star: from.star };
    case "unstar":
      return { kind: "unstar", version: id(from.version, "version") };
    case "settings":
    case "forget":
    case "seen":
      return { kind: from.kind };
    default:
      throw new TypeError(
        `no message is of kind ${JSON.stringify(from.kind)}: look, terms, count, settings, choose, star, unstar, seen, forget are`,
      );
  }
}

/**
 * @param {unknown} value
 * @returns {PageModel}
 */
function pageModel(value) {
  const from = fields(value, "page");
  return {
    modelId: id(from.modelId, "page.modelId"),
    modelName: String(from.modelName ?? ""),
    ownerId: isUserId(from.ownerId) ? from.ownerId : null,
    versions: list(from.versions, "page.versions").map((version) => {
      const { versionId, versionName } = fields(version, "page.versions");
      return { versionId: id(versionId, "page.versions.versionId"), versionName: String(versionName ?? "") };
    }),
    reply: String(from.reply ?? ""),
  };
}

/**
 * @param {unknown} value
 * @param {string} name
 * @param {number} [most]
 */
function idList(value, name, most) {
  return [...new Set(list(value, name, most).map((one) => id(one, name)))];
}

/**
 * @param {unknown} value
 * @param {string} name
 * @param {number} [most]
 * @returns {unknown[]}
 */
function list(value, name, most = MOST) {
  if (!Array.isArray(value)) throw new TypeError(`\`${name}\` must be a list, not ${typeof value}`);
  if (value.length > most)
    throw new TypeError(`\`${name}\` names ${value.length}, at most ${most} may be named`);
  return value;
}

/** @param {unknown} value */
function revision(value) {
  return Number.isSafeInteger(value) ? Number(value) : null;
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {number}
 */
function id(value, name) {
  if (isUserId(value)) return value;
  throw new TypeError(
    `\`${name}\` must hold whole numbers from 1 to ${LARGEST_ID}, not ${JSON.stringify(value)}`,
  );
}

/** @param {unknown} value */
function user(value) {
  return isUserId(value) ? value : null;
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {Record<string, unknown>}
 */
function fields(value, name) {
  if (typeof value === "object" && value !== null) return { ...value };
  throw new TypeError(`${name} must be an object, not ${value === null ? "null" : typeof value}`);
}
