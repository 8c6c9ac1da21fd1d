// The options: every switch is kept at once; the viewer only by its button.

import { surfaces } from "../settings.js";
import { byId, t, translate } from "./page.js";
import { followSettings, send, viewerChoice } from "./viewer.js";

translate();
/** @type {HTMLFormElement} */
const form = byId("form");
const choice = viewerChoice(byId("viewer"), { typing: true, say });
form.addEventListener("change", keep);
form.addEventListener("submit", (event) => event.preventDefault());
byId("forget").addEventListener("click", forget);
const showAgain = await followSettings(show);

/** @param {import("../settings.js").Settings} settings @param {boolean} storage */
function show(settings, storage) {
  choice.show(settings);
  for (const surface of surfaces) field(surface).checked = settings.surfaces[surface];
  field("showOpen").checked = settings.showOpen;
  field("dim").checked = settings.dim;
  byId("trouble").hidden = storage && !settings.withdrawn;
  byId("trouble").textContent = storage ? t("consentWithdrawn") : t("notKept");
}

/** Writes the one switch that was changed. @param {Event} event */
async function keep({ target }) {
  const { name, checked } = /** @type {HTMLInputElement} */ (target);
  const isSurface = surfaces.some((surface) => surface === name);
  const said = await send(isSurface ? { surfaces: { [name]: checked } } : { [name]: checked });
  say(said);
  if (said !== t("kept")) await showAgain();
}

/** Settings and caches: as if it had just been installed. */
async function forget() {
  const reply = await chrome.runtime.sendMessage({ kind: "forget" });
  say(reply?.ok ? t("forgotten") : `${reply?.error?.message}`);
}

/** @param {string} text */
function say(text) {
  byId("said").textContent = text;
}

/** @param {string} name */
function field(name) {
  return /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
}
