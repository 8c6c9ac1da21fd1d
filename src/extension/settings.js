// What the person chose, as it is stored. Whatever the storage holds, reading it gives complete settings.

import { LARGEST_ID } from "../js/largest-id.js";

/** @typedef {"title" | "versions" | "cards" | "images" | "rows" | "blocks" | "text"} Surface */
/** @typedef {"public" | "account" | "fixed"} ViewerChoice */

/**
 * @typedef {object} Settings
 * @property {number} revision another one whenever the viewer changes: answers belong to a revision
 * @property {ViewerChoice} viewer who is asked about
 * @property {number | null} fixedId whose number, with "fixed"
 * @property {boolean} withdrawn the viewer is "public" because the browser took its consent back
 * @property {Record<Surface, boolean>} surfaces where badges are shown
 * @property {boolean} showOpen "No lock" on cards too
 * @property {boolean} dim cards that are locked
 */

/**
 * What a page's script needs of the settings: all but the user's number.
 *
 * @typedef {Omit<Settings, "fixedId" | "withdrawn">} PageSettings
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
    revision: Number.isSafeInteger(from.revision) ? Number(from.revision) : 0,
    viewer,
    fixedId,
    withdrawn: viewer === "public" && from.withdrawn === true,
    surfaces: /** @type {Record<Surface, boolean>} */ (
      Object.fromEntries(surfaces.map((surface) => [surface, shown[surface] !== false]))
    ),
    showOpen: from.showOpen === true,
    dim: from.dim === true,
  };
}

/**
 * The settings after a change. Only what the change names is replaced, so that a page that was open for long writes no
 * old values back.
 *
 * @param {Settings} settings
 * @param {unknown} change some of the members of `Settings`; of `surfaces`, some of its members
 * @param {number} now makes a revision that no page has seen, also after everything was forgotten
 * @returns {Settings}
 */
export function changed(settings, change, now) {
  const from = record(change);
  const next = readSettings({
    ...settings,
    ...(from.viewer === undefined ? {} : { withdrawn: false }),
    ...from,
    surfaces: { ...settings.surfaces, ...record(from.surfaces) },
  });
  return {
    ...next,
    revision: isSameViewer(settings, next) ? settings.revision : Math.max(settings.revision + 1, now),
  };
}

/** @param {Settings} one @param {Settings} other */
export function isSameViewer(one, other) {
  return one.viewer === other.viewer && (one.viewer !== "fixed" || one.fixedId === other.fixedId);
}

/** @param {Settings} settings @returns {PageSettings} */
export function forPage({ revision, viewer, surfaces, showOpen, dim }) {
  return { revision, viewer, surfaces, showOpen, dim };
}

/**
 * A user's number, as Civitai's database holds it.
 *
 * @param {unknown} value
 * @returns {value is number}
 */
export function isUserId(value) {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) <= LARGEST_ID;
}

/**
 * @param {unknown} value
 * @returns {Record<string, unknown>}
 */
function record(value) {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
