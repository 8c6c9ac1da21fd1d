// What a rebuilt, translated or otherwise changed site does to its markup. Runs in the page, before any other script
// looks at it; the same seed does the same.

/**
 * @typedef {object} Ground
 * @property {() => number} random from 0 to below 1
 * @property {Map<Element, string>} anchors what badges belong to (links, version buttons, the title), with its group;
 *   a mutation that replaces an anchor or adds another says so here
 * @property {(act: () => void, ms: number) => void} later does it later; the page is not settled before
 *
 * @typedef {(ground: Ground) => void} Mutation
 */

const anchorTags = new Set([
  "A",
  "BUTTON",
  "H1",
  "HTML",
  "HEAD",
  "BODY",
  "SCRIPT",
  "STYLE",
  "SVG",
  "CANVAS",
  "IMG",
]);

/** @type {Record<string, Mutation>} */
export const mutations = {
  "renames the classes of modules": ({ random }) => renameClasses(random, (name) => name.includes("-module")),
  "renames Mantine's classes": ({ random }) => renameClasses(random, (name) => /^(m_|mantine-)/.test(name)),
  "renames all classes": ({ random }) => renameClasses(random, () => true),
  "drops data-*": () => dropAttributes((name) => name.startsWith("data-")),
  "drops data-activity and data-tour": () =>
    dropAttributes((name) => /^data-(activity|tour|status-badge)$/.test(name)),
  "drops ids": () => dropAttributes((name, element) => name === "id" && element.localName !== "script"),
  "drops aria-* and roles": () => dropAttributes((name) => name.startsWith("aria-") || name === "role"),
  "drops titles and alternative texts": () => dropAttributes((name) => name === "title" || name === "alt"),
  "wraps elements": ({ random }) => wrap(random, 60, "div", "display: contents"),
  "wraps elements in boxes": ({ random }) => wrap(random, 30, "div", ""),
  "wraps links": ({ random }) => wrap(random, 40, "span", "", (element) => element.localName === "a"),
  "unwraps elements": unwrap,
  "changes tags": changeTags,
  "makes the title another heading": ({ anchors }) => {
    const title = [...anchors.keys()].find((element) => element.localName === "h1");
    if (title) retag(title, "h2", anchors);
  },
  "makes links absolute": () => {
    for (const link of links()) link.setAttribute("href", link.href);
  },
  "makes links slugless": () =>
    changeHrefs((href) => href.replace(/^((?:https:\/\/[^/]+)?\/models\/\d+)\/[^?#]*/, "$1")),
  "gives links other slugs": () =>
    changeHrefs((href) => href.replace(/(\/models\/\d+\/)[^?#]*/, "$1edited-name")),
  "adds queries": () => changeHrefs((href) => withQuery(href, "utm_source=home&ref=1")),
  "adds queries before": () =>
    changeHrefs((href) => href.replace("?modelVersionId=", "?tab=info&modelVersionId=")),
  "adds fragments": () => changeHrefs((href) => `${href}#top`),
  "opens links in new tabs": () => {
    for (const link of links()) link.target = "_blank";
  },
  "translates words": translate,
  "splits texts": ({ random }) => {
    for (const text of texts())
      if (text.length > 3) text.splitText(1 + Math.floor(random() * (text.length - 2)));
  },
  "adds spaces and line breaks around texts": () => {
    for (const text of texts()) text.data = `\n  ${text.data}\n  `;
  },
  "adds a second version list": ({ anchors }) => addList(anchors),
  "drops __NEXT_DATA__": () => document.getElementById("__NEXT_DATA__")?.remove(),
  "reorders siblings": ({ random, anchors }) => reorder(random, anchors),
  "delays parts": delay,
  "adds icons and counts to buttons": ({ anchors }) => {
    for (const [element] of [...anchors].filter(([, group]) => group.startsWith("version ")))
      element.insertAdjacentHTML("beforeend", '<svg width="14" height="14"></svg>');
  },
  "adds comments and empty elements": ({ random }) => {
    for (const element of some(random, 120, inner()))
      element.append(document.createComment(" "), document.createElement("i"));
  },
};

/** @returns {HTMLAnchorElement[]} */
function links() {
  return [...document.querySelectorAll("a")];
}

/** Elements that a mutation may change without taking an anchor's nature away. @returns {Element[]} */
function inner() {
  return [...document.querySelectorAll("main *")].filter(
    (element) => !anchorTags.has(element.tagName.toUpperCase()) && !element.closest("svg, [contenteditable]"),
  );
}

/** @returns {Text[]} */
function texts() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const text = /** @type {Text} */ (walker.currentNode);
    if (text.data.trim() && !text.parentElement?.closest("script, style, [contenteditable]"))
      found.push(text);
  }
  return found;
}

/** @template T @param {() => number} random @param {number} count @param {T[]} all */
function some(random, count, all) {
  return Array.from(
    { length: Math.min(count, all.length) },
    () => all[Math.floor(random() * all.length)] ?? all[0],
  ).filter((one, at, every) => one !== undefined && every.indexOf(one) === at);
}

/**
 * In the markup and in the styles alike, as a new build does it: the page looks the same.
 *
 * @param {() => number} random
 * @param {(name: string) => boolean} which
 */
function renameClasses(random, which) {
  const salt = Math.floor(random() * 1e6).toString(36);
  /** @type {Map<string, string>} */
  const names = new Map();
  const renamed = (/** @type {string} */ name) => {
    if (!which(name)) return name;
    if (!names.has(name)) names.set(name, `c${salt}${names.size.toString(36)}`);
    return names.get(name) ?? name;
  };
  for (const element of document.querySelectorAll("[class]")) {
    const own = (element.getAttribute("class") ?? "").split(/\s+/).filter(Boolean);
    element.setAttribute("class", own.map(renamed).join(" "));
  }
  for (const style of document.querySelectorAll("style")) {
    style.textContent = (style.textContent ?? "").replace(/\.((?:\\.|[\w-])+)/g, (all, name) => {
      const other = names.get(name.replaceAll("\\", ""));
      return other ? `.${other}` : all;
    });
  }
}

/** @param {(name: string, element: Element) => boolean} which */
function dropAttributes(which) {
  for (const element of document.querySelectorAll("body *, body")) {
    for (const name of element.getAttributeNames()) {
      if (which(name, element) && element.localName !== "next-route-announcer") element.removeAttribute(name);
    }
  }
}

/**
 * @param {() => number} random
 * @param {number} count
 * @param {string} tag
 * @param {string} style
 * @param {(element: Element) => boolean} [which]
 */
function wrap(random, count, tag, style, which = () => true) {
  const all = [...document.querySelectorAll("main *")].filter(
    (element) =>
      which(element) && !element.closest("svg, [contenteditable], ul > *") && element.localName !== "script",
  );
  for (const element of some(random, count, all)) {
    const box = document.createElement(tag);
    if (style) box.setAttribute("style", style);
    element.before(box);
    box.append(element);
  }
}

/** @type {Mutation} */
function unwrap({ random }) {
  const all = inner().filter((element) => element.children.length > 0 && element.children.length < 4);
  for (const element of some(random, 25, all)) element.replaceWith(...element.childNodes);
}

/** @type {Record<string, string>} */
const otherTags = {
  div: "section",
  p: "div",
  span: "b",
  ul: "div",
  li: "div",
  section: "div",
  header: "div",
};

/** @type {Mutation} */
function changeTags({ random, anchors }) {
  for (const element of some(random, 400, inner())) {
    const tag = otherTags[element.localName];
    if (tag) retag(element, tag, anchors);
  }
}

/** @param {Element} element @param {string} tag @param {Map<Element, string>} anchors */
function retag(element, tag, anchors) {
  const other = document.createElement(tag);
  for (const { name, value } of element.attributes) other.setAttribute(name, value);
  other.append(...element.childNodes);
  element.replaceWith(other);
  const group = anchors.get(element);
  if (group === undefined) return;
  anchors.delete(element);
  anchors.set(other, group);
}

/** @param {(href: string) => string} change */
function changeHrefs(change) {
  for (const link of links()) {
    const href = link.getAttribute("href") ?? "";
    if (/\/(models|model-versions)\/\d/.test(href)) link.setAttribute("href", change(href));
  }
}

/** @param {string} href @param {string} query */
function withQuery(href, query) {
  const [before = "", fragment] = href.split("#");
  return `${before}${before.includes("?") ? "&" : "?"}${query}${fragment === undefined ? "" : `#${fragment}`}`;
}

/** As a browser's translator does it: wrappers in wrappers, and other words. */
function translate() {
  document.documentElement.classList.add("translated-ltr");
  document.documentElement.lang = "de";
  for (const text of texts()) {
    const parent = text.parentElement;
    if (parent?.closest(".notranslate, [translate=no]")) continue;
    const [outer, own] = [document.createElement("font"), document.createElement("font")];
    own.textContent = text.data.replace(/[aeiou]/g, "ä");
    outer.append(own);
    text.replaceWith(outer);
  }
}

/** The same versions a second time, further down, as for a comparison. @param {Map<Element, string>} anchors */
function addList(anchors) {
  const buttons = [...anchors].filter(([, group]) => group.startsWith("version "));
  const list = commonParent(buttons.map(([element]) => element));
  if (!list) return;
  const copy = /** @type {Element} */ (list.cloneNode(true));
  const copies = [...copy.querySelectorAll("button")];
  const own = [...list.querySelectorAll("button")];
  for (const [element, group] of buttons) {
    const twin = copies[own.indexOf(/** @type {HTMLButtonElement} */ (element))];
    if (twin) anchors.set(twin, group);
  }
  document.querySelector("main")?.append(copy);
}

/** @param {Element[]} elements */
function commonParent(elements) {
  let at = elements[0]?.parentElement ?? null;
  while (at && !elements.every((element) => at?.contains(element))) at = at.parentElement;
  return at;
}

/** @param {() => number} random @param {Map<Element, string>} anchors */
function reorder(random, anchors) {
  const holdsVersions = (/** @type {Element} */ element) =>
    [...anchors].filter(([one, group]) => group.startsWith("version ") && element.contains(one)).length > 1;
  // Prose in another order would be another text.
  const all = inner().filter(
    (element) => element.children.length > 1 && !element.closest(".RenderHtml") && !holdsVersions(element),
  );
  for (const element of some(random, 40, all)) {
    const texts = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE);
    if (!texts) element.append(...[...element.children].reverse());
  }
}

/** @type {Mutation} */
function delay({ random, later }) {
  const parts = some(
    random,
    4,
    inner().filter((element) => element.querySelectorAll("a, button").length > 2),
  );
  const outermost = parts.filter((part) => !parts.some((other) => other !== part && other.contains(part)));
  for (const [at, part] of outermost.entries()) {
    const place = document.createComment("");
    part.replaceWith(place);
    later(() => place.replaceWith(part), 80 * (at + 1));
  }
}
