// The page in a tab: its report, or why there is none.

import { number } from "../../badge/format.js";
import { t, tag } from "./page.js";
import { clauseOf } from "./versions.js";

/** @typedef {import("../protocol.js").ModelAnswer} ModelAnswer */
/** @typedef {import("../protocol.js").Trouble} Trouble */
/** @typedef {import("../protocol.js").VersionAnswer} VersionAnswer */
/** @typedef {import("../protocol.js").Viewer} Viewer */
/** @typedef {import("../settings.js").Surface} Surface */

/**
 * @typedef {object} Report
 * @property {Viewer} viewer
 * @property {boolean} session whether somebody is signed in
 * @property {boolean} asPublic whether the page is seen as one who is not its creator
 * @property {ModelAnswer | null} model
 * @property {number} links whose places are switched on
 * @property {number} checked those with an answer, whether their badges show anything or not
 * @property {number} [lost] links for which no place was found
 * @property {boolean} [titleLost] whether the title of the model on show was not found
 * @property {number} [versionsLost] how many of its version buttons were not found
 * @property {number} [off] links whose place is switched off in the options
 * @property {number} [locked] links that are locked
 * @property {Partial<Record<Surface, { links: number, checked: number }>>} [found] the same by place
 * @property {VersionAnswer[]} listed
 * @property {number} keptOut
 * @property {{ usable: number, all: number }} images
 * @property {{ modelName: string | null, version: VersionAnswer }[]} soon
 * @property {boolean} begunWithout
 * @property {boolean} stopped
 * @property {Trouble | null} trouble
 */

/** @typedef {{ text: string, label?: string, act?: () => unknown }} Notice */

export const sites = /** @type {const} */ (["civitai.com", "civitai.red"]);

/** @param {string} site */
const origin = (site) => `https://${site}/*`;

/** The sites that the browser withholds from the extension. @returns {Promise<string[]>} */
export async function withheldSites() {
  const granted = await Promise.all(
    sites.map((site) => chrome.permissions.contains({ origins: [origin(site)] })),
  );
  return sites.filter((_, at) => !granted[at]);
}

/**
 * @param {number} tabId
 * @param {object} message
 * @returns {Promise<{ report: Report | null, notice: Notice | null }>}
 */
export async function noticeFor(tabId, message) {
  const reload = { text: t("reloadPage"), label: t("reload"), act: () => chrome.tabs.reload(tabId) };
  const report = await reportOf(tabId, message);
  if (report) return { report, notice: report.stopped ? reload : troubleNotice(report.trouble) };
  const [tab, withheld] = await Promise.all([chrome.tabs.get(tabId).catch(() => null), withheldSites()]);
  // The browser hides the address of a site that it withholds.
  const host = tab?.url ? new URL(tab.url).hostname : null;
  const missing =
    withheld.length === sites.length || !host ? withheld : withheld.filter((site) => site === host);
  if (missing.length > 0) {
    const act = () => chrome.permissions.request({ origins: missing.map(origin) });
    return {
      report: null,
      notice: { text: t("noAccess", missing.join(", ")), label: t("grantAccess"), act },
    };
  }
  return { report: null, notice: sites.some((site) => site === host) ? reload : { text: t("notCivitai") } };
}

/**
 * @param {number} tabId
 * @param {object} message
 * @returns {Promise<Report | null>} null: nobody is there who answers
 */
export async function reportOf(tabId, message) {
  const report = await chrome.tabs.sendMessage(tabId, message).catch(() => null);
  return report?.ok === true && Array.isArray(report.listed) && Array.isArray(report.soon) ? report : null;
}

/** How many of the version buttons were not found, in words; empty: all were. @param {Report} report */
export function lostVersions({ model, versionsLost = 0 }) {
  const all = model?.versions.length ?? 0;
  return versionsLost > 0 ? t("versionsLost", number(versionsLost, tag), number(all, tag)) : "";
}

/** @param {Trouble | null} trouble @returns {Notice | null} */
function troubleNotice(trouble) {
  return trouble && trouble.status !== 404 ? { text: clauseOf(trouble) } : null;
}
