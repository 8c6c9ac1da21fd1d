// Reads the settings, and alone writes them. Changes are written one after another; each replaces only what it names.

import { hasConsent } from "../consent.js";
import { changed, readSettings, settingsKey } from "../settings.js";

/** @typedef {import("../settings.js").Settings} Settings */

/**
 * The settings as they are now; the defaults where the browser's storage fails.
 *
 * @returns {Promise<{ settings: Settings, storage: boolean }>} `storage`: whether it can be read
 */
export async function chosen() {
  try {
    const { [settingsKey]: stored } = await chrome.storage.local.get(settingsKey);
    return { settings: readSettings(stored), storage: true };
  } catch (error) {
    console.warn("The settings cannot be read, the defaults are used:", error);
    return { settings: readSettings(undefined), storage: false };
  }
}

/** @type {Promise<unknown>} */
let latest = Promise.resolve();

/**
 * @param {unknown} change some members of the settings
 * @returns {Promise<{ settings: Settings, kept: boolean, consent: boolean }>} the settings as they are now, whether the
 *   change was kept, and whether there is the consent that it needs
 */
export function choose(change) {
  const next = latest.then(() => apply(change));
  latest = next.catch(() => {});
  return next;
}

/** @param {unknown} change */
async function apply(change) {
  const { settings, storage } = await chosen();
  const wanted = changed(settings, change, Date.now());
  // Asked again here: since the click, the person may have refused it or taken it back.
  const consent = wanted.viewer === "public" || (await hasConsent());
  if (!storage || !consent) return { settings, kept: false, consent };
  try {
    await chrome.storage.local.set({ [settingsKey]: wanted });
    return { settings: wanted, kept: true, consent };
  } catch (error) {
    console.warn("The settings cannot be kept:", error);
    return { settings, kept: false, consent };
  }
}
