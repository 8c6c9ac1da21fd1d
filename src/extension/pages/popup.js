// The popup: what is known of the page in the active tab, as whom, as of when, and what can be done about it.

import { markOf } from "../content/draw/marks.js";
import { clock, wordsOf } from "../content/draw/words.js";
import { readSettings } from "../settings.js";
import { byId, t, translate } from "./page.js";
import { noticeFor } from "./tab.js";
import { followSettings, viewerChoice } from "./viewer.js";

/** @typedef {import("./tab.js").Report} Report */
/** @typedef {import("../protocol.js").VersionAnswer} VersionAnswer */
/** @typedef {import("../protocol.js").Viewer} Viewer */
/** @typedef {import("../settings.js").Settings} Settings */

translate();
const main = /** @type {HTMLElement} */ (document.querySelector("main"));
const tabId = await activeTab();
let settings = readSettings(undefined);
let shows = 0;
const choice = viewerChoice(byId("viewer"), {
  typing: false,
  say: (text) => {
    byId("said").textContent = text;
  },
});

byId("options").addEventListener("click", () => chrome.runtime.openOptionsPage());
byId("again").addEventListener("click", () => show({ kind: "again" }));
byId("aspublic").addEventListener("click", ({ currentTarget }) => {
  const button = /** @type {HTMLElement} */ (currentTarget);
  const on = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", `${on}`);
  show({ kind: "public", on });
});
// Last: what is clicked before the first report is there counts too.
await followSettings(async (now, storage) => {
  const isOther = settings.revision !== now.revision;
  settings = now;
  byId("who").hidden = false;
  byId("withdrawn").hidden = !settings.withdrawn;
  byId("storage").hidden = storage;
  choice.show(settings);
  await show({ kind: isOther ? "chosen" : "report" });
});

/** The latest one wins. @param {object} message what the page is asked for its report with */
async function show(message) {
  const nth = ++shows;
  main.setAttribute("aria-busy", "true");
  const { report, notice } = await noticeFor(tabId, message);
  if (nth < shows) return;
  showNotice(notice);
  if (report) showReport(report);
  main.setAttribute("aria-busy", "false");
}

/** @param {import("./tab.js").Notice | null} notice */
function showNotice(notice) {
  const box = byId("notice");
  box.hidden = !notice;
  if (!notice) return;
  const [text, button] = [box.querySelector("p"), box.querySelector("button")];
  if (text) text.textContent = notice.text;
  if (!button) return;
  button.hidden = !notice.act;
  button.textContent = notice.label ?? "";
  button.onclick = async () => {
    await notice.act?.();
    close();
  };
}

/** @param {Report} report */
function showReport(report) {
  const { model, viewer, links, badged, images, listed, soon } = report;
  byId("model").hidden = !model?.versions.length;
  const heading = byId("model").querySelector("h2");
  if (heading) heading.textContent = model?.modelName ?? "";
  fill(
    "model",
    (model?.versions ?? []).map((version) => ({ version, before: "" })),
    viewer,
  );
  fill(
    "listed",
    listed.map((version) => ({ version, before: "" })),
    viewer,
  );
  fill(
    "soon",
    soon.map(({ modelName, version }) => ({ version, before: `${modelName ?? ""} ` })),
    viewer,
  );
  const asOf = Math.min(...(model?.versions ?? []).flatMap((version) => version.asOf ?? []));
  setText("asof", Number.isFinite(asOf) ? t("asOf", clock(asOf, t), whom(viewer)) : "");
  setText(
    "counts",
    links > 0 && badged === 0 ? t("noneBadged", `${links}`) : t("linksBadged", `${links}`, `${badged}`),
  );
  setText("usable", images.all ? t("usable", `${images.usable}`, `${images.all}`) : "");
  setText("kept", report.keptOut ? t("keptOut", `${report.keptOut}`) : "");
  byId("begun").hidden = !report.begunWithout;
  byId("page").hidden = false;
  byId("signedout").hidden = report.session || settings.viewer !== "account";
  byId("aspublic").hidden = !report.session;
  byId("aspublic").setAttribute("aria-pressed", `${report.asPublic}`);
}

/**
 * @param {string} section
 * @param {{ version: VersionAnswer, before: string }[]} entries
 * @param {Viewer} viewer
 */
function fill(section, entries, viewer) {
  const list = byId(section).querySelector("ul");
  byId(section).hidden = entries.length === 0;
  list?.replaceChildren(
    ...entries.map(({ version, before }) => {
      const { lines } = wordsOf(version, viewer, t, Date.now());
      const item = document.createElement("li");
      item.dataset.state = version.state;
      item.dataset.versionId = `${version.versionId}`;
      const words = document.createElement("span");
      const name = document.createElement("b");
      name.textContent = before + lines[0];
      words.append(name, document.createElement("br"), lines.slice(1, -1).join(" · "));
      item.append(markOf(version.state), words);
      return item;
    }),
  );
}

/** @param {Viewer} viewer */
function whom({ mode }) {
  if (mode === "fixed") return t("asUser", `${settings.fixedId}`);
  return mode === "account" ? t("asAccount") : t("asPublic");
}

/** @param {string} id @param {string} text */
function setText(id, text) {
  byId(id).textContent = text;
  byId(id).hidden = !text;
}

async function activeTab() {
  const named = Number(new URLSearchParams(location.search).get("tab"));
  if (named) return named;
  const [tab] = await chrome.tabs.query({ active: true, currentWindow: true });
  return tab?.id ?? -1;
}
