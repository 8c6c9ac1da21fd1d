// What was found in the text and the files, shown before anything is asked.

import { byId } from "./page.js";
import { counted } from "./words.js";

/** @typedef {import("../src/js/types.js").Resource} Resource */

const count = byId("found-count", HTMLElement);
const list = byId("found-list", HTMLElement);

/** More than these tell nothing. */
const MOST = 24;

/** @param {readonly Resource[]} resources @param {boolean} isEmpty whether there is nothing to find anything in */
export function showFound(resources, isEmpty) {
  const others = resources.filter(({ source }) => source !== "civitai").length;
  const words = `${foundWords(resources)}${others > 0 ? `, ${others} from elsewhere left out` : ""}`;
  count.textContent = isEmpty ? "" : `${words}${resources.length > 0 ? ":" : "."}`;
  const more = resources.length - MOST;
  list.replaceChildren(
    ...resources.slice(0, MOST).map(item),
    ...(more > 0 ? [chip(`and ${more.toLocaleString("en")} more`, "more")] : []),
  );
  list.hidden = resources.length === 0;
}

/** "Found 3 versions and 1 model". @param {readonly Resource[]} resources */
export function foundWords(resources) {
  const ours = resources.filter(({ source }) => source === "civitai");
  const versions = ours.filter(({ entityId }) => entityId !== null).length;
  const parts = [
    versions > 0 ? counted(versions, "version") : "",
    ours.length > versions ? counted(ours.length - versions, "model") : "",
  ].filter(Boolean);
  return parts.length === 0 ? "Found no version or model" : `Found ${parts.join(" and ")}`;
}

/** Never the text itself: a download link may hold a token. @param {Resource} resource */
function item({ entityId, modelId, source }) {
  if (source !== "civitai") return chip(`from ${source}`, "other");
  if (entityId === null) return chip(`model ${modelId}`, "model");
  return chip(`${entityId}`, "version");
}

/** @param {string} text @param {string} kind */
function chip(text, kind) {
  const made = document.createElement("li");
  made.className = kind;
  made.textContent = text;
  return made;
}
