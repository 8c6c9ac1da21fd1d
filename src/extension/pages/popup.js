// The popup: what is known of the page in the active tab, as whom, as of when, and what can be done about it.

import { clock, isolated, number } from "../../badge/format.js";
import { readSettings } from "../settings.js";
import { byId, make, setText, t, tag, translate } from "./page.js";
import { followStars, starrableItem } from "./soon.js";
import { lostVersions, noticeFor } from "./tab.js";
import { versionItem } from "./versions.js";
import { followSettings, viewerChoice } from "./viewer.js";

/** @typedef {import("./tab.js").Report} Report */
/** @typedef {import("../protocol.js").VersionAnswer} VersionAnswer */

translate();
const main = /** @type {HTMLElement} */ (document.querySelector("main"));
const { tabId, site } = await activeTab();
let settings = readSettings(undefined);
let shows = 0;
const choice = viewerChoice(byId("viewer"), { typing: false, say: (text) => setText("said", text) });

byId("options").addEventListener("click", () => chrome.runtime.openOptionsPage());
byId("again").addEventListener("click", () => show({ kind: "again" }));
byId("aspublic").addEventListener("click", ({ currentTarget }) => {
  const button = /** @type {HTMLElement} */ (currentTarget);
  const on = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", `${on}`);
  show({ kind: "public", on });
});
await followStars();
// Last, so that a click before the first report takes effect too.
await followSettings(async (now, storage) => {
  const isOther = settings.revision !== now.revision;
  settings = now;
  byId("who").hidden = false;
  byId("withdrawn").hidden = !settings.withdrawn;
  byId("storage").hidden = storage;
  choice.show(settings);
  await show({ kind: isOther ? "chosen" : "report" });
});

/** Shows the report of the page; only that of the latest call. @param {object} message what the page is asked for its report with */
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
  const { model, viewer, listed, soon } = report;
  const modelName = model?.modelName ?? null;
  const heading = byId("model").querySelector("h2");
  if (heading) heading.textContent = modelName && isolated(modelName);
  fill(
    "model",
    (model?.versions ?? []).map((version) => starrableItem(version, viewer, { modelName, site })),
  );
  fill(
    "listed",
    listed.map((version) => versionItem(version, viewer)),
  );
  // The model's own versions stand above.
  const elsewhere = soon.filter(({ version }) => version.modelId !== model?.modelId);
  fill(
    "here",
    elsewhere.map(({ modelName, version }) =>
      starrableItem(version, viewer, { modelName, site, before: modelName ?? "" }),
    ),
  );
  const asOf = Math.min(...(model?.versions ?? []).flatMap((version) => version.asOf ?? []));
  setText("asof", Number.isFinite(asOf) ? checkedAt(asOf, viewer) : "");
  showPage(report);
  byId("signedout").hidden = report.session || settings.viewer !== "account";
}

/** @param {Report} report */
function showPage(report) {
  const {
    links,
    checked,
    off = 0,
    locked,
    images,
    keptOut,
    titleLost,
    begunWithout,
    session,
    asPublic,
  } = report;
  const share = (/** @type {number} */ part, /** @type {number} */ all) =>
    t("ofAll", number(part, tag), number(all, tag));
  /** @type {[string, string, string][]} */
  const counts = [["linksChecked", t("linksChecked"), share(checked, links)]];
  if (locked) counts.push(["linksLocked", t("linksLocked"), number(locked, tag)]);
  if (images.all) counts.push(["usable", t("usable"), share(images.usable, images.all)]);
  byId("counts").replaceChildren(
    ...counts.map(([id, name, value]) => make("div", { id }, make("dt", {}, name), make("dd", {}, value))),
  );
  setText("none", links > 0 && checked === 0 ? t("noneChecked") : "");
  setText("off", off > 0 ? t("switchedOff", number(off, tag)) : "");
  byId("titlelost").hidden = !titleLost;
  setText("versionslost", lostVersions(report));
  setText("kept", keptOut ? t("keptOut", number(keptOut, tag)) : "");
  byId("begun").hidden = !begunWithout;
  byId("page").hidden = false;
  byId("aspublic").hidden = !session;
  byId("aspublic").setAttribute("aria-pressed", `${asPublic}`);
}

/** @param {string} section @param {HTMLElement[]} items */
function fill(section, items) {
  byId(section).hidden = items.length === 0;
  byId(section)
    .querySelector("ul")
    ?.replaceChildren(...items);
}

/** @param {number} asOf @param {import("../protocol.js").Viewer} viewer */
function checkedAt(asOf, { mode }) {
  const time = clock(asOf, tag);
  if (mode === "fixed") return t("checkedFixed", time, `${settings.fixedId}`);
  return t(mode === "account" ? "checkedAccount" : "checkedAnyone", time);
}

/** @returns {Promise<{ tabId: number, site: string | null }>} `site`: null in private windows and where it is withheld */
async function activeTab() {
  const named = Number(new URLSearchParams(location.search).get("tab"));
  const tab = named
    ? await chrome.tabs.get(named).catch(() => undefined)
    : (await chrome.tabs.query({ active: true, currentWindow: true }))[0];
  const site = tab?.url && !tab.incognito ? new URL(tab.url).hostname : null;
  return { tabId: tab?.id ?? -1, site };
}
