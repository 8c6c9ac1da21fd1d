// npm run build: makes pkg/, and gets first what that needs.

import { setUp } from "./lib/install.mjs";
import { build } from "./lib/pkg.mjs";
import { main } from "./lib/run.mjs";

main(async () => {
  await setUp("build");
  await build();
});
