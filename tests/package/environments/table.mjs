// npm run matrix: where the packed module runs, as tests/package shows.
//
//   npm run matrix -- --write     puts the table into the README

import { main, markdownTable, table, writePart } from "../../helpers/repository.js";
import { environmentRows, environmentsHead } from "./rows.js";

main(async () => {
  console.log(table(environmentsHead, environmentRows()));
  if (process.argv.includes("--write")) {
    await writePart("matrix", markdownTable(environmentsHead, environmentRows()));
  }
});
