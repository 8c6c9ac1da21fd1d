// What the page is given: text, and files whose text is taken.

import { keyOf, readText } from "../src/report/read.js";

/** @typedef {import("../src/js/types.js").Resource} Resource */
/** @typedef {{ name: string, texts: string[], picture: string | null }} Given a file; `picture`: an address to show it by */

/** Larger ones are no settings. */
const LARGEST = 64 * 2 ** 20;

/**
 * The texts of a file. It is read here and sent nowhere.
 *
 * @param {File} file
 * @returns {Promise<Given>} throws an Error that says what was wrong
 */
export async function readFile(file) {
  if (file.size > LARGEST) throw new Error(`${file.name} is larger than 64 MB.`);
  const isPicture = /^image\//.test(file.type) || /\.(png|jpe?g|webp)$/i.test(file.name);
  if (!isPicture) {
    const text = await file.text();
    if (text.includes("\0")) throw new Error(`${file.name} is neither text nor a PNG, JPEG or WebP picture.`);
    return { name: file.name, texts: [text], picture: null };
  }
  // Held in a variable: the built file has no types.
  const built = "../pkg/www/image.js";
  /** @type {typeof import("./image.js")} */
  const { textsOf } = await import(built);
  const texts = await textsOf(await file.arrayBuffer()).catch((cause) => {
    throw new Error(`${file.name} could not be read as a picture.`, { cause });
  });
  return { name: file.name, texts, picture: URL.createObjectURL(file) };
}

/**
 * What a text and files name, each once.
 *
 * @param {string} text
 * @param {readonly Given[]} files
 * @param {import("../src/report/read.js").Module} module
 * @returns {Resource[]}
 */
export function resourcesOf(text, files, module) {
  /** @type {Map<string, Resource>} */
  const found = new Map();
  for (const one of [text, ...files.flatMap(({ texts }) => texts)]) {
    for (const resource of readText(one, module)) {
      const key = keyOf(resource);
      if (!found.has(key)) found.set(key, resource);
    }
  }
  return [...found.values()];
}
