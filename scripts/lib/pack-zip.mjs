// A zip archive whose bytes depend on its files alone: sorted, all with the same date.

import { unzipSync, zipSync } from "fflate";

/** The first moment that the format can express, whatever the time zone: it stores local time. */
const DATE = new Date(1980, 0, 1);

/**
 * @param {Map<string, Uint8Array>} files by path, with `/`
 * @returns {Buffer}
 */
export function zip(files) {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(zipSync(Object.fromEntries(sorted), { level: 9, mtime: DATE }));
}

/** The files of an archive, by path. @param {Uint8Array} archive @returns {Map<string, Uint8Array>} */
export const unzip = (archive) => new Map(Object.entries(unzipSync(archive)));
