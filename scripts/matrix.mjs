// npm run matrix: where the packed module runs, as tests/package proves it.
//
//   npm run matrix -- --write     puts the table into the README

import { environmentRows, environmentsHead } from "../tests/package/environments/rows.js";
import { markdownTable, writePart } from "./lib/readme.mjs";
import { main } from "./lib/run.mjs";
import { table } from "./lib/table.mjs";

main(async () => {
  console.log(table(environmentsHead, environmentRows()));
  if (process.argv.includes("--write")) {
    await writePart("matrix", markdownTable(environmentsHead, environmentRows()));
  }
});
