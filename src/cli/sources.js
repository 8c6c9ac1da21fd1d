// What the arguments name: ids, links and AIRs by themselves, files and standard input by what stands in them.

import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { readEntry, readText } from "../report/read.js";
import { UsageError } from "./arguments.js";

/** @typedef {import("../js/types.js").Resource} Resource */
/** @typedef {typeof import("../js/index.js")} Module */

/**
 * @param {readonly string[]} sources
 * @param {Module} module
 * @param {import("node:stream").Readable} stdin
 * @returns {Promise<Resource[]>} in order of first mention
 */
export async function readSources(sources, module, stdin) {
  const lists = [];
  for (const [index, source] of sources.entries()) {
    if (source === "-") lists.push(readText(textOf(await buffer(stdin), "standard input"), module));
    else lists.push(await readSource(source, index, module));
  }
  return lists.flat();
}

/** @param {string} source @param {number} index @param {Module} module @returns {Promise<Resource[]>} */
async function readSource(source, index, module) {
  const named = readEntry(source, module);
  if (named) return [named];
  const bytes = await readFile(source).catch((error) => {
    throw new UsageError(refusal(source, index, module, error), { cause: error });
  });
  return readText(textOf(bytes, "the file"), module);
}

/**
 * Why an argument is nothing that can be checked. It is not quoted: it may be a token, or hold one.
 *
 * @param {string} source @param {number} index @param {Module} module @param {NodeJS.ErrnoException} error of reading it as a file
 */
function refusal(source, index, module, { code }) {
  const place = `argument ${index + 1}`;
  if (code !== "ENOENT") return `${place} names a file that cannot be read (${code})`;
  try {
    module.parseEntityId(source);
  } catch (error) {
    const { reason } = /** @type {{ reason?: string }} */ (error);
    if (reason === "OUT_OF_RANGE") return `${place} is no id: an id is from 1 to 2147483647`;
    if (reason === "OTHER_SITE") return `${place} is a link to another site than civitai.com`;
    if (reason === "OTHER_SOURCE") return `${place} is an AIR of another source than civitai`;
  }
  return `${place} is neither an id, a link or an AIR of Civitai's, nor a file that exists`;
}

/** @param {Buffer} bytes @param {string} name */
function textOf(bytes, name) {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes.includes(0))
    throw new UsageError(`${name} is not text; the demo page reads the generation data of images`);
  return new TextDecoder().decode(bytes);
}
