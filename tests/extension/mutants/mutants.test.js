// Every mutation of the site alone and as many pairs; mutants.full.alone.test.js has thousands.

import { browserNames } from "../lib/browser.js";
import { judgeMutants } from "./suite.js";

for (const browser of browserNames)
  judgeMutants(browser, { count: 60, tabs: browser === "chromium" ? 2 : 1, timeout: 500_000 });
