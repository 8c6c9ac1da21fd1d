import { crowd, everyKind, linked, sample, screenful } from "./sample.js";

/** @typedef {import("./app/site-data.js").Model} Model */
/** @typedef {import("./app/site-data.js").Image} Image */
/** @typedef {import("./app/site-data.js").Resource} Resource */
/** @typedef {import("./app/site-data.js").Session} Session */

/**
 * Everything that the site has to show.
 *
 * @typedef {{ models: Model[], now: number }} Catalogue
 */

/**
 * @param {{ crowd: number, now: number }} from
 * @returns {Catalogue}
 */
export function makeCatalogue({ crowd: count, now }) {
  return { models: [...sample(now), ...crowd(count, now), ...screenful(now)], now };
}

/**
 * The model as the page shows it to this viewer: nobody but its owner sees drafts and private ones.
 *
 * @param {Catalogue} catalogue
 * @param {number} id
 * @param {Session | null} session
 * @returns {Model | null}
 */
export function modelFor(catalogue, id, session) {
  const found = catalogue.models.find((one) => one.id === id);
  const own = found?.user.id === session?.user.id;
  if (!found || (found.availability === "Private" && !own)) return null;
  return own
    ? found
    : { ...found, modelVersions: found.modelVersions.filter((one) => one.status === "Published") };
}

/**
 * A list's page. The screenful is in none but its own collection, 60.
 *
 * @param {Catalogue} catalogue
 * @param {{ limit: number, cursor: number, sort?: string, baseModel?: string | null, user?: string | null, query?: string, collection?: number | null }} filter
 * @param {Session | null} session
 */
export function listModels(catalogue, { limit, cursor, sort, baseModel, user, query, collection }, session) {
  const all = catalogue.models
    .filter((one) => isOfScreenful(one) === (collection === 60))
    .flatMap((one) => modelFor(catalogue, one.id, session) ?? [])
    .filter((one) => !user || one.user.username === user)
    .filter((one) => !baseModel || one.modelVersions.some((each) => each.baseModel === baseModel))
    .filter((one) => !query || one.name.toLowerCase().includes(query.toLowerCase()));
  if (sort === "Oldest") all.reverse();
  return {
    items: all.slice(cursor, cursor + limit),
    next: cursor + limit < all.length ? cursor + limit : null,
  };
}

/** @param {Model} model */
function isOfScreenful({ id }) {
  return id >= 310_000 && id < 310_060;
}

/**
 * Versions for the places that link to them.
 *
 * @param {Catalogue} catalogue
 * @param {{ limit: number, skip: number }} from
 * @param {boolean} every one of every kind, however many were asked for
 * @returns {Resource[]}
 */
export function listResources(catalogue, { limit, skip }, every) {
  const ids = every ? everyKind : linked.slice(skip, skip + limit);
  return ids.flatMap((id) => {
    const model = catalogue.models.find((one) => one.modelVersions.some((each) => each.id === id));
    const version = model?.modelVersions.find((each) => each.id === id);
    if (!model || !version) return [];
    return {
      modelId: model.id,
      versionId: id,
      name: model.name,
      versionName: version.name,
      type: model.type,
    };
  });
}

/**
 * A picture: its number says which versions it was made with.
 *
 * @param {Catalogue} catalogue
 * @param {number} id
 * @param {boolean} every with one version of every kind
 * @returns {Image}
 */
export function imageOf(catalogue, id, every) {
  const resources = listResources(catalogue, { limit: 4, skip: id % 3 }, every).map((one, at) => ({
    ...one,
    strength: 0.5 + at / 10,
  }));
  return {
    id,
    title: `Picture ${id}`,
    resources: [
      ...resources.slice(0, 2),
      { name: "Unlinked embedding", type: "Embedding" },
      ...resources.slice(2),
    ],
  };
}
