// npm run stand-in -- --port N: the stand-in for Civitai's API alone; `-- --help` lists its options.

import { setUp } from "./lib/install.mjs";
import { main, start } from "./lib/run.mjs";
import { buildStandIn, standInBinary } from "./lib/stand-in-process.mjs";

main(async () => {
  await setUp("build");
  await buildStandIn();
  const child = start(standInBinary, ["--with-parent", ...process.argv.slice(2)], {
    stdin: "pipe",
    stdout: "inherit",
  });
  return new Promise((resolve) => child.on("close", (code) => resolve(code ?? 1)));
});
