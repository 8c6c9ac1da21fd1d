// The options: every switch is kept at once; the viewer only by its button.

import { readSettings, surfaces } from "../settings.js";
import { diagnose } from "./diagnosis.js";
import { byId, make, t, translate } from "./page.js";
import { followSettings, send, viewerChoice } from "./viewer.js";

translate();
/** @type {HTMLFormElement} */
const form = byId("form");
const choice = viewerChoice(byId("viewer"), { typing: true, say });
let current = { settings: readSettings(undefined), storage: true };
form.addEventListener("change", keep);
form.addEventListener("submit", (event) => event.preventDefault());
byId("forget").addEventListener("click", forget);
byId("diagnose").addEventListener("click", lookAtPage);
byId("copy").addEventListener("click", copy);
const showAgain = await followSettings(show);

/** @param {import("../settings.js").Settings} settings @param {boolean} storage */
function show(settings, storage) {
  current = { settings, storage };
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

/** Settings, stars and caches: as if it had just been installed. */
async function forget() {
  const reply = await chrome.runtime.sendMessage({ kind: "forget" });
  say(reply?.ok ? t("forgotten") : `${reply?.error?.message}`);
}

async function lookAtPage() {
  const { findings, text } = await diagnose(current.settings, current.storage);
  byId("findings").replaceChildren(...findings.map((finding) => make("li", {}, finding)));
  byId("findings").hidden = false;
  /** @type {HTMLTextAreaElement} */ (byId("text")).value = text;
  byId("report").hidden = false;
}

async function copy() {
  /** @type {HTMLTextAreaElement} */
  const field = byId("text");
  field.select();
  await navigator.clipboard.writeText(field.value);
  say(t("copied"));
}

/** @param {string} text */
function say(text) {
  byId("said").textContent = text;
}

/** @param {string} name */
function field(name) {
  return /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
}
