// The first of those mutants in Firefox. `COUNT=30 node --test` on this file judges fewer.

import { judgeMutants } from "./suite.js";

// One tab after another there, each slower.
judgeMutants("firefox", { count: Number(process.env.COUNT ?? 200), tabs: 1, timeout: 1_000_000 });
