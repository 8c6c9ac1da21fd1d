// What the popup and the toolbar icon are told of this page.

import { answerFor } from "./ask.js";
import { modelOnShow } from "./find/model-page.js";
import { send } from "./send.js";
import { state } from "./state.js";

/** @typedef {import("./state.js").Placed} Placed */
/** @typedef {import("../protocol.js").Trouble} Trouble */
/** @typedef {import("../protocol.js").VersionAnswer} VersionAnswer */

export function report() {
  const places = [...state.placed.values()];
  const links = places.filter(({ place }) => place.surface !== "title" && place.surface !== "versions");
  const onShow = modelOnShow();
  const model = onShow ? (state.models.get(onShow.model)?.answer ?? null) : null;
  const images = links.filter(({ place }) => place.surface === "images");
  return {
    ok: true,
    viewer: state.viewer,
    session: state.facts.session !== null,
    asPublic: state.asPublic,
    model,
    links: state.counts.links,
    badged:
      links.filter(({ answer }) => answer).length +
      state.counts.listed.filter((one) => answerFor(one)).length,
    listed: state.counts.listed.flatMap((one) => answerFor(one) ?? []),
    keptOut: state.counts.keptOut,
    images: { usable: images.filter(({ answer }) => isUsable(answer)).length, all: images.length },
    soon: soonest(),
    begunWithout: state.begunWithout,
    stopped: state.stopped,
    trouble: firstTrouble(places),
  };
}

/** @param {VersionAnswer | null} answer */
function isUsable(answer) {
  return answer !== null && ["open", "trial", "yours"].includes(answer.state);
}

/** What opens soon, of all that this document has seen. */
function soonest() {
  const gated = [...state.models.values()].flatMap(({ answer }) =>
    answer.versions
      .filter(({ endsAt }) => endsAt)
      .map((version) => ({ modelName: answer.modelName, version })),
  );
  return gated
    .sort((a, b) => Date.parse(a.version.endsAt ?? "") - Date.parse(b.version.endsAt ?? ""))
    .slice(0, 8);
}

/** @param {Placed[]} places @returns {Trouble | null} */
function firstTrouble(places) {
  return places.find(({ answer }) => answer?.error)?.answer?.error ?? null;
}

let toldCount = -1;

/** The locked links, on the toolbar icon. */
export function tellCount() {
  const links = [...state.placed.values()].filter(
    ({ place }) => place.surface !== "title" && place.surface !== "versions",
  );
  const locked = links.filter(({ answer }) => answer?.state === "locked").length;
  if (locked === toldCount || state.stopped) return;
  toldCount = locked;
  send({ kind: "count", locked });
}
