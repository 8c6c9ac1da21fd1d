// Gets everything that is missing, without building or testing; the other commands do it by themselves.

import { main } from "./lib/run.mjs";
import { setUp } from "./lib/setup.mjs";

main(() => setUp("build", "test"));
