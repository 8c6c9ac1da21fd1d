// The form: text and files in, what they name out; it says at each field what is wrong there.

import { showFound } from "./found.js";
import { byId } from "./page.js";
import { readUserId } from "./question.js";
import { readFile, resourcesOf } from "./source.js";

/** @typedef {import("./module.js").Module} Module */
/** @typedef {import("../src/js/types.js").Resource} Resource */

const source = byId("source", HTMLTextAreaElement);
const sourceMistake = byId("source-mistake", HTMLElement);
const files = byId("files", HTMLInputElement);
const drop = byId("drop", HTMLElement);
const list = byId("given", HTMLElement);
const clear = byId("clear", HTMLButtonElement);
const user = byId("user", HTMLInputElement);
const userMistake = byId("user-mistake", HTMLElement);
const shareUser = byId("share-user", HTMLInputElement);

/** A text that is still being typed is read after such a pause, in milliseconds. */
const PAUSE = 150;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let pause;

/** The files on show. @type {import("./source.js").Given[]} */
let given = [];
/** What was wrong with the last ones. @type {string[]} */
let refused = [];
/** Those that are being read. @type {Promise<unknown>} */
let reading = Promise.resolve();
/** How often all files were forgotten. A file that was being read at that time is dropped. */
let forgotten = 0;

/**
 * Reads the form.
 *
 * @param {Module} module
 * @returns {Promise<{ resources: Resource[], userId: number | null, isShared: boolean } | null>} null: nothing can be asked;
 *   the first field to fix then has the focus
 */
export async function readForm(module) {
  clearTimeout(pause);
  await reading;
  const resources = resourcesOf(source.value, given, module);
  const isEmpty = source.value.trim() === "" && given.length === 0;
  const hasSomething = resources.some((resource) => resource.source === "civitai");
  showFound(resources, isEmpty);
  sayAt(
    sourceMistake,
    source,
    hasSomething
      ? ""
      : isEmpty
        ? "Paste something first, or drop a file."
        : "Nothing here names a version or a model of Civitai.",
  );
  const userId = readUser();
  if (!hasSomething) source.focus();
  else if (userId === undefined) user.focus();
  if (!hasSomething || userId === undefined) return null;
  return { resources, userId, isShared: shareUser.checked };
}

/**
 * Shows what is found while a text is typed and files come.
 *
 * @param {Promise<Module>} loading
 * @param {(act: () => unknown) => Promise<void>} guarded
 */
export function watchForm(loading, guarded) {
  const look = () =>
    guarded(async () => {
      const module = await loading;
      const isEmpty = source.value.trim() === "" && given.length === 0;
      showFound(resourcesOf(source.value, given, module), isEmpty);
      clear.hidden = isEmpty;
      sayAt(sourceMistake, source, refused.join(" "));
    });
  const take = (/** @type {Iterable<File>} */ taken) => {
    const [all, before] = [[...taken], forgotten];
    refused = [];
    // One after another, in their order.
    reading = reading.then(() => takeFiles(all, before)).then(look);
  };
  source.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(look, PAUSE);
  });
  files.addEventListener("change", () => {
    take(files.files ?? []);
    files.value = "";
  });
  clear.addEventListener("click", () => {
    forgetFiles();
    source.value = "";
    source.focus();
    look();
  });
  source.addEventListener("paste", (event) => {
    const pasted = event.clipboardData?.files ?? [];
    if (pasted.length === 0) return;
    event.preventDefault();
    take(pasted);
  });
  // Anywhere on the page: a file that misses the field would replace the page.
  document.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    drop.classList.add("over");
  });
  document.addEventListener("dragleave", ({ relatedTarget }) => {
    if (relatedTarget === null) drop.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    drop.classList.remove("over");
    const dropped = event.dataTransfer?.files ?? [];
    if (dropped.length === 0) return;
    event.preventDefault();
    take(dropped);
  });
}

/** Writes a question into the form, as if it had been typed. @param {{ text: string, user?: string }} question */
export function fillForm(question) {
  forgetFiles();
  source.value = question.text;
  clear.hidden = false;
  if (question.user === undefined) return;
  user.value = question.user;
  shareUser.checked = question.user !== "";
}

/** @param {File[]} taken @param {number} before how often all had been forgotten when they came */
async function takeFiles(taken, before) {
  for (const file of taken) {
    try {
      const one = await readFile(file);
      if (forgotten === before) given = [...given, one];
      else if (one.picture) URL.revokeObjectURL(one.picture);
    } catch (error) {
      if (forgotten === before) refused.push(error instanceof Error ? error.message : String(error));
    }
  }
  showFiles();
}

function forgetFiles() {
  forgotten += 1;
  for (const { picture } of given) if (picture) URL.revokeObjectURL(picture);
  given = [];
  refused = [];
  showFiles();
}

function showFiles() {
  list.replaceChildren(
    ...given.map(({ name, picture }) => {
      const item = document.createElement("li");
      if (picture) item.append(Object.assign(document.createElement("img"), { src: picture, alt: "" }));
      item.append(name);
      return item;
    }),
  );
  list.hidden = given.length === 0;
}

/** @returns {number | null | undefined} undefined: the field is wrong, and says so */
function readUser() {
  try {
    const userId = readUserId(user.value);
    sayAt(userMistake, user, "");
    return userId;
  } catch (error) {
    sayAt(userMistake, user, error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

/** @param {HTMLElement} place @param {HTMLElement} field @param {string} mistake "": there is none */
function sayAt(place, field, mistake) {
  place.textContent = mistake;
  place.hidden = mistake === "";
  field.setAttribute("aria-invalid", String(mistake !== ""));
}
