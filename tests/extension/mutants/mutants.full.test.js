// All pairs of neighbours among the mutations. `COUNT=2000 node --test` on this file goes on with other seeds.

import { judgeMutants } from "./suite.js";

const count = Number(process.env.COUNT ?? 250);
judgeMutants("chromium", count, 3);
// One tab after another there, each slower.
judgeMutants("firefox", Math.ceil(count / 10), 1);
