// What the tests take from scripts/: where things are, the browsers' programs, the stand-in's process, what is packed,
// how the bench takes turns, a server on loopback.
// Nothing else in tests/ imports from there, browsers.js beside this file and tests/scripts aside; and scripts/ imports
// nothing from tests/.

export { inTurns, median, pairs, quartiles } from "../../scripts/bench/speed.js";
export { chromium, chromiumFlags, firefox, geckodriver } from "../../scripts/lib/browsers.mjs";
export { startServer } from "../../scripts/lib/loopback.mjs";
export { extensionFiles } from "../../scripts/lib/pack-files.mjs";
export { packNpm } from "../../scripts/lib/pack-npm.mjs";
export { zip } from "../../scripts/lib/pack-zip.mjs";
export { env, root, target, tools } from "../../scripts/lib/paths.mjs";
export { markdownTable, writePart } from "../../scripts/lib/readme.mjs";
export { main } from "../../scripts/lib/run.mjs";
export { launchStandIn, standInBinary } from "../../scripts/lib/stand-in-process.mjs";
export { table } from "../../scripts/lib/table.mjs";
