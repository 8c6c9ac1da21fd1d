// What the marks mean, drawn as they are drawn everywhere.

import { badgeOf } from "../src/badge/badge.js";
import { BADGE, drawBadge } from "../src/badge/draw.js";

/** @type {[import("../src/badge/badge.js").BadgeFacts, string][]} */
const meanings = [
  [{ state: "open" }, "No gate: nobody has to pay or wait for it."],
  [{ state: "free" }, "Downloading it is paid, or not open yet; generating is free."],
  [
    { state: "trial", trials: 10 },
    "That many generations are free. How many you have left, only Civitai knows.",
  ],
  [{ state: "yours", by: "user" }, "Gated for others; this user bought it, was given it, or made it."],
  [{ state: "gated", gate: "paid" }, "Early access or paid, and what is free is not known."],
  [{ state: "locked" }, "Nothing is free: it is paid, private, or opens later."],
  [{ state: "off" }, "Civitai does not offer generation with it; buying it would not help."],
  [{ state: "unknown" }, "No reliable answer. The reason stands beside it."],
];

/** @param {HTMLElement} list */
export function drawLegend(list) {
  for (const [facts, meaning] of meanings) {
    const entry = document.createElement("div");
    const term = document.createElement("dt");
    const badge = document.createElement(BADGE);
    drawBadge(badge, {
      ...badgeOf(facts, { mode: "user" }, "en", 0),
      label: badgeOf(facts, { mode: "user" }, "en", 0).text,
    });
    term.append(badge);
    entry.append(term, Object.assign(document.createElement("dd"), { textContent: meaning }));
    list.append(entry);
  }
}
