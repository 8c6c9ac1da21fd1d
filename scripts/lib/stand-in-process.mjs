// Builds and starts the stand-in for Civitai's API (tests/stand-in).

import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { target } from "./paths.mjs";
import { endGroup, must, Stop, start } from "./run.mjs";

/** Where the build puts it; STAND_IN_BIN names another. */
export const standInBinary = process.env.STAND_IN_BIN ?? join(target, "debug", "stand-in");

export async function buildStandIn() {
  await must("stand-in: cargo build", "cargo", ["build", "--locked", "--package", "stand-in"]);
}

/**
 * Starts it and waits until it listens. It ends with `close()`, or at the latest with this process.
 * @param {string[]} [args]
 * @returns {Promise<{ url: string, ended: () => Promise<void>, close: () => void }>}
 */
export async function launchStandIn(args = []) {
  const child = start(standInBinary, ["--with-parent", ...args], { stdin: "pipe" });
  let output = "";
  child.stderr?.setEncoding("utf8").on("data", (text) => {
    output += text;
  });
  const url = await new Promise((resolve, reject) => {
    const lines = createInterface({ input: /** @type {import("node:stream").Readable} */ (child.stdout) });
    lines.once("line", (line) => resolve(line.replace(/^.* /, "")));
    child.on("error", (error) =>
      reject(
        new Stop(`${standInBinary} does not start: ${error.message}. Run \`cargo build -p stand-in\` first`),
      ),
    );
    child.on("close", () => reject(new Stop(output.trim() || "the stand-in ended before it listened")));
  });
  // None of these keeps this process alive: a test that fails before `close()` still ends.
  for (const handle of [child, child.stdin, child.stdout, child.stderr]) {
    /** @type {{ unref?: () => void } | null} */ (handle)?.unref?.();
  }
  return {
    url,
    /** Waits for it to end, and keeps this process alive until then. */
    async ended() {
      child.ref();
      if (child.exitCode === null && child.signalCode === null) await once(child, "close");
    },
    close: () => endGroup(child),
  };
}
