// Draws every state, as an extension's content script would: into plain elements.

import "../../src/badge/words/all.js";
import { badgeOf } from "../../src/badge/badge.js";
import { BADGE, drawBadge, dressBadge, faceOf } from "../../src/badge/draw.js";
import { watchTips } from "../../src/badge/tip.js";

const lang = new URLSearchParams(location.search).get("lang") ?? "en";
const now = Date.now();
const endsAt = new Date(now + 5 * 86_400_000).toISOString();

/** @type {Partial<import("../../src/badge/badge.js").BadgeFacts>[]} */
const facts = [
  { state: "open", gate: "none" },
  { state: "free", gate: "paid" },
  { state: "trial", gate: "earlyAccess", endsAt, trials: 10 },
  { state: "locked", gate: "earlyAccess", endsAt, trials: 0 },
  { state: "gated", gate: "earlyAccess", endsAt },
  { state: "yours", by: "own" },
  { state: "off", gate: "none" },
  { state: "unknown", error: { code: "NETWORK" } },
  { state: "pending" },
];

/** @param {Partial<import("../../src/badge/badge.js").BadgeFacts>} more @param {string} place @param {boolean} [compact] */
function put(more, place, compact = false) {
  const host = document.createElement(BADGE);
  host.toggleAttribute("data-compact", compact);
  dressBadge(host, ".placing { color: inherit; }");
  const versionName = "A_version_name_that_is_long_and_has_no_space_to_break_at_illustriousXL_bakedVAE";
  drawBadge(
    host,
    badgeOf({ versionName, asOf: now, ...more, state: more.state ?? "open" }, { mode: "public" }, lang, now),
  );
  document.getElementById(place)?.append(host);
  return host;
}

for (const one of facts) put(one, "faces");
for (const one of facts) put(one, "marks", true);
/** @type {Record<string, HTMLElement>} */
const beside = {
  "near-link": put({ state: "locked", gate: "paid" }, "near"),
  "far-link": put({ state: "free", gate: "paid" }, "far-place"),
};

watchTips({
  document,
  badgeAt(x, y) {
    const top = document.elementFromPoint(x, y);
    const badge = top?.closest(BADGE);
    return badge instanceof HTMLElement && faceOf(badge) ? badge : null;
  },
  badgeOf: (focused) => beside[focused.id] ?? null,
});
document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape") document.documentElement.dataset.escaped = "";
});
document.documentElement.dataset.ready = "";
