// Puts badges to their places, takes away what has lost its place, and stays away from where they are not wanted.

/** @typedef {{ place: Place, answer: VersionAnswer | null }} Placed */

/** Our badges in the document. @type {Map<HTMLElement, Placed>} */
const placed = new Map();

/** How many links there are, and how many only the popup tells of. */
const counts = { links: 0, listed: /** @type {Target[]} */ ([]), keptOut: 0 };

/** @type {Settings} */
let settings;

/** Everything once, idempotent. */
function pass() {
  if (!started) return;
  /** @type {Set<HTMLElement>} */
  const used = new Set();
  for (const place of findPlaces()) {
    if (!isTouchable(place.beside) || isRefused(place)) continue;
    const answer = answerFor(place);
    const badge = badgeAt(place) ?? put(place);
    used.add(badge);
    placed.set(badge, { place, answer });
    badgeBeside.set(place.anchor.closest("a, button") ?? place.anchor, badge);
    setAttributes(badge, place, answer);
    drawBadge(badge, drawingOf(place, answer));
  }
  for (const [badge, { place }] of placed) {
    if (used.has(badge)) continue;
    // An emptied card keeps its badge, hidden: it is filled again with the same model, or with another.
    if (place.surface === "cards" && badge.isConnected) blankBadge(badge);
    else {
      badge.remove();
      placed.delete(badge);
    }
  }
  dimLocked(settings.dim);
  tellCount();
  setTimer();
}

/** @returns {Place[]} */
function findPlaces() {
  const places = [];
  const model = modelOnShow();
  if (model) {
    answerFor({ model: model.model, version: null });
    const page = facts.model?.modelId === model.model ? facts.model : null;
    const known = models.get(model.model)?.answer ?? (waitsLong(model.model) ? asWaiting(page) : null);
    if (known) places.push(...placesOfModel(model, known, page));
  }
  counts.links = 0;
  counts.listed = [];
  for (const link of document.querySelectorAll(LINKS)) {
    const place = placeOf(link);
    if (!place) continue;
    counts.links += 1;
    if (place !== "listed") places.push(place);
    else counts.listed.push(/** @type {Target} */ (readLink(link.getAttribute("href"), location.href)));
  }
  const saves = /** @type {any} */ (navigator).connection?.saveData;
  return places.filter(({ surface }) => settings.surfaces[surface] && !(saves && surface === "cards"));
}

/** What is said of a model while its answer is awaited: names without states. @param {PageModel | null} page @returns {ModelAnswer | null} */
function asWaiting(page) {
  if (!page) return null;
  const versions = page.versions.map(({ versionId, versionName }) => ({
    ...unknown(versionId, page.modelId, null),
    versionName,
  }));
  return { modelId: page.modelId, modelName: page.modelName, error: null, versions };
}

/** @param {Place} place @returns {HTMLElement | null} */
function badgeAt({ beside, how, surface }) {
  const near = how === "after" ? beside.nextElementSibling : beside.querySelector(`:scope > ${BADGE}`);
  return near instanceof HTMLElement && near.localName === BADGE && near.dataset.surface === surface
    ? near
    : null;
}

/** @param {Place} place */
function put({ beside, how, surface }) {
  const badge = makeBadge(surface);
  if (surface === "images")
    badge.style.setProperty("--gap", getComputedStyle(beside).columnGap.replace("normal", "0px"));
  if (surface === "blocks") badge.dataset.fit = fitOf(beside);
  if (how === "after") beside.after(badge);
  else beside.append(badge);
  return badge;
}

/** Where in a block link there is room: in its flow, in its corner, or on its edge for the mark alone. @param {Element} link */
function fitOf(link) {
  if (getComputedStyle(link).position === "static") return "flow";
  return link.getBoundingClientRect().height < 60 ? "edge" : "corner";
}

/** @param {HTMLElement} badge @param {Place} place @param {VersionAnswer | null} answer */
function setAttributes(badge, { model, version }, answer) {
  const [modelId, versionId] = [model ?? answer?.modelId, version ?? answer?.versionId];
  for (const [name, id] of /** @type {const} */ ([
    ["data-model-id", modelId],
    ["data-version-id", versionId],
  ])) {
    if (!id) badge.removeAttribute(name);
    else if (badge.getAttribute(name) !== `${id}`) badge.setAttribute(name, `${id}`);
  }
}

/** @param {Place} place @param {VersionAnswer | null} told @returns {Drawing} */
function drawingOf({ surface, model, version }, told) {
  const answer = told ?? (stopped ? unknown(version, model, STOPPED) : null);
  if (!answer) return { state: "pending", words: null, drawn: false, more: "" };
  const isQuiet = surface === "cards" || surface === "blocks" || surface === "text";
  const { state } = answer;
  const drawn =
    !isQuiet ||
    ["locked", "trial", "yours", "off"].includes(state) ||
    (state === "open" && settings.showOpen);
  const words = wordsOf(
    stopped && state === "unknown" ? { ...answer, error: STOPPED } : answer,
    viewer,
    t,
    Date.now(),
  );
  const more = isQuiet ? othersOf(model, answer) : stopped && surface === "title" ? t("reloadPage") : "";
  return surface === "title"
    ? { state, words, drawn, more, sizes: sizesOf(model) }
    : { state, words, drawn, more };
}

/** All that the title may come to say: the words of any version. @param {number | null} model */
function sizesOf(model) {
  const versions = models.get(model ?? 0)?.answer.versions ?? [];
  return [...new Set(versions.map((version) => wordsOf(version, viewer, t, Date.now()).short))];
}

/** @type {Trouble} */
const STOPPED = { code: "STOPPED", status: null, message: "", askAgainAt: Number.POSITIVE_INFINITY };

/** What the same reply tells of the model's other versions. @param {number | null} model @param {VersionAnswer} answer */
function othersOf(model, { versionId }) {
  const versions = models.get(model ?? 0)?.answer.versions ?? [];
  const locked = versions.filter(({ state }) => state === "locked" || state === "trial").length;
  if (versions.length < 2 || locked === 0) return "";
  const free = versions.find((one) => one.state === "open" && one.versionId !== versionId);
  return [
    t("lockedVersions", `${locked}`, `${versions.length}`),
    free ? t("hasNoLock", isolated(free.versionName ?? "")) : "",
  ]
    .filter(Boolean)
    .join(". ");
}

/**
 * Right after each change of the page, before anything is painted: a badge whose place says another thing now shows
 * nothing, until the pass that follows.
 */
function sweep() {
  for (const [badge, { place }] of placed) {
    const { surface, anchor, beside, text } = place;
    const lies = surface !== "cards" || beside.contains(anchor);
    const holds = lies && anchor.isConnected && beside.isConnected && anchorText(anchor) === text;
    if (holds || !badge.isConnected || badge.hidden) continue;
    blankBadge(badge);
    schedulePass();
  }
}

/** Where the page took our element away, and when. @type {WeakMap<Node, number[]>} */
const refusals = new WeakMap();
/** @type {WeakSet<Node>} */
let refusing = new WeakSet();

/** Three times within two seconds: it is not wanted there. @param {MutationRecord[]} records */
function noteRefusals(records) {
  const targets = new Set(records.filter(takesOurs).map(({ target }) => target));
  const now = Date.now();
  for (const target of targets) {
    const times = [...(refusals.get(target) ?? []), now].filter((time) => now - time < 2000);
    refusals.set(target, times);
    if (times.length < 3) continue;
    refusing.add(target);
    counts.keptOut += 1;
  }
}

/** @param {MutationRecord} record */
function takesOurs({ removedNodes }) {
  return [...removedNodes].some(
    (node) => node instanceof HTMLElement && placed.has(node) && node.localName === BADGE,
  );
}

/** @param {Place} place */
function isRefused({ beside, how }) {
  const into = how === "after" ? beside.parentNode : beside;
  return into !== null && refusing.has(into);
}

/** A new page is another chance. */
function forgetRefusals() {
  refusing = new WeakSet();
  counts.keptOut = 0;
}
