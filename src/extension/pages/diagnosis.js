// "Something missing?": what is found on the Civitai page that was used last, and what is missing there; in words for
// the person, and as a report to copy for those who help. It holds no user number, no name and no address.

import { number } from "../../badge/format.js";
import { t, tag } from "./page.js";
import { lostVersions, reportOf, sites, withheldSites } from "./tab.js";
import { clauseOf } from "./versions.js";

/** @typedef {import("./tab.js").Report} Report */
/** @typedef {import("../settings.js").Settings} Settings */
/** @typedef {{ findings: string[], text: string }} Diagnosis */

/**
 * @param {Settings} settings
 * @param {boolean} storage whether the browser's storage works
 * @returns {Promise<Diagnosis>}
 */
export async function diagnose(settings, storage) {
  const withheld = await withheldSites();
  const tabs = await chrome.tabs.query({ url: sites.map((site) => `https://${site}/*`) });
  const tab = tabs.sort((a, b) => (b.lastAccessed ?? 0) - (a.lastAccessed ?? 0))[0];
  const report = tab?.id === undefined ? null : await reportOf(tab.id, { kind: "report" });
  return {
    findings: [
      ...(withheld.length > 0 ? [t("noAccess", withheld.join(", "))] : []),
      ...(storage ? [] : [t("notKept")]),
      ...findingsOf(tab, report),
    ],
    text: [...ofBrowser(settings, storage, withheld), ...ofPage(tab, report)].join("\n"),
  };
}

/** @param {chrome.tabs.Tab | undefined} tab @param {Report | null} report @returns {string[]} */
function findingsOf(tab, report) {
  if (!tab) return [t("dNoPage")];
  if (!report) return [t("dNoAnswer")];
  const { links, checked, off = 0, keptOut, stopped, begunWithout, trouble } = report;
  const count = (/** @type {number} */ value) => number(value, tag);
  const missing = links - checked;
  return [
    stopped ? t("reloadPage") : "",
    trouble && trouble.status !== 404 ? clauseOf(trouble) : "",
    links === 0 && off === 0 ? t("dNoLinks") : "",
    links > 0 && checked === 0 ? t("noneChecked") : "",
    checked > 0 && missing > 0 ? t("dMissing", count(missing), count(links)) : "",
    checked > 0 && missing <= 0 ? t("dAllWell", count(checked)) : "",
    report.titleLost ? t("titleLost") : "",
    lostVersions(report),
    off > 0 ? t("switchedOff", count(off)) : "",
    keptOut > 0 ? t("keptOut", count(keptOut)) : "",
    begunWithout ? t("begunWithout") : "",
  ].filter(Boolean);
}

/** In English, for those who help. @param {Settings} settings @param {boolean} storage @param {string[]} withheld */
function ofBrowser({ viewer, surfaces, showOpen, dim }, storage, withheld) {
  const off = Object.entries(surfaces).flatMap(([name, on]) => (on ? [] : [name]));
  const { version } = chrome.runtime.getManifest();
  return [
    `Lock Badges for Civitai ${version}`,
    `Browser: ${/(Firefox|Edg|OPR|Chrome)\/[\d.]+/.exec(navigator.userAgent)?.[0] ?? "another"}`,
    `Language: ${t("lang")}, dates as in ${tag}`,
    `WebAssembly: ${typeof WebAssembly === "object" ? "yes" : "no"}`,
    `Storage: ${storage ? "works" : "fails"}`,
    `Access withheld: ${withheld.join(", ") || "none"}`,
    `Check as: ${viewer}`,
    `Switched off: ${off.join(", ") || "nothing"}`,
    `"No lock" on cards: ${showOpen ? "yes" : "no"}, dimmed: ${dim ? "yes" : "no"}`,
  ];
}

/** @param {chrome.tabs.Tab | undefined} tab @param {Report | null} report */
function ofPage(tab, report) {
  if (!tab) return ["Page: none of Civitai's is open"];
  const page = `Page: ${kindOf(new URL(tab.url ?? ""))}`;
  if (!report) return [page, "The page does not answer"];
  const { model, found = {}, images, listed, trouble, titleLost, versionsLost = 0 } = report;
  const states = (model?.versions ?? []).map(({ state }) => state);
  const buttons = `${states.length - versionsLost} of ${states.length}`;
  return [
    page,
    `Viewer: ${report.viewer.mode}, signed in: ${report.session ? "yes" : "no"}`,
    `Model: ${model ? `${states.length} versions (${states.join(", ")})` : "none on show"}`,
    ...(model ? [`Title: ${titleLost ? "not found" : "found"}`, `Version buttons: ${buttons}`] : []),
    `Links: ${report.links}, checked: ${report.checked}, switched off: ${report.off ?? 0}`,
    ...Object.entries(found).map(([place, { links, checked }]) => `  ${place}: ${checked} of ${links}`),
    `Links without a place: ${report.lost ?? 0}`,
    `Usable resources: ${images.usable} of ${images.all}`,
    `In the generator: ${listed.length}`,
    `Places that the page keeps empty: ${report.keptOut}`,
    `Begun without the page's sign: ${report.begunWithout ? "yes" : "no"}`,
    `Updated under the page: ${report.stopped ? "yes" : "no"}`,
    `Trouble: ${trouble ? `${trouble.code} ${trouble.status ?? ""}`.trim() : "none"}`,
  ];
}

/** What kind of page it is, without what it is about: "civitai.com/models/…". @param {URL} url */
function kindOf({ hostname, pathname }) {
  const [first = "", ...more] = pathname.split("/").filter(Boolean);
  const kind = /^[a-z-]{1,20}$/.test(first) ? first : "…";
  return `${hostname}/${kind}${more.length > 0 ? "/…" : ""}`;
}
