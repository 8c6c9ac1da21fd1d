// The states' shapes, 16 units wide: told apart without colour.

/** @typedef {{ d: string, fill?: boolean, dash?: string }} Stroke */

/** @type {Record<string, Stroke[]>} */
const MARKS = {
  open: [{ d: "M3.2 8.6 6.6 12l6.2-7.6" }],
  locked: [
    { d: "M5.2 7V5.2a2.8 2.8 0 0 1 5.6 0V7" },
    {
      d: "M4.4 6.8h7.2c.8 0 1.4.6 1.4 1.4v4.6c0 .8-.6 1.4-1.4 1.4H4.4c-.8 0-1.4-.6-1.4-1.4V8.2c0-.8.6-1.4 1.4-1.4Zm3.6 2.1a1.2 1.2 0 0 0-.6 2.2v1.1h1.2v-1.1A1.2 1.2 0 0 0 8 8.9Z",
      fill: true,
    },
  ],
  trial: [
    { d: "M2.6 7.4V4.9a2.4 2.4 0 0 1 4.8 0" },
    { d: "M10 6.6H3.4c-.8 0-1.4.6-1.4 1.4v4.4c0 .8.6 1.4 1.4 1.4h2.2" },
    { d: "M14.4 10.8a3.4 3.4 0 1 1-6.8 0 3.4 3.4 0 0 1 6.8 0ZM11 8.9v2.1l1.3.9" },
  ],
  yours: [
    {
      d: "M10.6 8.2a2.7 2.7 0 1 0-2.7-2.7c0 .4.1.8.2 1.1L3 11.7v2h2.2v-1.6h1.6v-1.6l1.8-1.8c.6.3 1.3-.5 2-.5Z",
    },
  ],
  off: [{ d: "M13.4 8A5.4 5.4 0 1 1 2.6 8a5.4 5.4 0 0 1 10.8 0ZM4.2 4.2l7.6 7.6" }],
  unknown: [{ d: "M6.1 6.2a2 2 0 1 1 3 1.8c-.7.4-1.1.8-1.1 1.5M8 12.1v.2" }],
  pending: [],
};

/**
 * @param {string} state
 * @returns {SVGElement}
 */
export function markOf(state) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  for (const { d, fill } of MARKS[state] ?? []) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    path.setAttribute("fill-rule", "evenodd");
    path.setAttribute("class", fill ? "solid" : "line");
    svg.append(path);
  }
  return svg;
}

const SVG = "http://www.w3.org/2000/svg";
