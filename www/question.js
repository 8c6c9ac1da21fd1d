// What is asked: read from the form's text, and carried in the address after "#".

/** More than this would be impolite from one page. */
export const mostIds = 10_000;

/** Longer addresses get cut by chats and mail programs. */
export const mostSharedIds = 500;

/** As much of an entry as the module's messages show. */
const longestShown = 80;

/**
 * @typedef {object} Mistake an entry that names no version
 * @property {number} line counted from 1
 * @property {string} entry cut if it is long
 * @property {number} start where the entry starts in the text
 * @property {number} end
 * @property {string} reason
 */

/**
 * Reads ids, links and AIRs in any mixture, separated by commas, spaces or lines.
 * @param {string} text
 * @param {Pick<import("./permissions.js").Permissions, "parseEntityId" | "isPermissionsError">} permissions
 * @returns {{ ids: number[], repeats: number, mistakes: Mistake[] }} the distinct ids in order of first mention
 */
export function readVersions(text, { parseEntityId, isPermissionsError }) {
  const ids = new Set();
  const mistakes = [];
  let repeats = 0;
  let line = 1;
  let counted = 0;
  for (const { 0: entry, index } of text.matchAll(/[^\s,]+/g)) {
    line += text.slice(counted, index).split("\n").length - 1;
    counted = index;
    try {
      const id = parseEntityId(entry);
      if (ids.has(id)) repeats += 1;
      ids.add(id);
    } catch (error) {
      if (!isPermissionsError(error) || error.code !== "INVALID_ARGUMENT") throw error;
      const shown = entry.length > longestShown ? `${entry.slice(0, longestShown)}…` : entry;
      // The module's message names its input first; here the entry stands beside it.
      const [, reason = error.message] = error.message.split(`${JSON.stringify(shown)}: `);
      mistakes.push({ line, entry: shown, start: index, end: index + entry.length, reason });
    }
  }
  return { ids: [...ids], repeats, mistakes };
}

/**
 * @param {string} text
 * @returns {number | null} null for an empty field: the question is then about anyone
 */
export function readUserId(text) {
  const digits = text.trim();
  if (digits === "") return null;
  if (!/^[1-9]\d{0,9}$/.test(digits) || Number(digits) > 2_147_483_647) {
    throw new RangeError(
      `“${digits}” is not a user id. It is a whole number from 1 to 2147483647, not a name.`,
    );
  }
  return Number(digits);
}

/**
 * The question as an address's fragment, which browsers do not send to any server.
 * @param {readonly number[]} ids
 * @param {number | null} userId null leaves the user out
 * @returns {string} "" when there are too many ids to share
 */
export function toFragment(ids, userId) {
  if (ids.length === 0 || ids.length > mostSharedIds) return "";
  return `#ids=${ids.join(",")}${userId === null ? "" : `&user=${userId}`}`;
}

/**
 * @param {string} fragment
 * @returns {{ versions: string, user: string } | null} texts for the form's fields, to be read like typed ones; null: no question
 */
export function fromFragment(fragment) {
  const fields = new URLSearchParams(fragment.slice(1));
  const versions = fields.get("ids");
  if (!versions) return null;
  return { versions: versions.split(/[\s,]+/).join("\n"), user: fields.get("user") ?? "" };
}
