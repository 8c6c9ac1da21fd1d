/**
 * What must hold on the site whatever an extension does, for the suites that load one; the scripts in bad/ prove
 * that it fails when it should.
 */

/** @typedef {"title" | "versions" | "cards" | "blocks"} Surface */

/**
 * What is wrong with the page.
 *
 * @param {import("playwright-core").Page} page
 * @param {...Surface} surfaces those that must hold badges
 */
export function troublesOn(page, ...surfaces) {
  return page.evaluate(troubles, surfaces);
}

/**
 * Everything wrong with the page: what React and the page complained about, and the places of these surfaces
 * that hold no badge. Runs in the page, so it refers to nothing outside; any driver can send it there.
 *
 * @param {Surface[]} surfaces
 * @returns {string[]}
 */
export function troubles(surfaces) {
  const hasBadge = (/** @type {Element | null} */ place) =>
    Boolean(place?.querySelector("civitai-lock-badge"));
  // What is further away is asked about once it comes near.
  const isInView = (/** @type {Element} */ place) => {
    const { top, bottom } = place.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  };
  const places = {
    title: () => {
      const title = document.querySelector('#main h1[data-order="1"]');
      return title && title.nextElementSibling?.localName !== "civitai-lock-badge" ? ["title"] : [];
    },
    versions: () =>
      [
        ...document.querySelectorAll(
          '[class*="ModelVersionList"] button[data-size="compact-sm"]:first-of-type',
        ),
      ]
        .filter(
          (button) => !hasBadge(button) && button.nextElementSibling?.localName !== "civitai-lock-badge",
        )
        .map((button) => `version ${button.textContent}`),
    cards: () =>
      [...document.querySelectorAll('[class*="AspectRatioCard"] > a[href^="/models/"]')]
        .filter((link) => isInView(link) && !hasBadge(link.parentElement?.parentElement ?? null))
        .map((link) => `card ${link.getAttribute("href")}`),
    blocks: () =>
      [...document.querySelectorAll('[data-activity="follow-recommendation:details"]')]
        .filter((link) => isInView(link) && !hasBadge(link))
        .map((link) => `block ${link.getAttribute("href")}`),
  };
  return [
    ...window.__siteErrors.map(({ kind, message }) => `${kind}: ${message}`),
    ...surfaces.flatMap((surface) => places[surface]().map((place) => `no badge: ${place}`)),
  ];
}

/**
 * Whether the page is hydrated, boundaries too. Runs in the page.
 *
 * @returns {boolean}
 */
export function isSettled() {
  const open = document.createTreeWalker(document.body, NodeFilter.SHOW_COMMENT);
  while (open.nextNode()) {
    const comment = open.currentNode;
    const dehydrated =
      comment.nodeValue === "$" &&
      !Object.keys(comment.nextSibling ?? {}).some((key) => key.startsWith("__react"));
    if (dehydrated) return false;
  }
  return Boolean(document.querySelector("next-route-announcer"));
}
