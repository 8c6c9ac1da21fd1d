// npm run build: makes pkg/, and gets first what that needs.

import { build } from "./lib/build.mjs";
import { setUp } from "./lib/install.mjs";
import { main } from "./lib/run.mjs";

main(async () => {
  await setUp("build");
  await build();
});
