import { imageOf, listModels, listResources, modelFor } from "./catalogue.js";

/** @typedef {import("./app/site-data.js").Answers} Answers */

/**
 * The site's own questions to its server. The public API is the stand-in's business, not this one's.
 *
 * @param {import("./catalogue.js").Catalogue} catalogue
 * @param {string} procedure
 * @param {any} input
 * @param {import("./app/site-data.js").Session | null} session
 * @param {import("./options.js").SiteOptions} options
 * @returns {unknown} undefined where there is no such question
 */
export function answer(catalogue, procedure, input, session, { every }) {
  switch (procedure) {
    case "model.getById":
      return modelFor(catalogue, input.id, session);
    case "model.getAll":
      return listModels(catalogue, input, session);
    case "model.recommended":
      return others(catalogue, input.id).slice(0, 3);
    case "model.showcase":
      return others(catalogue, input.id).slice(3, 7);
    case "image.getInfinite":
      return Array.from({ length: 6 }, (_, at) =>
        imageOf(catalogue, 300_000 + ((input.modelId * 10) % 90_000) + at, every),
      );
    case "image.get":
      return imageOf(catalogue, input.id, every);
    case "resource.list":
      return listResources(catalogue, input, every);
    default:
      return undefined;
  }
}

/**
 * @param {import("./catalogue.js").Catalogue} catalogue
 * @param {number} id
 */
function others(catalogue, id) {
  return listResources(catalogue, { limit: 9, skip: 0 }, false).filter((one) => one.modelId !== id);
}
