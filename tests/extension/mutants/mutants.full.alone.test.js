// Thousands of pairs of mutations, each in other seeds. `COUNT=300 node --test` on this file judges fewer.

import { judgeMutants } from "./suite.js";

const count = Number(process.env.COUNT ?? 2000);
// A mutant waits more than it works.
judgeMutants("chromium", { count, tabs: 6, timeout: 3_000_000 });
// One tab after another there, each slower.
judgeMutants("firefox", { count: Math.ceil(count / 10), tabs: 1, timeout: 3_000_000 });
