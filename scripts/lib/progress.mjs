// Shows that long commands run: one ticking line on a terminal, a line now and then in a log.

/** How often a log without a terminal gets a line about commands that take long. */
const HEARTBEAT_MS = 15_000;

/** @typedef {{ title: string, started: number, last: string }} Running */

/** @type {Set<Running>} */
const running = new Set();
/** @type {NodeJS.Timeout | undefined} */
let timer;

/**
 * @param {string} title
 * @param {{ stream?: boolean, announce?: boolean }} [options] `stream`: show all that the command prints;
 *   `announce`: a log names the command when it starts, too
 */
export function startProgress(title, { stream = false, announce = true } = {}) {
  const terminal = process.stdout.isTTY && !stream;
  const own = { title, started: performance.now(), last: "" };
  if (!terminal && announce) console.log(`${title} …`);
  if (!stream) running.add(own);
  timer ??= setInterval(tick, terminal ? 200 : HEARTBEAT_MS).unref();
  return {
    /** @param {string} text */
    append(text) {
      if (stream) process.stdout.write(text);
      own.last = text.trimEnd().split("\n").at(-1)?.trim() ?? own.last;
    },
    /** @param {boolean} ok @param {number} ms */
    end(ok, ms) {
      running.delete(own);
      if (running.size === 0) {
        clearInterval(timer);
        timer = undefined;
      }
      const erase = terminal ? "\r\x1b[2K" : "";
      console.log(`${erase}${ok ? "✓" : "✗"} ${title} ${dim(seconds(ms))}`);
    },
  };
}

function tick() {
  const [only, ...others] = running;
  if (!only) return;
  const since = (/** @type {Running} */ { started }) => seconds(performance.now() - started);
  const line =
    others.length === 0
      ? `${only.title} … ${since(only)}${only.last && `  ${dim(only.last)}`}`
      : `… ${[...running].map((one) => `${one.title} ${since(one)}`).join(", ")}`;
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[2K${cut(line, process.stdout.columns)}`);
  else console.log(`  ${line}`);
}

/** @param {number} ms */
export function seconds(ms) {
  return `${(ms / 1000).toFixed(ms < 9950 ? 1 : 0)} s`;
}

/** @param {string} text */
export function dim(text) {
  return process.stdout.isTTY ? `\x1b[2m${text}\x1b[22m` : text;
}

/** Cuts a line to the terminal's width, so that it can be overwritten. @param {string} text @param {number} width */
function cut(text, width) {
  const short = text.slice(0, width - 1);
  return short.length < text.length ? `${short}\x1b[0m` : text;
}
