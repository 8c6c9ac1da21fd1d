// The environments as rows of a table.

import { environments } from "./index.js";
import { testRunners } from "./test-runners.js";

export const environmentsHead = ["where", "how it gets the module", "version"];

/**
 * @param {{ ofMachine?: boolean }} [shown] `ofMachine: false`: without the versions that differ from machine to machine
 * @returns {string[][]}
 */
export function environmentRows({ ofMachine = true } = {}) {
  return [
    ...environments.map((environment) => [
      environment.name,
      environment.how,
      environment.ofMachine && !ofMachine ? "" : environment.version,
    ]),
    ...testRunners.map(({ name, how, version }) => [name, how, version]),
  ];
}
