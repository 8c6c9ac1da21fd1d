/**
 * Which page an address is, by the names that the site's own files have.
 *
 * @param {string} asPath
 * @returns {{ page: string, id: number, user?: string }}
 */
export function matchRoute(asPath) {
  const { pathname } = new URL(asPath, "https://site");
  for (const [pattern, page] of routes) {
    const match = pattern.exec(pathname);
    if (!match) continue;
    const { id = "0", user } = match.groups ?? {};
    return { page, id: Number(id), ...(user && { user: decodeURIComponent(user) }) };
  }
  return { page: "/_plain", id: 0 };
}

/** @type {[RegExp, string][]} */
const routes = [
  [/^\/(?:home)?$/, "/"],
  [
    /^\/models\/(?<id>\d+)(?:\/(?!(?:edit|reviews|wizard|model-versions)(?:\/|$))[^/]*)?\/?$/,
    "/models/[id]/[[...slug]]",
  ],
  [/^\/(?:models|tag\/[^/]+|user\/(?<user>[^/]+)\/models)$/, "/models"],
  [/^\/collections\/(?<id>\d+)$/, "/collections/[collectionId]"],
  [/^\/search\/models$/, "/search/models"],
  [/^\/images\/(?<id>\d+)$/, "/images/[imageId]"],
  [/^\/posts\/(?<id>\d+)$/, "/posts/[postId]"],
  [/^\/posts\/(?<id>\d+)\/edit$/, "/posts/[postId]/edit"],
  [/^\/challenges\/(?<id>\d+)$/, "/challenges/[challengeId]"],
  [/^\/ecosystems\/[^/]+$/, "/ecosystems/[key]"],
  [/^\/comics\/(?<id>\d+)$/, "/comics/[comicId]"],
  [/^\/auctions(?:\/[^/]+)?$/, "/auctions/[[...slug]]"],
  [/^\/user\/downloads$/, "/user/downloads"],
  [/^\/user\/(?<user>[^/]+)\/shop$/, "/user/[username]/shop"],
];
