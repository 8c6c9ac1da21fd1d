/** @typedef {{ model: number | null, version: number | null }} Target */

/**
 * What a link names: a model, a version of it, or a version alone; null for every other address. On Civitai's hosts
 * only, two of which are old names of it (contract of the pages, §1.1 and §8).
 *
 * @param {string | null} href as it stands in the attribute
 * @param {string} base the page's address
 * @returns {Target | null}
 */
export function readLink(href, base) {
  if (!href?.includes("/model")) return null;
  const url = parsed(href, base);
  if (url?.protocol !== "https:" || !linkHosts.has(url.host)) return null;
  const [, model] = modelPath.exec(url.pathname) ?? [];
  if (model && whole(model)) {
    return { model: whole(model), version: whole(url.searchParams.get("modelVersionId")) };
  }
  const [, version] = versionPath.exec(url.pathname) ?? [];
  return version && whole(version) ? { model: null, version: whole(version) } : null;
}

const linkHosts = new Set(["civitai.com", "civitai.red", "civitai.green", "civitaired.com"]);
const modelPath = /^\/models\/(\d+)(?:\/(?!(?:edit|reviews|wizard|model-versions)(?:\/|$))[^/]*)?\/?$/;
const versionPath = /^\/model-versions\/(\d+)\/?$/;

/** @param {string} href @param {string} base */
function parsed(href, base) {
  try {
    return new URL(href, base);
  } catch {
    return null;
  }
}

/** @param {string | null | undefined} digits */
function whole(digits) {
  const number = /^\d{1,10}$/.test(digits ?? "") ? Number(digits) : 0;
  return number > 0 && number <= 2_147_483_647 ? number : null;
}
