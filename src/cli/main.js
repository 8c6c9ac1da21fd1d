#!/usr/bin/env node
import { currentUser } from "../js/server.js";
import { run } from "./run.js";

// The reader of our output may stop reading, as `head` does. The exit status still tells the verdicts.
process.stdout.on("error", ({ code }) => process.exit(code === "EPIPE" ? (process.exitCode ?? 3) : 3));

const { argv, stdin, stdout, stderr, env } = process;
process.exitCode = await run(argv.slice(2), {
  ...{ stdin, stdout, stderr, env, currentUser, now: Date.now },
  load: () => import("../../pkg/civitai-permissions.js"),
});
