// Takes a wasm module apart into texts, like beside like: what instructions come in which order, and, for each kind of
// them, what follows it. Brotli then finds what the binary format hides by mixing all that. `assemble` of src/js
// puts it together again.

import {
  CODE_SECTION,
  CONST_SHIFT,
  END,
  I32_CONST,
  isOfLocal,
  opens,
  SHIFT,
  SOME_LOCALS,
} from "../../src/js/assemble.js";
import { Stop } from "./run.mjs";

/** @typedef {import("../../src/js/assemble.js").Streams} Streams */

/** @param {Uint8Array} wasm @returns {Streams} */
export function streamsOf(wasm) {
  const read = new Reader(wasm, 8);
  const { before, end } = findCode(read);
  const locals = new Numbers();
  const kinds = new Kinds();
  const size = end - read.at;
  let left = read.leb();
  locals.push(left);
  for (; left > 0; left--) takeFunction(read, locals, kinds);
  if (read.at !== end) throw new Stop(`the code section ends at ${end}, its last function at ${read.at}`);
  return {
    size,
    before: text(before),
    after: text(wasm.subarray(end)),
    locals: locals.text,
    ...kinds.inOrder(),
  };
}

/** Reads up to the code section's content. @param {Reader} read */
function findCode(read) {
  for (;;) {
    const start = read.at;
    const section = read.byte();
    const end = read.leb() + read.at;
    if (section === CODE_SECTION) return { before: read.bytes.subarray(0, start), end };
    read.at = end;
  }
}

/** @param {Reader} read @param {Numbers} locals @param {Kinds} kinds */
function takeFunction(read, locals, kinds) {
  read.leb();
  const groups = read.leb();
  locals.push(groups);
  for (let numbers = 2 * groups; numbers > 0; numbers--) locals.push(read.leb());
  // The last used first.
  const recent = [...Array(SOME_LOCALS).keys()];
  for (let depth = 1; depth > 0; ) {
    const code = read.byte();
    const start = read.at;
    const always = fixed(code, read);
    const numbers = immediates(code, read);
    if (isOfLocal(code) && numbers) {
      const [local = 0] = numbers;
      const place = recent.indexOf(local);
      numbers[0] = place < 0 ? recent.length + local : place;
      if (place >= 0) recent.splice(place, 1);
      recent.unshift(local);
    }
    kinds.add(code, always, numbers, read.bytes.subarray(start, read.at));
    depth += Number(opens(code)) - Number(code === END);
  }
}

/** What belongs to the kind: a block's type, how memory is aligned. @param {number} code @param {Reader} read */
const fixed = (code, read) => (opens(code) || isOfMemory(code) ? [read.byte()] : []);

/** @param {number} code */
const isOfMemory = (code) => code >= 0x28 && code <= 0x3e;

/**
 * What follows an instruction (WebAssembly 2.0, §5.4).
 * @param {number} code @param {Reader} read
 * @returns {number[] | null} null: what is no row of numbers, or a rare one
 */
function immediates(code, read) {
  if (code === I32_CONST) return [read.signedLeb() + CONST_SHIFT];
  if ([0x0c, 0x0d, 0x10].includes(code) || (code >= 0x20 && code <= 0x26) || isOfMemory(code))
    return [read.leb()];
  if (code <= 0x05 || [END, 0x0f, 0x1a, 0x1b, 0xd1].includes(code) || (code >= 0x45 && code <= 0xc4))
    return [];
  if (code === 0x0e) for (let left = read.leb(); left >= 0; left--) read.leb();
  else if (code === 0x11) read.skip(2);
  else if ([0x3f, 0x40, 0x42, 0xd0, 0xd2].includes(code)) read.skip(1);
  else if (code === 0x43) read.at += 4;
  else if (code === 0x44) read.at += 8;
  else if (code === 0x1c) read.skip(read.leb());
  else if (code === 0xfc) read.skip(NUMBERS_OF_FC[read.leb()] ?? 0);
  else
    throw new Stop(
      `the wasm holds the instruction 0x${code.toString(16)}, which scripts/lib/streams.mjs does not know`,
    );
  return null;
}

/** memory.init, data.drop, memory.copy, memory.fill, table.init, elem.drop, table.copy, .grow, .size, .fill */
const NUMBERS_OF_FC = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1];

/** The instructions so far: in what order, and what follows each kind. */
class Kinds {
  /** @type {Map<string, { kind: number[], count: number, streams: Numbers[] }>} */
  #kinds = new Map();
  /** @type {string[]} */
  #order = [];

  /** @param {number} code @param {number[]} always @param {number[] | null} numbers @param {Uint8Array} bytes */
  add(code, always, numbers, bytes) {
    const fit = numbers?.every((number) => number >= 0 && isCharacter(number + SHIFT));
    const kind = fit ? [code, ...always] : [-code];
    const rows = fit && numbers ? numbers.map((number) => [number]) : [[bytes.length, ...bytes]];
    const known = this.#kinds.get(`${kind}`) ?? { kind, count: 0, streams: rows.map(() => new Numbers()) };
    this.#kinds.set(`${kind}`, known);
    known.count++;
    for (const [place, row] of rows.entries()) known.streams[place]?.push(...row);
    this.#order.push(`${kind}`);
  }

  /** The most frequent kind first, so that its place is a small number. @returns {Pick<Streams, "order" | "kinds">} */
  inOrder() {
    const sorted = [...this.#kinds].sort(([, left], [, right]) => right.count - left.count);
    const places = new Map(sorted.map(([name], place) => [name, place]));
    const order = new Numbers();
    for (const name of this.#order) order.push(places.get(name) ?? 0);
    const kinds = sorted.map(
      ([, { kind, streams }]) =>
        /** @type {Streams["kinds"][0]} */ ([...kind, ...streams.map(({ text }) => text)]),
    );
    return { order: order.text, kinds };
  }
}

/** @param {number} number of no surrogate, which stands for nothing alone */
const isCharacter = (number) => number <= 0x10ffff && !(number >= 0xd800 && number <= 0xdfff);

class Numbers {
  text = "";

  /** @param {...number} numbers */
  push(...numbers) {
    for (const number of numbers) this.text += String.fromCodePoint(number + SHIFT);
  }
}

/** @param {Uint8Array} bytes */
const text = (bytes) => Buffer.from(bytes).toString("latin1");

class Reader {
  /** @param {Uint8Array} bytes @param {number} at */
  constructor(bytes, at) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    const byte = this.bytes[this.at++];
    if (byte === undefined) throw new Stop("the wasm ends in the middle");
    return byte;
  }

  /** A number of up to 32 bits. */
  leb() {
    let number = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = this.byte();
      number += (byte & 127) * shift;
      if (byte < 128) return number;
    }
  }

  signedLeb() {
    const start = this.at;
    const number = this.leb();
    const limit = 128 ** (this.at - start);
    return number < limit / 2 ? number : number - limit;
  }

  /** @param {number} numbers of any length */
  skip(numbers) {
    for (let left = numbers; left > 0; left--) while (this.byte() > 127);
  }
}
