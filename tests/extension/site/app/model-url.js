/**
 * `/models/{id}/{slug}[?modelVersionId={vid}]`: what the site's own links say.
 *
 * @param {{ id: number, name: string }} model
 * @param {number} [versionId]
 */
export function modelUrl(model, versionId) {
  return `/models/${model.id}/${slug(model.name)}${versionId ? `?modelVersionId=${versionId}` : ""}`;
}

/** @param {string} name */
function slug(name) {
  return (
    name
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, "-")
      .replace(/^-|-$/g, "") || "model"
  );
}
