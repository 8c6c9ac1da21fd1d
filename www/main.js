// The page: a question in, rows out.

import { baseUrl, baseUrlName } from "./api.js";
import { examples } from "./examples.js";
import { download, toCsv, toJson } from "./exports.js";
import { fillForm, readForm } from "./form.js";
import { announce, byId } from "./page.js";
import { loadPermissions } from "./permissions.js";
import { fromFragment, toFragment } from "./question.js";
import * as results from "./results.js";
import { checkInSlices } from "./run.js";
import { followThemeSwitch } from "./theme.js";
import { counted, duration } from "./words.js";

/** @typedef {import("./form.js").Question} Question */

const fault = byId("fault", HTMLElement);
const loading = loadPermissions();

/** The question on show. @type {Question | null} */
let asked = null;
/** What is under way. @type {AbortController | null} */
let running = null;

/**
 * Asks about `ids` and shows the answers as they come. A newer call takes the place of an older one.
 * @param {Question} question
 * @param {readonly number[]} ids all of the question's, or those without a verdict
 * @param {import("./permissions.js").Permissions} permissions
 */
async function run(question, ids, { checkPermissions, isPermissionsError }) {
  running?.abort();
  const controller = new AbortController();
  running = controller;
  let requests = 0;
  /** @param {Parameters<typeof fetch>} request */
  const countingFetch = (...request) => {
    requests += 1;
    return fetch(...request);
  };
  const options = { baseUrl, userId: question.userId, signal: controller.signal, fetch: countingFetch };

  const asking = new Set(ids);
  results.openResults(asked === question ? results.knownRows().filter((row) => !asking.has(row.id)) : []);
  asked = question;
  const kept = results.knownRows().length;
  results.showProgress(0, ids.length);
  announce(`Checking ${counted(ids.length, "version")}.`);

  const started = performance.now();
  const check = (/** @type {number[]} */ slice) => checkPermissions(slice, options);
  for await (const rows of checkInSlices(ids, check, controller.signal, isPermissionsError)) {
    if (running !== controller) return;
    results.addRows(rows);
    results.showProgress(results.knownRows().length - kept, ids.length);
  }
  if (running !== controller) return;
  running = null;

  const whom = question.userId === null ? "anyone" : `user ${question.userId}`;
  const cost = `${counted(requests, "request")}, ${duration(performance.now() - started)}`;
  const repeats = question.repeats === 0 ? "" : ` ${counted(question.repeats, "repeat")} merged.`;
  results.closeResults(`Asked about ${counted(ids.length, "version")}, for ${whom}: ${cost}.${repeats}`);
  announce(
    `Done: ${results.tally()}.${question.mistakes === 0 ? "" : ` ${question.mistakes} left out, see the form.`}`,
  );
}

/**
 * Reads the form and asks.
 * @param {{ moveFocus: boolean }} how whether a person asked, who then wants to be where the answers come
 */
async function submit({ moveFocus }) {
  const permissions = await loading;
  const question = readForm(permissions);
  if (question === null) {
    announce("Nothing was asked; the form says why.");
    return;
  }
  const fragment = toFragment(question.ids, question.shareUser ? question.userId : null);
  history.replaceState(null, "", fragment || location.pathname + location.search);
  byId("copy-link", HTMLButtonElement).hidden = fragment === "";
  byId("link-note", HTMLElement).hidden = fragment !== "";
  const done = run(question, question.ids, permissions);
  if (moveFocus) results.focusResults();
  await done;
}

/** Asks what the address asks, if it asks something. */
async function submitFragment() {
  const question = fromFragment(location.hash);
  if (question === null) return;
  fillForm(question);
  await submit({ moveFocus: false });
}

/** Asks once more for what has no verdict. */
async function askAgain() {
  if (asked === null) return;
  const unknown = results.knownRows().filter(({ state }) => state === "unknown");
  const ids = unknown.map(({ id }) => id);
  const done = run(asked, ids, await loading);
  results.focusResults();
  await done;
}

/**
 * @param {string} text
 * @param {string} what
 */
async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
  } catch (cause) {
    throw new Error("The browser refused to copy. Download the CSV, or copy the address by hand.", { cause });
  }
  announce(`${what} copied.`);
}

/** The user that copies tell: none was asked for, one that may be told, or one that may not. */
function tellableUser() {
  return asked === null || (asked.userId !== null && !asked.shareUser) ? undefined : asked.userId;
}

/**
 * Does it, and shows what goes wrong in it.
 * @param {() => unknown} act
 */
async function guarded(act) {
  fault.hidden = true;
  try {
    await act();
  } catch (error) {
    fault.textContent = error instanceof Error ? error.message : String(error);
    fault.hidden = false;
  }
}

/**
 * @param {EventTarget} target
 * @param {string} type
 * @param {(event: Event) => unknown} act
 */
function on(target, type, act) {
  target.addEventListener(type, (event) => guarded(() => act(event)));
}

followThemeSwitch();
byId("api", HTMLElement).textContent = baseUrlName;

on(byId("question", HTMLFormElement), "submit", (event) => {
  event.preventDefault();
  return submit({ moveFocus: true });
});
on(byId("versions", HTMLTextAreaElement), "keydown", (event) => {
  if (!(event instanceof KeyboardEvent) || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  return submit({ moveFocus: true });
});
for (const button of document.querySelectorAll("[data-example]")) {
  on(button, "click", () => {
    const example = button instanceof HTMLElement ? examples[button.dataset.example ?? ""] : undefined;
    if (example === undefined) return;
    fillForm({ versions: example() });
    return submit({ moveFocus: true });
  });
}
on(byId("cancel", HTMLButtonElement), "click", () => running?.abort());
on(byId("again", HTMLButtonElement), "click", askAgain);
on(byId("copy-json", HTMLButtonElement), "click", () =>
  copy(toJson(results.knownRows(), tellableUser()), "JSON"),
);
on(byId("copy-link", HTMLButtonElement), "click", () => copy(location.href, "Link"));
on(byId("download-csv", HTMLButtonElement), "click", () =>
  download("civitai-permissions.csv", "text/csv", toCsv(results.knownRows())),
);
on(window, "hashchange", submitFragment);
await guarded(async () => {
  await loading;
  await submitFragment();
});
