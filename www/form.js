// The form: reads the question, and says at each field what is wrong there.

import { byId, fromTemplate, within } from "./page.js";
import { mostIds, readUserId, readVersions } from "./question.js";
import { counted, number } from "./words.js";

const versions = byId("versions", HTMLTextAreaElement);
const user = byId("user", HTMLInputElement);
const shareUser = byId("share-user", HTMLInputElement);
const versionsMistakes = byId("versions-mistakes", HTMLElement);
const userMistake = byId("user-mistake", HTMLElement);

/** A pasted novel has thousands of wrong words; the first ones tell enough. */
const mostMistakes = 50;

/** @typedef {{ ids: number[], repeats: number, mistakes: number, userId: number | null, shareUser: boolean }} Question */

/**
 * Reads the form. Entries that name no version are shown and left out.
 * @param {import("./permissions.js").Permissions} permissions
 * @returns {Question | null} null: nothing can be asked; the first field to mend then has the focus
 */
export function readForm(permissions) {
  const { ids, repeats, mistakes } = readVersions(versions.value, permissions);
  const userId = readUser();
  const refusal = refuse(ids, mistakes);
  showMistakes(refusal, mistakes);
  if (refusal !== "") versions.focus();
  else if (userId === undefined) user.focus();
  if (refusal !== "" || userId === undefined) return null;
  return { ids, repeats, mistakes: mistakes.length, userId, shareUser: shareUser.checked };
}

/**
 * Writes a question into the form, as if it had been typed.
 * @param {{ versions: string, user?: string }} question
 */
export function fillForm(question) {
  versions.value = question.versions;
  if (question.user === undefined) return;
  user.value = question.user;
  shareUser.checked = question.user !== "";
}

/** @returns {number | null | undefined} undefined: the field is wrong, and says so */
function readUser() {
  let mistake = "";
  let userId;
  try {
    userId = readUserId(user.value);
  } catch (error) {
    mistake = error instanceof Error ? error.message : String(error);
  }
  userMistake.textContent = mistake;
  userMistake.hidden = mistake === "";
  user.setAttribute("aria-invalid", String(mistake !== ""));
  return userId;
}

/**
 * @param {readonly number[]} ids
 * @param {readonly unknown[]} mistakes
 * @returns {string} why nothing can be asked; "" if something can
 */
function refuse(ids, mistakes) {
  if (ids.length > mostIds) {
    return `These are ${counted(ids.length, "version")}. This page asks about ${number(mostIds)} at most; split the list.`;
  }
  if (ids.length > 0) return "";
  return mistakes.length === 0
    ? "Paste at least one version id, link or AIR."
    : "Nothing here names a version.";
}

/**
 * @param {string} refusal
 * @param {readonly import("./question.js").Mistake[]} mistakes
 */
function showMistakes(refusal, mistakes) {
  const more = mistakes.length - mostMistakes;
  const count = mistakes.length === 0 ? "" : `${counted(mistakes.length, "entry", "entries")} left out`;
  const head = [refusal, count && `${count}${more > 0 ? `; the first ${mostMistakes}` : ""}:`]
    .filter(Boolean)
    .join(" ");
  within(versionsMistakes, "p", HTMLElement).textContent = head;
  within(versionsMistakes, "ul", HTMLElement).replaceChildren(
    ...mistakes.slice(0, mostMistakes).map(mistakeItem),
  );
  versionsMistakes.hidden = head === "";
  versions.setAttribute("aria-invalid", String(head !== ""));
}

/** @param {import("./question.js").Mistake} mistake */
function mistakeItem({ line, entry, start, end, reason }) {
  const item = fromTemplate("mistake");
  const button = within(item, "button", HTMLButtonElement);
  button.textContent = `Line ${line}`;
  button.addEventListener("click", () => {
    versions.focus();
    versions.setSelectionRange(start, end);
  });
  within(item, "code", HTMLElement).textContent = entry;
  within(item, "span", HTMLElement).textContent = reason;
  return item;
}
