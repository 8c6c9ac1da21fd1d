// The parts of the README that scripts write, between a pair of comments.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { Stop } from "./run.mjs";

const readme = join(root, "README.md");

/** @param {string} name @returns {Promise<string>} its present text */
export async function part(name) {
  const [, inner] = split(await readFile(readme, "utf8"), name);
  return inner.trim();
}

/** @param {string} name @param {string} text the new text */
export async function writePart(name, text) {
  const [before, , after] = split(await readFile(readme, "utf8"), name);
  await writeFile(readme, `${before}\n${text}\n${after}`);
}

/** @param {string} text @param {string} name @returns {[string, string, string]} */
function split(text, name) {
  const [start, end] = [`<!-- ${name}: written by \`npm run ${name} -- --write\` -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) {
    throw new Stop(`README.md lacks the lines between which this goes:\n\n${start}\n${end}\n`);
  }
  return [text.slice(0, from + start.length), text.slice(from + start.length, to), text.slice(to)];
}

/**
 * A table with its columns of numbers aligned right.
 * @param {string[]} head
 * @param {string[][]} rows
 */
export function markdownTable(head, rows) {
  const line = (/** @type {string[]} */ cells) => `| ${cells.join(" | ")} |`;
  const rules = head.map((_, column) =>
    rows.every((row) => /^[\d,]+$/.test(row[column] ?? "")) ? "---:" : "---",
  );
  return [line(head), line(rules), ...rows.map(line)].join("\n");
}
