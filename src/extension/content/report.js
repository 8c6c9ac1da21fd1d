// What this page reports to the popup and to the toolbar icon.

import { allModels, known, modelAnswer } from "./answers.js";
import { isPlaceNear, isShown } from "./draw/attach.js";
import { modelOnShow } from "./find/model-page.js";
import { send } from "./send.js";
import { state } from "./state.js";

/** @typedef {import("./find/places.js").Place} Place */
/** @typedef {import("../protocol.js").Trouble} Trouble */
/** @typedef {import("../protocol.js").VersionAnswer} VersionAnswer */
/** @typedef {import("../settings.js").Surface} Surface */

export function report() {
  const links = linksNear();
  const shown = links.filter(isShown);
  const onShow = modelOnShow();
  const images = shown.filter(({ surface }) => surface === "images");
  return {
    ok: true,
    viewer: state.viewer,
    session: state.facts.session !== null,
    asPublic: state.asPublic,
    model: onShow ? modelAnswer(onShow.model) : null,
    links: shown.length + state.listed.length + state.lost,
    checked: shown.filter(known).length + state.listed.filter(known).length,
    off: links.length - shown.length,
    lost: state.lost,
    locked: shown.filter((place) => known(place)?.state === "locked").length,
    ...lostOfModel(onShow?.model ?? 0),
    listed: state.listed.flatMap((target) => known(target) ?? []),
    found: foundBySurface(),
    keptOut: state.keptOut,
    images: { usable: images.filter((place) => isUsable(known(place))).length, all: images.length },
    soon: soonest(),
    begunWithout: state.begunWithout,
    stopped: state.stopped,
    trouble: firstTrouble(shown),
    host: location.host,
  };
}

/** Whether the title of the model on show was not found, and how many of its version buttons were not. @param {number} id */
function lostOfModel(id) {
  const model = modelAnswer(id);
  if (!model || model.error || !model.modelName) return { titleLost: false, versionsLost: 0 };
  const { surfaces } = state.settings;
  const foundOn = (/** @type {Surface} */ wanted) =>
    state.ofModel.filter(({ surface }) => surface === wanted).length;
  const count = model.versions.length;
  return {
    titleLost: surfaces.title && foundOn("title") === 0,
    // Where there is one version, the title says all.
    versionsLost: surfaces.versions && count > 1 ? count - foundOn("versions") : 0,
  };
}

/** The links that are asked about. Those far from the viewport are found, and asked about later. @returns {Place[]} */
function linksNear() {
  return state.places.filter(
    (place) => place.surface !== "title" && place.surface !== "versions" && isPlaceNear(place),
  );
}

/** @returns {Partial<Record<Surface, { links: number, checked: number }>>} */
function foundBySurface() {
  /** @type {Partial<Record<Surface, { links: number, checked: number }>>} */
  const found = {};
  for (const place of state.places) {
    const counts = found[place.surface] ?? { links: 0, checked: 0 };
    found[place.surface] = counts;
    counts.links += 1;
    if (known(place)) counts.checked += 1;
  }
  return found;
}

/** @param {VersionAnswer | null} answer */
function isUsable(answer) {
  return answer !== null && ["open", "free", "trial", "yours"].includes(answer.state);
}

/** What opens soon, of all that this document has seen. */
function soonest() {
  const now = Date.now();
  const timed = allModels().flatMap(({ modelId, modelName, versions }) =>
    versions
      .filter(({ endsAt }) => endsAt && Date.parse(endsAt) > now)
      .map((version) => ({ modelId, modelName, version })),
  );
  return timed
    .sort((a, b) => Date.parse(a.version.endsAt ?? "") - Date.parse(b.version.endsAt ?? ""))
    .slice(0, 8);
}

/** @param {Place[]} places @returns {Trouble | null} */
function firstTrouble(places) {
  const title = state.places.filter(({ surface }) => surface === "title");
  for (const place of [...title, ...places]) {
    const answer = known(place);
    if (answer?.state === "unknown" && answer.error) return answer.error;
  }
  return null;
}

let sentCount = -1;

/** The locked links, on the toolbar icon. */
export function sendCount() {
  const links = [...state.placed.values()].filter(
    ({ place }) => place.surface !== "title" && place.surface !== "versions",
  );
  const locked = links.filter(({ answer }) => answer?.state === "locked").length;
  if (locked === sentCount || state.stopped) return;
  sentCount = locked;
  send({ kind: "count", locked });
}

/** The browser may have cleared it, as it does while a page lies in the back/forward cache. */
export function sendCountAgain() {
  sentCount = -1;
  sendCount();
}
