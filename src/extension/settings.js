// What the person chose, as it is stored: whatever lies there, what comes out is whole.

/** @typedef {"title" | "versions" | "cards" | "images" | "rows" | "blocks" | "text"} Surface */

/**
 * @typedef {object} Settings
 * @property {"public" | "account" | "fixed"} viewer who is asked about
 * @property {number | null} fixedId whose number, with "fixed"
 * @property {Record<Surface, boolean>} surfaces where badges are shown
 * @property {boolean} showOpen "No lock" on cards too
 * @property {boolean} dim cards that are locked
 */

/** @type {readonly Surface[]} */
export const surfaces = ["title", "versions", "cards", "images", "rows", "blocks", "text"];

/** The one key in `storage.local`. */
export const settingsKey = "settings";

/**
 * @param {unknown} stored
 * @returns {Settings}
 */
export function readSettings(stored) {
  const from = record(stored);
  const fixedId = isUserId(from.fixedId) ? from.fixedId : null;
  const shown = record(from.surfaces);
  const viewer = from.viewer === "account" || (from.viewer === "fixed" && fixedId) ? from.viewer : "public";
  return {
    viewer,
    fixedId,
    surfaces: /** @type {Record<Surface, boolean>} */ (
      Object.fromEntries(surfaces.map((surface) => [surface, shown[surface] !== false]))
    ),
    showOpen: from.showOpen === true,
    dim: from.dim === true,
  };
}

/** @returns {Promise<Settings>} */
export async function loadSettings() {
  const { [settingsKey]: stored } = await chrome.storage.local.get(settingsKey);
  return readSettings(stored);
}

/** @param {Settings} settings */
export function saveSettings(settings) {
  return chrome.storage.local.set({ [settingsKey]: settings });
}

/**
 * A user's number, as Civitai's database holds it.
 *
 * @param {unknown} value
 * @returns {value is number}
 */
export function isUserId(value) {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) <= 2_147_483_647;
}

/**
 * @param {unknown} value
 * @returns {Record<string, unknown>}
 */
function record(value) {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
