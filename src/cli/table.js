// The table for people, and the line that shows the progress.

import { styleText } from "node:util";
import { opensWords, reasonWords, summaryWords, usableWords } from "../report/list.js";

/** @typedef {import("../js/types.js").Explanation} Explanation */
/** @typedef {{ isTTY?: boolean, columns?: number, write: (text: string) => unknown }} Output */

const HEAD = ["version", "model", "name", "can I use it", "reason", "opens"];
const MODEL = 1;
/** A name keeps so many columns, however narrow the terminal is. */
const LEAST_NAME = 12;

/**
 * Where the terminal is too narrow, the model's number and the exact date are left out, and then names are cut.
 *
 * @param {readonly Explanation[]} explanations
 * @param {number} now
 * @param {{ width: number | null, colours: boolean }} terminal `width: null`: nothing is left out
 */
export function toTable(explanations, now, { width, colours }) {
  const room = width ?? Number.POSITIVE_INFINITY;
  const whole = [HEAD, ...explanations.map((one) => cells(one, now, printable(nameOf(one))))];
  const fits = widthsOf(whole).reduce(added) <= room;
  const [head = [], ...rows] = fits ? whole : narrowed(explanations, now, room);
  const widths = widthsOf([head, ...rows]);
  const usable = head.indexOf("can I use it");

  const paint = (/** @type {Style} */ style, /** @type {string} */ text) =>
    colours ? styleText(style, text, { validateStream: false }) : text;
  const line = (/** @type {readonly string[]} */ row, /** @type {(at: number) => Style | null} */ style) =>
    row
      .map((cell, at) => {
        const text = at === row.length - 1 ? cell : filled(cell, widths[at] ?? 0);
        const painted = style(at);
        return painted ? paint(painted, text) : text;
      })
      .join("  ")
      .trimEnd();
  const lines = [
    line(head, () => "dim"),
    ...rows.map((row, nth) => line(row, (at) => (at === usable ? styleOf(explanations[nth]) : null))),
  ];
  return `${lines.map((line) => `${line}\n`).join("")}\n${summaryWords(explanations, now)}\n`;
}

/** The table for a terminal that is narrower than all of it. @param {readonly Explanation[]} explanations @param {number} now @param {number} room */
function narrowed(explanations, now, room) {
  const shortened = (/** @type {number} */ most) => [
    HEAD.toSpliced(MODEL, 1),
    ...explanations.map((one) => {
      const row = cells(one, now, printable(nameOf(one, most))).toSpliced(MODEL, 1);
      return [...row.slice(0, -1), opensWords(one, now, "en-GB")?.relative ?? ""];
    }),
  ];
  const widths = widthsOf(shortened(0));
  const others = widths.reduce(added) - (widths[1] ?? 0);
  return shortened(Math.max(LEAST_NAME, room - others));
}

/** @typedef {"green" | "red" | "yellow" | "dim"} Style */

/** @param {Explanation | undefined} explanation @returns {Style} */
function styleOf(explanation) {
  return explanation?.usable ? "green" : explanation?.usable === false ? "red" : "yellow";
}

/** @param {Explanation} explanation @param {number} now @param {string} name */
function cells(explanation, now, name) {
  const { entityId, modelId } = explanation;
  const opens = opensWords(explanation, now, "en-GB");
  return [
    `${entityId}`,
    modelId === null ? "" : `${modelId}`,
    name,
    usableWords(explanation),
    reasonWords(explanation),
    opens ? `${opens.relative} (${opens.exact})` : "",
  ].map(printable);
}

/**
 * The model's name and the version's. Where that is too long the model's is cut first: it stands in other rows as well.
 *
 * @param {Explanation} explanation @param {number} [most]
 */
function nameOf({ modelName, versionName }, most = Number.POSITIVE_INFINITY) {
  const version = versionName ? ` · ${versionName}` : "";
  const model = cut(modelName ?? "", Math.max(LEAST_NAME / 2, most - widthOf(version)));
  return cut(modelName ? `${model}${version}` : (versionName ?? ""), most);
}

/** A creator's words may hold what moves a terminal's cursor or turns the text. @param {string} text */
function printable(text) {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "");
}

/** @param {string} text @param {number} most */
function cut(text, most) {
  if (widthOf(text) <= most) return text;
  const letters = [...text];
  while (letters.length > 0 && widthOf(letters.join("")) > most - 1) letters.pop();
  return `${letters.join("")}…`;
}

/** @param {string} text @param {number} width */
const filled = (text, width) => text + " ".repeat(width - widthOf(text));

/** How wide each column has to be. @param {readonly (readonly string[])[]} rows */
const widthsOf = ([head = [], ...rows]) =>
  head.map((cell, at) => Math.max(...[cell, ...rows.map((row) => row[at] ?? "")].map(widthOf)));

/** Two blanks stand between columns. @param {number} sum @param {number} width */
const added = (sum, width) => sum + 2 + width;

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
