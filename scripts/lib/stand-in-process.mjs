// Builds and starts the stand-in for Civitai's API (tests/stand-in).

import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { target } from "./paths.mjs";
import { endGroup, must, Stop, start } from "./run.mjs";

/** Where the build puts it; a test may be given another. */
export const standInBinary = process.env.STAND_IN_BIN ?? join(target, "debug", "stand-in");

export async function buildStandIn() {
  await must("stand-in: cargo build", "cargo", ["build", "--locked", "--package", "stand-in"]);
}

/**
 * Starts it and waits until it listens. It ends with `close()`, and in any case with this process.
 * @param {string[]} [args]
 * @returns {Promise<{ url: string, ended: () => Promise<void>, close: () => void }>}
 */
export async function launchStandIn(args = []) {
  const child = start(standInBinary, ["--with-parent", ...args], { stdin: "pipe" });
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text) => {
    said += text;
  });
  const url = await new Promise((resolve, reject) => {
    const lines = createInterface({ input: /** @type {import("node:stream").Readable} */ (child.stdout) });
    lines.once("line", (line) => resolve(line.replace(/^.* /, "")));
    child.on("error", (error) =>
      reject(
        new Stop(`${standInBinary} does not start: ${error.message}. Run \`cargo build -p stand-in\` first`),
      ),
    );
    child.on("close", () => reject(new Stop(said.trim() || "the stand-in ended before it listened")));
  });
  // Ours to close, but no reason for this process to go on: a test that fails before `close()` still ends.
  for (const handle of [child, child.stdin, child.stdout, child.stderr]) {
    /** @type {{ unref?: () => void } | null} */ (handle)?.unref?.();
  }
  return {
    url,
    /** Waits for it to end, which keeps this process going. */
    async ended() {
      child.ref();
      if (child.exitCode === null && child.signalCode === null) await once(child, "close");
    },
    close: () => endGroup(child),
  };
}
