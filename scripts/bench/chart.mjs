// The growth of time with the number of ids and of callers, as an SVG that follows the reader's colour scheme.

const [WIDTH, HEIGHT, LEFT, TOP, PANEL, GAP, TALL] = [880, 330, 84, 46, 330, 96, 220];

/** What each line is called, its colour in the light and in the dark scheme, and its dashes. */
const LINES = /** @type {const} */ ({
  bare: ["bare fetch", "#6b7280", "#9ca3af", "2 4"],
  rival: ["dataloader + ky", "#b45309", "#fbbf24", "7 4"],
  ours: ["civitai-permissions", "#1d4ed8", "#7dabff", ""],
});

/** @typedef {{ count: number, ours: number, rival: number, bare?: number }} Point */

/** @param {{ ids: Point[], callers: Point[] }} growth @returns {string} */
export function chart({ ids, callers }) {
  const colours = (/** @type {1 | 2} */ scheme) =>
    Object.entries(LINES)
      .map(([name, line]) => `.${name}{stroke:${line[scheme]}}.${name}-text{fill:${line[scheme]}}`)
      .join("");
  const style = `text{font:13px system-ui,sans-serif;fill:#374151}.title{font-weight:600}.grid{stroke:#d1d5db}path{fill:none;stroke-width:2.5}${colours(1)}
@media(prefers-color-scheme:dark){text{fill:#d1d5db}.grid{stroke:#374151}${colours(2)}}`;
  const most = Math.max(...[...ids, ...callers].flatMap(({ count: _, ...times }) => Object.values(times)));
  const top = Math.ceil(Math.log10(most));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Milliseconds by number of ids in a call, and by number of calls of one id each, at once">
<style>${style}</style>
${panel("ids in one call", ids, LEFT, top)}
${panel("calls of one id each, at once", callers, LEFT + PANEL + GAP, top)}
${legend()}
</svg>
`;
}

/** @param {string} title @param {Point[]} points @param {number} left @param {number} top the highest power of ten */
function panel(title, points, left, top) {
  const widest = Math.log10(points.at(-1)?.count ?? 10);
  const bottom = -1;
  const x = (/** @type {number} */ count) => round(left + (Math.log10(count) / widest) * PANEL);
  const y = (/** @type {number} */ ms) =>
    round(TOP + TALL - ((Math.max(Math.log10(ms), bottom) - bottom) / (top - bottom)) * TALL);
  const rows = Array.from({ length: top - bottom + 1 }, (_, index) => 10 ** (bottom + index));
  const grid = rows
    .map(
      (ms) =>
        `<line class="grid" x1="${left}" x2="${left + PANEL}" y1="${y(ms)}" y2="${y(ms)}"/><text x="${left - 8}" y="${y(ms) + 4}" text-anchor="end">${label(ms)} ms</text>`,
    )
    .join("");
  const columns = points
    .map(
      ({ count }) =>
        `<text x="${x(count)}" y="${TOP + TALL + 20}" text-anchor="middle">${label(count)}</text>`,
    )
    .join("");
  const lines = Object.entries(LINES)
    .filter(([name]) => points.every((point) => name in point))
    .map(([name, [, , , dashes]]) => {
      const path = points.map((point) => `${x(point.count)} ${y(point[/** @type {"ours"} */ (name)])}`);
      return `<path class="${name}" d="M${path.join("L")}"${dashes && ` stroke-dasharray="${dashes}"`}/>`;
    });
  return `<text class="title" x="${left}" y="${TOP - 18}">${title}</text>${grid}${columns}${lines.join("")}`;
}

function legend() {
  return Object.entries(LINES)
    .map(([name, [title, , , dashes]], index) => {
      const left = LEFT + index * 190;
      const line = `<path class="${name}" d="M${left} ${HEIGHT - 18}h34"${dashes && ` stroke-dasharray="${dashes}"`}/>`;
      return `${line}<text class="${name}-text" x="${left + 42}" y="${HEIGHT - 14}">${title}</text>`;
    })
    .join("");
}

/** @param {number} number */
const round = (number) => Math.round(number * 10) / 10;

/** @param {number} number */
const label = (number) => (number < 1 ? String(number) : number.toLocaleString("en"));
