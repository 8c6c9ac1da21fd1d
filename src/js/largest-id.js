/** The largest id, of every kind: Civitai keeps ids as `int4` (CONTRACT.md, §1.3). In Rust it is in src/id.rs. */
export const LARGEST_ID = 2 ** 31 - 1;
