// Thousands of pairs of mutations, each in other seeds, in Chromium. `COUNT=300 node --test` on this file judges fewer.

import { judgeMutants } from "./suite.js";

// A mutant waits more than it works.
judgeMutants("chromium", { count: Number(process.env.COUNT ?? 2000), tabs: 6, timeout: 3_000_000 });
