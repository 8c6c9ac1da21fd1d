// What a pasted or given text names.

/** @typedef {import("../js/types.js").Resource} Resource */
/** @typedef {Pick<typeof import("../js/index.js"), "findResources" | "parseEntityId" | "parseLink">} Module */

/**
 * A list of nothing but ids, links and AIRs is read as such; any other text by `findResources`, to which a bare number
 * is no id.
 *
 * @param {string} text
 * @param {Module} module
 * @returns {Resource[]} each once, in order of first mention
 */
export function readText(text, module) {
  return readList(text, module) ?? module.findResources(text);
}

/** @param {string} text @param {Module} module @returns {Resource[] | null} null: it is no such list */
function readList(text, module) {
  /** @type {Map<string, Resource>} */
  const resources = new Map();
  for (const entry of text.split(/[\s,;]+/)) {
    if (entry === "") continue;
    const resource = readEntry(entry, module) ?? readOther(entry, module);
    if (!resource) return null;
    const key = keyOf(resource);
    if (!resources.has(key)) resources.set(key, resource);
  }
  return resources.size > 0 ? [...resources.values()] : null;
}

/** Equal for resources that name the same. @param {Resource} resource */
export function keyOf({ entityId, modelId, source, text }) {
  if (source !== "civitai") return text;
  return entityId === null ? `model ${modelId}` : `${entityId}`;
}

/** @param {string} text an id, a link or an AIR @param {Module} module @returns {Resource | null} null: none of them */
export function readEntry(text, module) {
  const link = module.parseLink(text);
  if (link) return { text, ...link, source: "civitai" };
  try {
    return { text, entityId: module.parseEntityId(text), modelId: null, source: "civitai" };
  } catch {
    return null;
  }
}

/** What names another source than Civitai, and nothing else. @param {string} entry @param {Module} module */
function readOther(entry, module) {
  const [one] = module.findResources(entry);
  return one && one.source !== "civitai" && one.text === entry ? one : null;
}
