// Bundled into pkg/www/image.js: reads the texts in a picture's metadata. The picture goes nowhere.

import ExifReader from "exifreader";

/**
 * The texts of PNG chunks, EXIF, XMP and comments: generators write their settings there.
 *
 * @param {ArrayBuffer} bytes of a PNG, JPEG or WebP
 * @returns {Promise<string[]>}
 */
export async function textsOf(bytes) {
  const tags = await ExifReader.load(bytes, { expanded: true, async: true, includeUnknown: true });
  /** @type {string[]} */
  const texts = [];
  for (const [group, members] of Object.entries(tags)) {
    if (group === "Thumbnail" || typeof members !== "object" || members === null) continue;
    for (const [name, tag] of Object.entries(members)) {
      const { value, description } = /** @type {{ value?: unknown, description?: unknown }} */ (tag ?? {});
      if (name === "UserComment" && Array.isArray(value)) texts.push(userComment(value));
      if (typeof description === "string" && description.length > 3) texts.push(description);
      if (typeof value === "string" && value !== description && value.length > 3) texts.push(value);
    }
  }
  return [...new Set(texts)];
}

/**
 * Eight letters name its encoding. Of "UNICODE" nothing says which way round; the letters of settings are Latin, so that
 * every other byte is zero.
 *
 * @param {readonly number[]} value
 */
function userComment(value) {
  const bytes = Uint8Array.from(value);
  const isUnicode = new TextDecoder("latin1").decode(bytes.subarray(0, 7)) === "UNICODE";
  const text = bytes.subarray(8);
  if (!isUnicode) return new TextDecoder().decode(text);
  const even = text.filter((byte, at) => at % 2 === 0 && byte === 0).length;
  const odd = text.filter((byte, at) => at % 2 === 1 && byte === 0).length;
  return new TextDecoder(even > odd ? "utf-16be" : "utf-16le").decode(text);
}
