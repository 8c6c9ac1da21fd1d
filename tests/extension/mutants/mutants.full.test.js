// Pairs of neighbours among the mutations. `COUNT=2000 node --test` on this file goes on with
// other seeds.

import { judgeMutants } from "./suite.js";

const count = Number(process.env.COUNT ?? 300);
// A mutant waits more than it works.
judgeMutants("chromium", count, 6);
// One tab after another there, each slower.
judgeMutants("firefox", Math.ceil(count / 10), 1);
