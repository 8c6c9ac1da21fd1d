import { LARGEST_ID } from "../../../js/largest-id.js";

/** @typedef {{ model: number | null, version: number | null }} Target */

/**
 * What a link names: a model, a version of it, or a version alone; null for every other address. On Civitai's hosts
 * only, two of which are old names of it.
 *
 * @param {string | null} href as it stands in the attribute
 * @param {string} base the page's address
 * @returns {Target | null}
 */
export function readLink(href, base) {
  if (!href?.includes("/model")) return null;
  const known = read.get(href);
  if (known !== undefined) return known;
  const target = targetOf(href, base);
  // What is relative to the page means another thing on the next page.
  if (/^(?:\/|https?:)/i.test(href)) {
    if (read.size >= MOST) read.clear();
    read.set(href, target);
  }
  return target;
}

/** A page repeats its links: each pass reads them again. @type {Map<string, Target | null>} */
const read = new Map();
const MOST = 5000;

/** @param {string} href @param {string} base @returns {Target | null} */
function targetOf(href, base) {
  const url = URL.parse?.(href, base) ?? parsed(href, base);
  if (!url || !/^https?:$/.test(url.protocol) || !HOST.test(url.host) || url.username) return null;
  const [, model] = MODEL.exec(url.pathname) ?? [];
  if (model) {
    const id = idOf(model);
    return id ? { model: id, version: idOf(url.searchParams.get("modelVersionId")) } : null;
  }
  const version = idOf(VERSION.exec(url.pathname)?.[1]);
  return version ? { model: null, version } : null;
}

const HOST = /^(?:www\.)?(?:civitai\.(?:com|red|green)|civitaired\.com)$/;
const MODEL =
  /^(?:\/api\/v1)?\/models\/(\d+)(?:\/(?!(?:edit|reviews|wizard|model-versions)(?:\/|$))[^/]*)?\/?$/;
const VERSION = /^\/(?:model-versions|api\/v1\/model-versions(?:\/mini)?|api\/download\/models)\/(\d+)\/?$/;

/** `URL.parse` came to Chrome 126 and Firefox 126. @param {string} href @param {string} base */
function parsed(href, base) {
  try {
    return new URL(href, base);
  } catch {
    return null;
  }
}

/** @param {string | null | undefined} digits */
function idOf(digits) {
  const number = /^[1-9]\d{0,9}$/.test(digits ?? "") ? Number(digits) : 0;
  return number <= LARGEST_ID ? number || null : null;
}
