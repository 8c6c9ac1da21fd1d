// The states' marks, on a grid of 16 units: they differ by shape, also at 11 px and without colour.

/** A stroke; `fill`: a surface instead. @typedef {{ d: string, fill?: boolean }} Stroke */

const BODY =
  "M4 7.2h8c.9 0 1.5.6 1.5 1.5v4.3c0 .9-.6 1.5-1.5 1.5H4c-.9 0-1.5-.6-1.5-1.5V8.7c0-.9.6-1.5 1.5-1.5Z";

/** @type {Record<import("./badge.js").BadgeState, Stroke[]>} */
export const MARKS = {
  // A check mark.
  open: [{ d: "M2.8 8.6 6.4 12.2l6.8-8.2" }],
  // A padlock whose shackle stands open, its body empty.
  free: [{ d: BODY }, { d: "M8.6 7V4.6a2.8 2.8 0 0 1 5.4-1" }],
  // The same beside a clock.
  trial: [
    { d: "M6 14.2H3c-.9 0-1.5-.6-1.5-1.5V8.9c0-.9.6-1.5 1.5-1.5h6" },
    { d: "M3.6 7.2V4.7a2.6 2.6 0 0 1 5.1-.7" },
    { d: "M15 11.7a3.4 3.4 0 1 1-6.8 0 3.4 3.4 0 0 1 6.8 0ZM11.6 9.9v1.9l1.2.8" },
  ],
  // A padlock, shut, its body full.
  locked: [
    { d: "M5 7.5V4.9a3 3 0 0 1 6 0v2.6" },
    {
      d: "M4 6.8h8c.9 0 1.6.7 1.6 1.6v4.8c0 .9-.7 1.6-1.6 1.6H4c-.9 0-1.6-.7-1.6-1.6V8.4c0-.9.7-1.6 1.6-1.6Zm4 2.3a1.3 1.3 0 0 0-.7 2.4v1.3h1.4v-1.3A1.3 1.3 0 0 0 8 9.1Z",
      fill: true,
    },
  ],
  // A ticket: something has to be paid or waited for, and what is free is not known.
  gated: [
    { d: "M1.8 4.3h12.4v2a1.75 1.75 0 0 0 0 3.4v2H1.8v-2a1.75 1.75 0 0 0 0-3.4Z" },
    { d: "M9.6 6.3v.2M9.6 9.5v.2" },
  ],
  // A key.
  yours: [{ d: "M9 10.2a3.6 3.6 0 1 1 1.2-2.1h4.6v2.6M12.4 8.3v2" }],
  // A circle, struck through.
  off: [{ d: "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0ZM3.9 3.9l8.2 8.2" }],
  // A question mark.
  unknown: [{ d: "M5.3 5.7a2.7 2.7 0 1 1 4.2 2.2c-1 .7-1.5 1.1-1.5 2.2M8 13.2v.1" }],
  pending: [],
};

/**
 * @param {import("./badge.js").BadgeState} state
 * @param {Document} document
 * @returns {SVGElement}
 */
export function markOf(state, document) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("part", "mark");
  for (const { d, fill } of MARKS[state]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    path.setAttribute("class", fill ? "solid" : "line");
    svg.append(path);
  }
  return svg;
}

const SVG = "http://www.w3.org/2000/svg";
