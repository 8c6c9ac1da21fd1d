// What the popup and the toolbar icon are told of this page.

/** How the pages were begun: by the announcer, or without it. */
let begunWithout = false;

function report() {
  const places = [...placed.values()];
  const links = places.filter(({ place }) => place.surface !== "title" && place.surface !== "versions");
  const onShow = modelOnShow();
  const model = onShow ? (models.get(onShow.model)?.answer ?? null) : null;
  const images = links.filter(({ place }) => place.surface === "images");
  return {
    ok: true,
    viewer,
    session: facts.session !== null,
    asPublic,
    model,
    links: counts.links,
    badged:
      links.filter(({ answer }) => answer).length + counts.listed.filter((one) => answerFor(one)).length,
    listed: counts.listed.flatMap((one) => answerFor(one) ?? []),
    keptOut: counts.keptOut,
    images: { usable: images.filter(({ answer }) => isUsable(answer)).length, all: images.length },
    soon: soonest(),
    begunWithout,
    stopped,
    trouble: firstTrouble(places),
  };
}

/** @param {VersionAnswer | null} answer */
function isUsable(answer) {
  return answer !== null && ["open", "trial", "yours"].includes(answer.state);
}

/** What opens soon, of all that this document has seen. */
function soonest() {
  const gated = [...models.values()].flatMap(({ answer }) =>
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
function tellCount() {
  const links = [...placed.values()].filter(
    ({ place }) => place.surface !== "title" && place.surface !== "versions",
  );
  const locked = links.filter(({ answer }) => answer?.state === "locked").length;
  if (locked === toldCount || stopped) return;
  toldCount = locked;
  send({ kind: "count", locked });
}
