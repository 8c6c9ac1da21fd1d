// The page in a tab: its report, or why there is none.

import { capital, clock, troubleWords } from "../content/draw/words.js";
import { t } from "./page.js";

/** @typedef {import("../protocol.js").ModelAnswer} ModelAnswer */
/** @typedef {import("../protocol.js").Trouble} Trouble */
/** @typedef {import("../protocol.js").VersionAnswer} VersionAnswer */
/** @typedef {import("../protocol.js").Viewer} Viewer */

/**
 * @typedef {object} Report
 * @property {Viewer} viewer
 * @property {boolean} session whether somebody is signed in
 * @property {boolean} asPublic whether the page is seen as one who is not its creator
 * @property {ModelAnswer | null} model
 * @property {number} links
 * @property {number} badged
 * @property {VersionAnswer[]} listed
 * @property {number} keptOut
 * @property {{ usable: number, all: number }} images
 * @property {{ modelName: string | null, version: VersionAnswer }[]} soon
 * @property {boolean} begunWithout
 * @property {boolean} stopped
 * @property {Trouble | null} trouble
 */

/** @typedef {{ text: string, label?: string, act?: () => unknown }} Notice */

const origins = ["https://civitai.com/*", "https://civitai.red/*"];

/**
 * @param {number} tabId
 * @param {object} message
 * @returns {Promise<{ report: Report | null, notice: Notice | null }>}
 */
export async function noticeFor(tabId, message) {
  if (!(await chrome.permissions.contains({ origins }))) {
    const act = () => chrome.permissions.request({ origins });
    return { report: null, notice: { text: t("noAccess"), label: t("grantAccess"), act } };
  }
  const reload = { text: t("reloadPage"), label: t("reload"), act: () => chrome.tabs.reload(tabId) };
  const report = await reportOf(tabId, message);
  if (report) return { report, notice: report.stopped ? reload : troubleNotice(report.trouble) };
  const tab = await chrome.tabs.get(tabId).catch(() => null);
  const isCivitai = /^https:\/\/civitai\.(com|red)\//.test(tab?.url ?? "");
  return { report: null, notice: isCivitai ? reload : { text: t("notCivitai") } };
}

/**
 * @param {number} tabId
 * @param {object} message
 * @returns {Promise<Report | null>}
 */
async function reportOf(tabId, message) {
  try {
    const report = await chrome.tabs.sendMessage(tabId, message);
    return report?.ok === true && Array.isArray(report.listed) && Array.isArray(report.soon) ? report : null;
  } catch {
    // Nobody is there who listens.
    return null;
  }
}

/** @param {Trouble | null} trouble @returns {Notice | null} */
function troubleNotice(trouble) {
  if (!trouble || trouble.status === 404) return null;
  const again =
    trouble.code === "REGION_BLOCKED" ? "" : ` · ${t("askAgainAt", clock(trouble.askAgainAt, t))}`;
  return { text: capital(troubleWords(trouble, t)) + again };
}
