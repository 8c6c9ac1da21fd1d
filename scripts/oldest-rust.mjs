// Gets the oldest Rust that the crate promises to build with; `npm test` does it by itself.

import { getOldestRust } from "./lib/oldest-rust.mjs";
import { main } from "./lib/run.mjs";

main(getOldestRust);
