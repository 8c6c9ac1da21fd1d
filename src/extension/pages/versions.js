// Versions as popup and options list them: the badge as it is on the page, and its reason in words.

import { badgeOf } from "../../badge/badge.js";
import { BADGE, drawBadge } from "../../badge/draw.js";
import { isolated } from "../../badge/format.js";
import "../../badge/words/all.js";
import { make, t, tag } from "./page.js";

/** @typedef {import("../protocol.js").VersionAnswer} VersionAnswer */
/** @typedef {import("../protocol.js").Viewer} Viewer */

/**
 * @param {VersionAnswer} version
 * @param {Viewer} viewer
 * @param {{ before?: string, button?: HTMLElement | null }} [options] `before`: the model's name
 * @returns {HTMLLIElement}
 */
export function versionItem(version, viewer, { before = "", button = null } = {}) {
  const badge = badgeOf(version, viewer, tag, Date.now());
  const drawn = make(BADGE_NAME);
  drawBadge(drawn, badge);
  // The reason stands beside it.
  drawn.setAttribute("aria-label", badge.text);
  const item = make("li", { "data-state": version.state, "data-version-id": `${version.versionId}` });
  const words = make("div", { class: "words" }, make("b", {}, nameOf(version, before)), drawn);
  const reason = reasonOf(badge);
  if (reason) words.append(make("p", { class: "soft" }, reason));
  item.append(words);
  if (button) item.append(button);
  return item;
}

/** A plain element: extension pages register no custom ones. */
const BADGE_NAME = /** @type {"span"} */ (BADGE);

/** @param {{ versionId: number, versionName: string | null }} version @param {string} [model] */
export function nameOf({ versionId, versionName }, model = "") {
  const name = isolated(versionName || t("aVersion", versionId));
  return model ? `${isolated(model)} ${name}` : name;
}

/** The lines between the name and "checked at", without what the badge itself says. @param {import("../../badge/badge.js").Badge} badge */
function reasonOf({ lines, text }) {
  return lines
    .slice(1, -1)
    .filter((line) => line.toLowerCase() !== text.toLowerCase())
    .join(" · ");
}

/** Why something is not known, and when it is asked about again. @param {import("../protocol.js").Trouble} trouble */
export function clauseOf(trouble) {
  return reasonOf(badgeOf({ state: "unknown", error: trouble }, { mode: "public" }, tag, Date.now()));
}
