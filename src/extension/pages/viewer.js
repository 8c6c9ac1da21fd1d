// Whom badges are checked for: the choice that popup and options offer. Moving through it changes nothing; only its
// button does, and only that asks for the browser's consent.

import { askForConsent } from "../consent.js";
import { isUserId, readSettings, settingsKey } from "../settings.js";
import { t } from "./page.js";

/** @typedef {import("../settings.js").Settings} Settings */
/** @typedef {import("../settings.js").ViewerChoice} ViewerChoice */

/**
 * @param {HTMLFormElement} form
 * @param {object} how
 * @param {boolean} how.typing whether a user's number can be typed here
 * @param {(text: string) => void} how.say
 * @returns {{ show: (settings: Settings) => void }}
 */
export function viewerChoice(form, { typing, say }) {
  form.innerHTML = `
    <fieldset>
      <legend></legend>
      <label><input type="radio" name="viewer" value="public"> <span></span></label>
      <label><input type="radio" name="viewer" value="account"> <span></span></label>
      <label><input type="radio" name="viewer" value="fixed"> <span></span></label>
      <label class="number"><span></span> <input type="number" name="fixedId" min="1" max="2147483647" step="1"></label>
    </fieldset>
    <div class="confirm" hidden>
      <p id="consequence"></p>
      <div class="buttons">
        <button id="confirm" aria-describedby="consequence"></button>
        <button type="button" class="quiet" id="cancel"></button>
      </div>
    </div>`;
  const find = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (form.querySelector(selector));
  const radios = /** @type {RadioNodeList} */ (form.elements.namedItem("viewer"));
  const number = /** @type {HTMLInputElement} */ (form.elements.namedItem("fixedId"));
  const [ofAnyone, ofAccount, ofFixed, ofNumber] = /** @type {NodeListOf<HTMLElement>} */ (
    form.querySelectorAll("label span")
  );
  find("legend").textContent = t("whoIsAsked");
  find("#cancel").textContent = t("cancel");
  if (ofAnyone) ofAnyone.textContent = t("viewerPublic");
  if (ofAccount) ofAccount.textContent = t("viewerAccount");
  if (ofNumber) ofNumber.textContent = t("userNumber");
  let settings = readSettings(undefined);

  const typed = () => (typing ? Number(number.value) : settings.fixedId);
  const draw = () => {
    const value = /** @type {ViewerChoice} */ (radios.value);
    const user = value === "fixed" ? typed() : null;
    const isOther = value !== settings.viewer || (value === "fixed" && user !== settings.fixedId);
    const isWhole = value !== "fixed" || isUserId(user);
    find(".number").hidden = !typing || value !== "fixed";
    find(".confirm").hidden = !isOther;
    const [consequence, label] = words[value];
    find("#consequence").textContent = isWhole ? t(consequence, user ?? "") : t("typeNumber");
    find("#confirm").textContent = t(label, isWhole ? (user ?? "") : "…");
  };
  const show = (/** @type {Settings} */ next) => {
    settings = next;
    const labelOfFixed = ofFixed?.closest("label");
    if (labelOfFixed) labelOfFixed.hidden = !typing && settings.fixedId === null;
    if (ofFixed)
      ofFixed.textContent = typing ? t("viewerFixedLong") : t("viewerFixed", `${settings.fixedId}`);
    radios.value = settings.viewer;
    number.value = settings.fixedId === null ? "" : `${settings.fixedId}`;
    draw();
  };
  const choose = async () => {
    const viewer = /** @type {ViewerChoice} */ (radios.value);
    const fixedId = typed();
    if (viewer === "fixed" && !isUserId(fixedId)) {
      number.focus();
      return say(t("typeNumber"));
    }
    if (viewer !== "public" && !(await askForConsent())) {
      show(settings);
      return say(t("notAllowed"));
    }
    say(await send({ viewer, ...(viewer === "fixed" ? { fixedId } : {}) }));
  };

  form.addEventListener("input", draw);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!find(".confirm").hidden) choose();
  });
  const reset = () => show(settings);
  find("#cancel").addEventListener("click", reset);
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || find(".confirm").hidden) return;
    event.preventDefault();
    reset();
  });
  return { show };
}

/** What a choice does, and the words on its button. @type {Record<ViewerChoice, [string, string]>} */
const words = {
  public: ["confirmPublic", "checkAsPublic"],
  account: ["confirmAccount", "checkAsAccount"],
  fixed: ["confirmFixed", "checkAsFixed"],
};

/**
 * Changes settings. The page itself follows when the change arrives in the storage.
 *
 * @param {unknown} change some members of the settings
 * @returns {Promise<string>} what to say of it
 */
export async function send(change) {
  const reply = await chrome.runtime.sendMessage({ kind: "choose", change }).catch(() => null);
  if (!reply?.ok) return `${reply?.error?.message ?? t("notKept")}`;
  return reply.kept ? t("kept") : reply.consent ? t("notKept") : t("notAllowed");
}

/**
 * The settings now and after each change, on this page or on another.
 *
 * @param {(settings: Settings, storage: boolean) => void} show `storage`: whether it can be read
 * @returns {Promise<() => Promise<void>>} shows them once more, after a change that was not kept
 */
export async function followSettings(show) {
  const read = async () => {
    try {
      show(readSettings((await chrome.storage.local.get(settingsKey))[settingsKey]), true);
    } catch {
      show(readSettings(undefined), false);
    }
  };
  chrome.storage.onChanged.addListener((changes, area) => {
    if (area === "local" && settingsKey in changes) read();
  });
  // A page from the back/forward cache missed what changed meanwhile.
  addEventListener("pageshow", ({ persisted }) => persisted && read());
  await read();
  return read;
}
