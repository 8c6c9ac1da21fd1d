// Puts the wasm together out of what scripts/lib/streams.mjs took it apart into: like beside like, which compresses
// to an eighth less than the same bytes in their order. It runs once, before anything is warm: so plain loops.

/**
 * Texts whose characters are numbers, greater by `SHIFT`.
 *
 * @typedef {object} Streams
 * @property {number} size of the code section's content, in bytes
 * @property {string} before the bytes up to the code section, as they are
 * @property {string} after the bytes behind it
 * @property {string} locals how many functions; of each how many groups of locals, and each group's length and type
 * @property {string} order which instruction comes next: its place in `kinds`
 * @property {[code: number, ...immediates: (number | string)[]][]} kinds the instructions, and what follows each of
 *   them: a byte that is always the same, or a text with a number for each time; of a negative code, so many bytes
 */

/** Small numbers become letters, which need no escape in a string. */
export const SHIFT = 36;
/** Added to constants, so that the frequent negative ones are small numbers too. */
export const CONST_SHIFT = 64;
/** Locals that count as used when a function begins; others have their own number behind those. */
export const SOME_LOCALS = 16;

// Of the binary format (WebAssembly 2.0, §5.4 and §5.5.2) what has to be told apart.
export const CODE_SECTION = 10;
export const END = 0x0b;
export const I32_CONST = 0x41;
/** @param {number} code block, loop or if */
export const opens = (code) => code >= 2 && code <= 4;
/** @param {number} code local.get, local.set or local.tee */
export const isOfLocal = (code) => code >= 0x20 && code <= 0x22;

/** @param {Streams} streams */
export function assemble({ size, before, after, locals, order, kinds }) {
  const head = [CODE_SECTION, ...leb(size)];
  const wasm = new Uint8Array(before.length + head.length + size + after.length);
  let at = 0;
  /** @param {ArrayLike<number>} bytes */
  const add = (bytes) => {
    wasm.set(bytes, at);
    at += bytes.length;
  };
  add(bytesOf(before));
  add(head);
  const streams = { locals: stream(locals), order: stream(order), kinds: kinds.map(instruction) };
  const count = read(streams.locals);
  add(leb(count));
  for (let left = count; left > 0; left--) {
    const body = functionOf(streams);
    add(leb(body.length));
    add(body);
  }
  add(bytesOf(after));
  return wasm;
}

/** @typedef {{ text: string, at: number }} Stream */
/** @param {string} text @returns {Stream} */
const stream = (text) => ({ text, at: 0 });
/** @param {Streams["kinds"][0]} kind */
const instruction = ([code, ...immediates]) => ({
  code,
  immediates: immediates.map((immediate) => (typeof immediate === "string" ? stream(immediate) : immediate)),
});

/** @param {{ locals: Stream, order: Stream, kinds: ReturnType<typeof instruction>[] }} streams */
function functionOf({ locals, order, kinds }) {
  const groups = read(locals);
  const body = leb(groups);
  for (let numbers = 2 * groups; numbers > 0; numbers--) leb(read(locals), body);
  // The locals, the last used first: mostly it is one of those again. Which ones a function has is not known here.
  const recent = [...Array(SOME_LOCALS).keys()];
  for (let depth = 1; depth > 0; ) {
    const { code, immediates } = /** @type {ReturnType<typeof instruction>} */ (kinds[read(order)]);
    body.push(code < 0 ? -code : code);
    for (let place = 0; place < immediates.length; place++) {
      const from = /** @type {number | Stream} */ (immediates[place]);
      if (typeof from === "number") {
        body.push(from);
        continue;
      }
      const number = read(from);
      if (code < 0) for (let left = number; left > 0; left--) body.push(read(from));
      else if (code === I32_CONST) signedLeb(number - CONST_SHIFT, body);
      else if (isOfLocal(code)) {
        const local = recent[number] ?? number - recent.length;
        if (number >= recent.length) recent.push(local);
        recent.copyWithin(1, 0, number);
        recent[0] = local;
        leb(local, body);
      } else leb(number, body);
    }
    if (opens(code)) depth++;
    else if (code === END) depth--;
  }
  return body;
}

/** The next number. @param {Stream} stream */
function read(stream) {
  const character = /** @type {number} */ (stream.text.codePointAt(stream.at));
  stream.at += character > 0xffff ? 2 : 1;
  return character - SHIFT;
}

/** @param {string} text */
const bytesOf = (text) => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** As LEB128: seven bits a byte, the low ones first. @param {number} number @param {number[]} [out] */
function leb(number, out = []) {
  let left = number;
  for (; left > 127; left >>>= 7) out.push((left & 127) | 128);
  out.push(left);
  return out;
}

/** @param {number} number @param {number[]} out */
function signedLeb(number, out) {
  let left = number;
  for (; left < -64 || left > 63; left >>= 7) out.push((left & 127) | 128);
  out.push(left & 127);
}
