// A zip archive whose bytes depend on its files alone: sorted, deflated, all of one date.

import { crc32, deflateRawSync } from "node:zlib";

/** The first moment that the format knows: 1980-01-01 00:00. */
const DATE = 0x00210000;
const UTF8_NAMES = 0x0800;
const DEFLATED = 8;
const VERSION = 20;

/**
 * @param {Map<string, Buffer>} files by path, with `/`
 * @returns {Buffer}
 */
export function zip(files) {
  const [entries, directory] = [/** @type {Buffer[]} */ ([]), /** @type {Buffer[]} */ ([])];
  let offset = 0;
  for (const [path, bytes] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const name = Buffer.from(path);
    const body = deflateRawSync(bytes, { level: 9 });
    const about = fields(
      [VERSION, 2],
      [UTF8_NAMES, 2],
      [DEFLATED, 2],
      [DATE, 4],
      [crc32(bytes), 4],
      [body.length, 4],
      [bytes.length, 4],
      [name.length, 2],
      [0, 2],
    );
    entries.push(fields([0x04034b50, 4]), about, name, body);
    // Comment, disk, attributes: none.
    directory.push(fields([0x02014b50, 4], [VERSION, 2]), about, Buffer.alloc(10), fields([offset, 4]), name);
    offset += 4 + about.length + name.length + body.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = fields(
    [0x06054b50, 4],
    [0, 4],
    [files.size, 2],
    [files.size, 2],
    [size, 4],
    [offset, 4],
    [0, 2],
  );
  return Buffer.concat([...entries, ...directory, end]);
}

/** @param {...[value: number, bytes: 2 | 4]} numbers */
function fields(...numbers) {
  const buffer = Buffer.alloc(numbers.reduce((sum, [, bytes]) => sum + bytes, 0));
  let at = 0;
  for (const [value, bytes] of numbers) at = buffer.writeUIntLE(value >>> 0, at, bytes);
  return buffer;
}
