// A list without what the user cannot generate with. What has no verdict is neither shown as open nor dropped as
// gated: it comes back by itself, for "not known, try again".

import { isPermissionsError } from "civitai-permissions";

/**
 * @template {{ versionId: number }} Item
 * @param {import("civitai-permissions").PermissionChecker} checker
 * @param {Item[]} items
 * @param {import("civitai-permissions").CheckOptions} [options]
 * @returns {Promise<{ open: Item[], gated: Item[], unknown: Item[] }>}
 */
export async function sortOut(checker, items, options) {
  const verdicts = await checker
    .check(
      items.map(({ versionId }) => versionId),
      options,
    )
    .catch((error) => {
      // Some of them have no verdict: go on with those that have. A wrong argument has nothing to go on with.
      if (isPermissionsError(error) && error.unknown.length > 0) return error.verdicts;
      throw error;
    });
  return {
    open: items.filter(({ versionId }) => verdicts[versionId] === true),
    gated: items.filter(({ versionId }) => verdicts[versionId] === false),
    unknown: items.filter(({ versionId }) => verdicts[versionId] === undefined),
  };
}
