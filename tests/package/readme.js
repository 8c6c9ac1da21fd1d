// The README, as the tests read it.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../helpers/repository.js";

const readme = await readFile(join(root, "README.md"), "utf8");

/** What stands under a heading; without one, the first screen. @param {string} [title] */
export function section(title) {
  const sections = readme.split(/^## /m);
  const found = title ? sections.find((text) => text.startsWith(`${title}\n`)) : sections[0];
  if (found === undefined) throw new Error(`README.md has no section "${title}"`);
  return found;
}

/** The blocks of code in a language. @param {string} text @param {string} language */
export function blocks(text, language) {
  const block = new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, "gm");
  return [...text.matchAll(block)].map(([, code = ""]) => code);
}

/** The rows of the table whose head begins so. @param {string} text @param {string} head */
export function rows(text, head) {
  const lines = text.split("\n");
  const first = lines.findIndex((line) => line.startsWith(`| ${head} |`));
  if (first < 0) throw new Error(`README.md has no table "${head}"`);
  const end = lines.findIndex((line, nth) => nth > first && !line.startsWith("|"));
  // A `|` in code is written `\|`.
  return lines.slice(first + 2, end).map((line) =>
    line
      .slice(2, -2)
      .split(/ (?<!\\)\| /)
      .map((cell) => cell.replaceAll("\\|", "|")),
  );
}

/** The words that stand as code in prose. @param {string} text */
export function codes(text) {
  const prose = text.replaceAll(/^```[\s\S]*?^```$/gm, "");
  return [...prose.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
}
