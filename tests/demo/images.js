// Small pictures with metadata where generators put it.

import { crc32, deflateSync } from "node:zlib";

/** @param {string} text @param {"utf8" | "latin1"} [encoding] */
const bytes = (text, encoding = "latin1") => Buffer.from(text, encoding);

/** @param {number} number */
function uint32(number) {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(number);
  return buffer;
}

/**
 * A PNG of one pixel.
 * @param {Record<string, string>} texts by keyword: tEXt, or iTXt where Latin-1 is not enough
 */
export function png(texts) {
  const chunk = (/** @type {string} */ type, /** @type {Buffer} */ data) => {
    const body = Buffer.concat([bytes(type), data]);
    return Buffer.concat([uint32(data.length), body, uint32(crc32(body))]);
  };
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0])),
    ...Object.entries(texts).map(([keyword, text]) =>
      // biome-ignore lint/suspicious/noControlCharactersInRegex: Latin-1 is what tEXt holds
      /^[\u0000-\u00ff]*$/.test(text)
        ? chunk("tEXt", bytes(`${keyword}\0${text}`))
        : chunk("iTXt", bytes(`${keyword}\0\0\0\0\0${text}`, "utf8")),
    ),
    chunk("IDAT", deflateSync(Buffer.from([0, 0]))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** EXIF with one UserComment, as "UNICODE". @param {string} text @param {"be" | "le"} order of the letters' bytes */
function exif(text, order) {
  const letters = Buffer.from(text, "utf16le");
  if (order === "be") letters.swap16();
  const comment = Buffer.concat([bytes("UNICODE\0"), letters]);
  const entry = (
    /** @type {number} */ tag,
    /** @type {number} */ type,
    /** @type {number} */ count,
    /** @type {number} */ value,
  ) => {
    const buffer = Buffer.alloc(12);
    buffer.writeUInt16BE(tag, 0);
    buffer.writeUInt16BE(type, 2);
    buffer.writeUInt32BE(count, 4);
    buffer.writeUInt32BE(value, 8);
    return buffer;
  };
  const one = Buffer.from([0, 1]);
  return Buffer.concat([
    ...[bytes("MM\0*"), uint32(8), one, entry(0x8769, 4, 1, 26), uint32(0)],
    ...[one, entry(0x9286, 7, comment.length, 44), uint32(0), comment],
  ]);
}

/** @param {string} text @param {"be" | "le"} [order] */
export function jpeg(text, order = "be") {
  const data = Buffer.concat([bytes("Exif\0\0"), exif(text, order)]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(data.length + 2);
  return Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe1]), length, data, Buffer.from([0xff, 0xd9])]);
}

/** @param {string} text */
export function webp(text) {
  const data = exif(text, "be");
  const uint32le = (/** @type {number} */ number) => uint32(number).swap32();
  const chunk = (/** @type {string} */ type, /** @type {Buffer} */ body) =>
    Buffer.concat([bytes(type), uint32le(body.length), body, Buffer.alloc(body.length % 2)]);
  const chunks = Buffer.concat([
    bytes("WEBP"),
    chunk("VP8X", Buffer.from([8, 0, 0, 0, 0, 0, 0, 0, 0, 0])),
    chunk("EXIF", data),
  ]);
  return Buffer.concat([bytes("RIFF"), uint32le(chunks.length), chunks]);
}
