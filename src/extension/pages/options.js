// The options: every change is kept at once.

import { isUserId, loadSettings, readSettings, saveSettings, settingsKey, surfaces } from "../settings.js";
import { byId, mayShareUserNumber, t, translate } from "./page.js";

translate();
/** @type {HTMLFormElement} */
const form = byId("form");
show(await loadSettings());
form.addEventListener("change", keep);
form.addEventListener("submit", (event) => event.preventDefault());
byId("forget").addEventListener("click", forget);

/** @param {import("../settings.js").Settings} settings */
function show(settings) {
  radio("viewer").value = settings.viewer;
  field("fixedId").value = settings.fixedId === null ? "" : `${settings.fixedId}`;
  for (const surface of surfaces) field(surface).checked = settings.surfaces[surface];
  field("showOpen").checked = settings.showOpen;
  field("dim").checked = settings.dim;
}

async function keep() {
  const viewer = radio("viewer").value;
  const number = Number(field("fixedId").value);
  if (viewer === "fixed" && !isUserId(number)) {
    field("fixedId").focus();
    return say(t("typeNumber"));
  }
  if (viewer !== "public" && !(await mayShareUserNumber())) {
    show(await loadSettings());
    return say(t("notAllowed"));
  }
  await saveSettings(
    readSettings({
      viewer,
      fixedId: isUserId(number) ? number : null,
      surfaces: Object.fromEntries(surfaces.map((surface) => [surface, field(surface).checked])),
      showOpen: field("showOpen").checked,
      dim: field("dim").checked,
    }),
  );
  say(t("kept"));
}

/** Settings and memory: as if it had just been installed. */
async function forget() {
  await chrome.storage.local.remove(settingsKey);
  const reply = await chrome.runtime.sendMessage({ kind: "forget" });
  show(await loadSettings());
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

/** @param {string} name */
function radio(name) {
  return /** @type {RadioNodeList} */ (form.elements.namedItem(name));
}
