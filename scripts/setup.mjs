// Gets everything that is missing, without building or testing; the other commands do it by themselves.

import { setUp } from "./lib/install.mjs";
import { main } from "./lib/run.mjs";

main(() => setUp("build", "test"));
