// Test runners in which the README's test of a page passes (tests/package/test-runners.full.test.js).

import { pinned } from "./versions.js";

/** @type {{ name: string, runner: "vitest" | "jest", environment: string, version: string, how: string }[]} */
export const testRunners = ["node", "jsdom", "happy-dom"].flatMap((environment) => [
  {
    name: `Vitest, ${environment}`,
    runner: /** @type {const} */ ("vitest"),
    environment,
    version: pinned("vitest"),
    how: "`import`",
  },
  {
    name: `Jest, ${environment}`,
    runner: /** @type {const} */ ("jest"),
    environment,
    version: pinned("jest"),
    how: "`import`, transformed",
  },
]);
