// The table for people, and the line that shows the progress.

import { styleText } from "node:util";
import { opensWords, reasonWords, summaryWords, usableWords } from "../report/list.js";

/** @typedef {import("../js/types.js").Explanation} Explanation */
/** @typedef {{ isTTY?: boolean, columns?: number, write: (text: string) => unknown }} Output */

const HEAD = ["version", "model", "name", "can I use it", "reason", "opens"];
const NAME = 2;

/**
 * @param {readonly Explanation[]} explanations
 * @param {number} now
 * @param {{ width: number | null, colours: boolean }} terminal `width: null`: nothing is cut
 */
export function toTable(explanations, now, { width, colours }) {
  const rows = explanations.map((one) => cells(one, now).map(printable));
  const widths = HEAD.map((head, at) =>
    Math.max(...[head, ...rows.map((row) => row[at] ?? "")].map(widthOf)),
  );
  const over = widths.reduce((sum, one) => sum + one + 2, -2) - (width ?? Number.POSITIVE_INFINITY);
  if (over > 0) widths[NAME] = Math.max(12, (widths[NAME] ?? 0) - over);
  const paint = (/** @type {Style} */ style, /** @type {string} */ text) =>
    colours ? styleText(style, text, { validateStream: false }) : text;
  const lines = rows.map((row, nth) =>
    row.map((cell, at) => {
      const text = padded(cell, widths[at] ?? 0, at === row.length - 1);
      return at === 3 ? paint(styleOf(explanations[nth]), text) : text;
    }),
  );
  const head = HEAD.map((cell, at) => paint("dim", padded(cell, widths[at] ?? 0, at === HEAD.length - 1)));
  return `${[head, ...lines].map((line) => `${line.join("  ").trimEnd()}\n`).join("")}\n${summaryWords(explanations, now)}\n`;
}

/** @typedef {"green" | "red" | "yellow" | "dim"} Style */

/** @param {Explanation | undefined} explanation @returns {Style} */
function styleOf(explanation) {
  return explanation?.usable ? "green" : explanation?.usable === false ? "red" : "yellow";
}

/** @param {Explanation} explanation @param {number} now */
function cells(explanation, now) {
  const { entityId, modelId, modelName, versionName } = explanation;
  const opens = opensWords(explanation, now, "en-GB");
  return [
    `${entityId}`,
    modelId === null ? "" : `${modelId}`,
    [modelName, versionName].filter(Boolean).join(" · "),
    usableWords(explanation),
    reasonWords(explanation),
    opens ? `${opens.relative} (${opens.exact})` : "",
  ];
}

/** A creator's words may hold what moves a terminal's cursor or turns the text. @param {string} text */
function printable(text) {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "");
}

/** Cut or filled up to a width; the last cell of a line is not filled. @param {string} text @param {number} width @param {boolean} isLast */
function padded(text, width, isLast) {
  let cut = text;
  if (widthOf(text) > width) {
    const letters = [...text];
    while (widthOf(letters.join("")) > width - 1) letters.pop();
    cut = `${letters.join("")}…`;
  }
  return isLast ? cut : cut + " ".repeat(width - widthOf(cut));
}

/** Columns of a terminal. @param {string} text */
function widthOf(text) {
  let width = 0;
  for (const letter of text) width += /\p{M}/u.test(letter) ? 0 : WIDE.test(letter) ? 2 : 1;
  return width;
}

/** East Asian letters and emoji take two columns. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/** Shows how far it is, where that is a terminal. */
export class Progress {
  #output;
  #shown = "";

  /** @param {Output} output */
  constructor(output) {
    this.#output = output.isTTY ? output : null;
  }

  /** @param {number} done @param {number} all */
  show(done, all) {
    const text = `${done} of ${all}`;
    if (!this.#output || text === this.#shown) return;
    this.#output.write(`\r${text}\u001b[K`);
    this.#shown = text;
  }

  end() {
    if (this.#shown) this.#output?.write("\r\u001b[K");
    this.#shown = "";
  }
}
