// In the page of a mutant: knows what badges belong to, mutates, and reports afterwards which badge is where.

import { mutations } from "./mutations.js";

/**
 * @typedef {object} Found a badge that is drawn
 * @property {string} group what it belongs to; empty: to nothing that it could speak of
 * @property {number} model
 * @property {number} version
 * @property {string} state
 *
 * @typedef {object} Sight
 * @property {Record<string, string>} groups what each names
 * @property {Found[]} found
 * @property {string[]} said
 * @property {import("../../../src/extension/pages/tab.js").Report} [report] what the popup gets, where a badge is missing
 */

/** @type {Map<Element, string>} */
const anchors = new Map();
/** How many parts of the page are still to come. */
let awaited = 0;
/** What each group's anchors name. @type {Map<string, { model: number, version: number }>} */
const targets = new Map();

const { versions } = JSON.parse(document.getElementById("mutant")?.textContent ?? "{}");
const pristine = keep();
collect();
const order = new URL(location.href).searchParams.get("__mutant");
if (order) {
  history.replaceState(history.state, "", location.href.replace(/[?&]__mutant=[^&#]*/, ""));
  mutate(order);
}
document.body.append(document.createElement("next-route-announcer"));
/** @type {any} */ (window).__mutant = {
  look,
  settled,
  inPlace,
  attached,
  linksAtFirst: document.links.length,
};

/** @param {string} order the seed and the names of mutations */
function mutate(order) {
  const [number = "", ...names] = order.split("|");
  const random = dice(Number(number));
  for (const name of names) mutations[name]?.({ random, anchors, later });
}

/** The page before anything is changed, and how to have it again. */
function keep() {
  const root = /** @type {Element} */ (document.getElementById("__next"));
  const copy = root.cloneNode(true);
  const styles = [...document.querySelectorAll("style")].map((style) => [style, style.textContent]);
  const attributes = [document.documentElement, document.body].map((element) => ({
    element,
    own: [...element.attributes].map(({ name, value }) => [name, value]),
  }));
  let shown = root;
  return {
    restore() {
      for (const { element, own } of attributes) {
        for (const name of element.getAttributeNames()) element.removeAttribute(name);
        for (const [name = "", value = ""] of own) element.setAttribute(name, value);
      }
      for (const [style, text] of styles) if (style.textContent !== text) style.textContent = text;
      const fresh = copy.cloneNode(true);
      shown.replaceWith(fresh);
      shown = fresh;
    },
  };
}

/** Before anything is changed: links by what they name, one group for those that follow one another. */
function collect() {
  const title = document.querySelector("main h1");
  const model = Number(/\/models\/(\d+)/.exec(location.pathname)?.[1]);
  if (title) note(title, "title", { model, version: 0 });
  const buttons = document.querySelectorAll('[class*="ModelVersionList"] button[data-size="compact-sm"]');
  for (const [at, button] of [...buttons].entries()) {
    const version = versions[at];
    note(button, `version ${version}`, { model, version });
  }
  let before = "";
  let group = "";
  for (const { link, at, target } of naming()) {
    const name = `${target.model}@${target.version}`;
    if (name !== before) group = `link ${at}: ${name}`;
    before = name;
    note(link, group, target);
  }
}

/** The links that name a model or a version. */
function naming() {
  return [...document.querySelectorAll("a")].flatMap((link, at) => {
    const target = link.closest("[contenteditable], header") ? null : targetOf(link);
    return target ? { link, at, target } : [];
  });
}

/** @param {Element} element @param {string} group @param {{ model: number, version: number }} target */
function note(element, group, target) {
  anchors.set(element, group);
  targets.set(group, target);
}

/** @param {HTMLAnchorElement} link */
function targetOf(link) {
  const { pathname, searchParams } = new URL(link.href);
  // The site's own downloads are relative, those in creators' texts are whole.
  const own = (link.getAttribute("href") ?? "").startsWith("/");
  const lone = /^\/(model-versions|api\/download\/models)\/(\d+)$/.exec(pathname);
  const model = /^\/models\/(\d+)(?:\/(?!(?:reviews|edit|wizard|model-versions)$)[^/]*)?$/.exec(
    pathname,
  )?.[1];
  if (lone) return own && lone[1] !== "model-versions" ? null : { model: 0, version: Number(lone[2]) };
  return model ? { model: Number(model), version: Number(searchParams.get("modelVersionId") ?? 0) } : null;
}

/** @param {() => void} act @param {number} ms */
function later(act, ms) {
  awaited += 1;
  setTimeout(() => {
    awaited -= 1;
    act();
  }, ms);
}

/**
 * A mutant of this very document, as if the person had gone there from the one before: everything is built anew at
 * another address. All answers are known by then, and nothing of the page before is left but its scripts.
 *
 * @param {string} order
 * @param {string[]} wanted what the badges say without a mutation, sorted
 * @returns {Promise<Sight>}
 */
async function inPlace(order, wanted) {
  pristine.restore();
  anchors.clear();
  targets.clear();
  collect();
  mutate(order);
  const address = new URL(location.href);
  address.searchParams.set("nr", `${Number(address.searchParams.get("nr")) + 1}`);
  history.replaceState(history.state, "", address);
  return awaited > 0 ? settled(wanted) : looked(wanted);
}

/**
 * The page once the extension has looked at it, and again where the badges are others than wanted: two looks that find
 * the same, with all answers known, leave nothing that could change. A page without any badge is still being drawn: its
 * answers come from the extension's memory, in another process.
 *
 * @param {string[]} wanted
 */
async function looked(wanted) {
  let before = "";
  for (const end = performance.now() + LONGEST; performance.now() < end; ) {
    await aLook();
    let now = `${said()}`;
    for (let quiet = 0; quiet < 3; quiet += 1) {
      await aTurn();
      if (now !== `${said()}`) quiet = 0;
      now = `${said()}`;
    }
    const isSame = now !== "" && now === before;
    if (!now.includes(":pending") && (now === `${wanted}` || isSame)) break;
    before = now;
  }
  return look();
}

/** Until the extension has looked at the page: at the end of each look it takes away badges that it does not know. */
async function aLook() {
  const stranger = document.createElement("civitai-lock-badge");
  stranger.dataset.surface = "none";
  await new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (stranger.isConnected) return;
      observer.disconnect();
      resolve(undefined);
    });
    observer.observe(document.body, { childList: true });
    document.body.append(stranger);
  });
}

/**
 * The page once nothing changes any more: soon where all is as it is to be, else after a long time without a change.
 *
 * @param {string[] | null} wanted what the badges say on the page without a mutation, sorted
 * @returns {Promise<Sight>}
 */
async function settled(wanted) {
  const end = performance.now() + LONGEST;
  let before = "";
  for (let quiet = 0; performance.now() < end; quiet += 1) {
    await aTurn();
    const now = said();
    if (`${now}` !== before) quiet = 0;
    before = `${now}`;
    const asWanted = wanted !== null && before === `${wanted}`;
    const isPending = now.some((one) => one.endsWith(":pending"));
    if (awaited === 0 && !isPending && quiet > (asWanted ? 2 : now.length > 0 ? 60 : 160)) break;
  }
  return look();
}

const LONGEST = 25_000;

/** A twentieth of a second, longer on a busy machine: until the page has nothing to do. */
async function aTurn() {
  await new Promise((resolve) => setTimeout(resolve, 50));
  await new Promise((resolve) => requestIdleCallback(resolve));
}

/** What all badges say, sorted; costs no layout. */
function said() {
  return [...document.getElementsByTagName("civitai-lock-badge")]
    .map((element) => {
      const { modelId, versionId, state } = /** @type {HTMLElement} */ (element).dataset;
      return `${modelId ?? 0}@${versionId ?? 0}:${state}`;
    })
    .sort();
}

/** @returns {Sight} */
function look() {
  const badges = [...document.querySelectorAll("civitai-lock-badge")].filter(isDrawn);
  // "…/reviews" without its slug is a link to the model: each of those may have a badge of its own.
  const others = naming().filter(({ link }) => !anchors.has(link));
  const all = [
    ...[...anchors].map(([anchor, group]) => ({ anchor, group, target: targets.get(group) })),
    ...others.map(({ link, at, target }) => ({ anchor: link, group: `another link ${at}`, target })),
  ];
  return {
    said: said(),
    groups: Object.fromEntries(
      [...targets].map(([group, { model, version }]) => [group, `${model}@${version}`]),
    ),
    found: badges.map((element) => {
      const badge = /** @type {HTMLElement} */ (element);
      const [model, version] = [Number(badge.dataset.modelId ?? 0), Number(badge.dataset.versionId ?? 0)];
      return {
        group: groupOf(badge, { model, version, all }),
        model,
        version,
        state: badge.dataset.state ?? "",
      };
    }),
  };
}

/** How many groups have an anchor in the page. */
function attached() {
  return new Set([...anchors].flatMap(([anchor, group]) => (anchor.isConnected ? [group] : []))).size;
}

/** @param {Element} badge */
function isDrawn(badge) {
  const parts = [...(badge.shadowRoot?.children ?? [])].filter(
    (part) => part.localName !== "style" && !part.hasAttribute("popover"),
  );
  return parts.some(
    (part) => part.checkVisibility({ visibilityProperty: true }) && part.getBoundingClientRect().width > 0,
  );
}

/**
 * The nearest group that a badge of this model and version could belong to.
 *
 * @param {Element} badge
 * @param {{ model: number, version: number,
 *   all: { anchor: Element, group: string, target: { model: number, version: number } | undefined }[] }} of
 */
function groupOf(badge, { model, version, all }) {
  const fitting = all.filter(({ target }) => {
    if (!target) return false;
    return target.version
      ? target.version === version || (!version && target.model === model)
      : target.model === model;
  });
  for (let at = badge.parentElement; at && at !== document.body; at = at.parentElement) {
    const near = fitting.filter(({ anchor }) => at.contains(anchor));
    const last = near.filter(
      ({ anchor }) => !(badge.compareDocumentPosition(anchor) & Node.DOCUMENT_POSITION_FOLLOWING),
    );
    const { group } = last.at(-1) ?? near[0] ?? {};
    if (group) return group;
  }
  return "";
}

/** @param {number} seed mulberry32 */
function dice(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
