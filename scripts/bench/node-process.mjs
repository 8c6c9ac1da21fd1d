// One of the processes that the bench measures in Node.js. Prints what it has measured, as JSON:
// `node scripts/bench/node-process.mjs URL [growth]`.

import { pathToFileURL } from "node:url";
import { published } from "../lib/pkg.mjs";
import { createRival } from "./rival.js";
import { growth, measureCache, measureCalls, measureCpu } from "./speed.js";

const [baseUrl = "", also] = process.argv.slice(2);
const { checkPermissions, PermissionChecker } = await import(pathToFileURL(published).href);
const tools = { checkPermissions, PermissionChecker, createRival, baseUrl, rounds: 300 };
const measured = [
  ...(await measureCalls(tools)),
  await measureCpu(tools, async () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  }),
  ...(await measureCache(tools)),
];
console.log(JSON.stringify({ measured, growth: also === "growth" ? await growth(tools) : null }));
