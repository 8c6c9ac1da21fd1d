// "Opens soon": what was starred, with its countdown and a calendar file, and the buttons that star.

import { moment, relative } from "../../badge/format.js";
import { toCalendar } from "../../report/calendar.js";
import { addressOf, readStars, starsKey } from "../stars/star.js";
import { byId, make, t, tag } from "./page.js";
import { nameOf, versionItem } from "./versions.js";

/** @typedef {import("../stars/star.js").Star} Star */
/** @typedef {import("../protocol.js").VersionAnswer} VersionAnswer */
/** @typedef {import("../protocol.js").Viewer} Viewer */

/** @type {Star[]} */
let stars = [];

/** Shows the starred versions, now, whenever they change, and as time goes by. */
export async function followStars() {
  const read = async () => {
    const stored = await chrome.storage.local.get(starsKey).catch(() => null);
    stars = readStars(stored?.[starsKey]);
    showStars();
  };
  chrome.storage.onChanged.addListener((changes, area) => {
    if (area === "local" && starsKey in changes) read();
  });
  setInterval(showStars, 30_000);
  await read();
  // What has opened stays on show while this popup is open; the mark on the icon goes.
  if (stars.some(({ openedAt, seen }) => openedAt !== null && !seen)) {
    await chrome.runtime.sendMessage({ kind: "seen" });
  }
}

function showStars() {
  const now = Date.now();
  const ends = (/** @type {Star} */ star) => Date.parse(star.endsAt ?? "9999-12-31");
  const sorted = [...stars].sort((a, b) => ends(a) - ends(b));
  const opened = sorted.filter(({ openedAt }) => openedAt !== null);
  const waiting = sorted.filter(({ openedAt }) => openedAt === null);
  byId("opened").hidden = opened.length === 0;
  list("opened").replaceChildren(...opened.map((star) => starItem(star, now)));
  list("soon").hidden = waiting.length === 0;
  list("soon").replaceChildren(...waiting.map((star) => starItem(star, now)));
  byId("hint").hidden = stars.length > 0;
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-star]"))) {
    dress(button);
  }
}

/** @param {string} section */
const list = (section) => /** @type {HTMLElement} */ (byId(section).querySelector("ul"));

/** @param {Star} star @param {number} now @returns {HTMLLIElement} */
function starItem(star, now) {
  const { versionId, modelName, endsAt, openedAt } = star;
  const link = make("a", { href: addressOf(star), target: "_blank", rel: "noreferrer" });
  link.textContent = nameOf(star, modelName);
  const when =
    openedAt !== null
      ? t("hasOpened", moment(openedAt, tag))
      : endsAt === null
        ? t("noEndDate")
        : Date.parse(endsAt) > now
          ? t("opensOn", relative(endsAt, now, tag), moment(endsAt, tag))
          : t("wasDue", moment(endsAt, tag));
  const item = make(
    "li",
    { "data-version-id": `${versionId}`, "data-opened": openedAt === null ? undefined : "" },
    make("div", { class: "words" }, make("b", {}, link), make("p", { class: "soft" }, when)),
  );
  if (openedAt === null && endsAt !== null && Date.parse(endsAt) > now) {
    item.append(calendarLink(star, now));
  }
  item.append(starButton(star));
  return item;
}

/** @param {Star} star @param {number} now */
function calendarLink(star, now) {
  const file = toCalendar([{ ...star, entityId: star.versionId }], now, (name) => t("calendarTitle", name));
  const href = `data:text/calendar;charset=utf-8,${encodeURIComponent(file)}`;
  const label = t("calendar", nameOf(star, star.modelName));
  return make(
    "a",
    { class: "icon", href, download: `version-${star.versionId}.ics`, "aria-label": label, title: label },
    icon("M3.5 4.5h9v9h-9zM3.5 7.5h9M6 2.5v3M10 2.5v3"),
  );
}

/**
 * A button that stars a version and takes the star back.
 *
 * @param {Omit<Star, "askedAt" | "openedAt" | "seen">} version
 * @returns {HTMLButtonElement}
 */
function starButton(version) {
  const button = make(
    "button",
    { type: "button", class: "icon star", "data-star": `${version.versionId}` },
    icon("m8 2 1.8 3.9 4.2.5-3.1 2.9.8 4.2L8 11.4l-3.7 2.1.8-4.2L2 6.4l4.2-.5z"),
  );
  names.set(button, nameOf(version, version.modelName));
  button.addEventListener("click", () => {
    const message = isStarred(version.versionId)
      ? { kind: "unstar", version: version.versionId }
      : { kind: "star", star: version };
    chrome.runtime.sendMessage(message);
  });
  dress(button);
  return button;
}

/** @type {WeakMap<HTMLElement, string>} */
const names = new WeakMap();

/** @param {HTMLElement} button */
function dress(button) {
  const on = isStarred(Number(button.dataset.star));
  const label = t(on ? "unstar" : "star", names.get(button) ?? "");
  button.setAttribute("aria-pressed", `${on}`);
  button.setAttribute("aria-label", label);
  button.title = label;
}

/** @param {number} version */
const isStarred = (version) => stars.some(({ versionId }) => versionId === version);

/**
 * A version with its star button, where it is locked or opens later.
 *
 * @param {VersionAnswer} version
 * @param {Viewer} viewer
 * @param {{ modelName: string | null, site: string | null, before?: string }} where `site`: null in private windows,
 *   which leave nothing behind
 * @returns {HTMLLIElement}
 */
export function starrableItem(version, viewer, { modelName, site, before = "" }) {
  const isWaiting =
    ["locked", "trial", "free", "gated"].includes(version.state) && version.gate !== "private";
  const isKept = isWaiting && (version.state === "locked" || version.endsAt !== null);
  const { versionId, modelId, versionName, endsAt } = version;
  const button =
    isKept && (site === "civitai.com" || site === "civitai.red")
      ? starButton({
          versionId,
          modelId,
          modelName: modelName ?? "",
          versionName: versionName ?? "",
          site,
          endsAt,
        })
      : null;
  return versionItem(version, viewer, { before, button });
}

/** @param {string} path */
function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(svg.namespaceURI, "path");
  line.setAttribute("d", path);
  svg.append(/** @type {Node} */ (line));
  return svg;
}
