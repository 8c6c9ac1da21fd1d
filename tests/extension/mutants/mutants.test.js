// Every mutation of the site beside another; with --full each alone too. mutants.full.alone.test.js has thousands.

import { browserNames, full } from "../lib/browser.js";
import { judgeMutants } from "./suite.js";

// Each alone are the first 30, and each of those is a page to load; pairs follow one another in one page.
const chosen = { from: full ? 0 : 30, count: 60 };
for (const browser of browserNames)
  judgeMutants(browser, { ...chosen, tabs: browser === "chromium" ? 2 : 1, timeout: 500_000 });
