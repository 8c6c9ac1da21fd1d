import { readFileSync } from "node:fs";
import vm from "node:vm";

/**
 * Loads content scripts into one scope, as the browser does, and gives what they declare.
 *
 * @param {string[]} files in `src/extension/content`
 * @param {string[]} names
 * @param {object} [scope] what the page would have
 * @returns {any}
 */
export function loadClassic(files, names, scope = {}) {
  const context = vm.createContext({ URL, Intl, ...scope });
  for (const file of files) {
    const path = new URL(`../../../src/extension/content/${file}`, import.meta.url);
    vm.runInContext(readFileSync(path, "utf8"), context, { filename: file });
  }
  return vm.runInContext(`({ ${names.join()} })`, context);
}
