// Shows that a long command lives: one ticking line on a terminal, a line now and then in a log.

/** How often a log without a terminal hears of a command that takes long. */
const HEARTBEAT_MS = 15_000;

/**
 * @param {string} title
 * @param {boolean} stream show all that the command says
 */
export function startProgress(title, stream) {
  const started = performance.now();
  const terminal = process.stdout.isTTY && !stream;
  let last = "";
  const tick = () => {
    const news = `… ${seconds(performance.now() - started)}${last && `  ${dim(last)}`}`;
    if (terminal) process.stdout.write(`\r\x1b[2K${cut(`${title} ${news}`, process.stdout.columns)}`);
    else if (!stream) console.log(`  ${news}`);
  };
  if (!terminal) console.log(`${title} …`);
  const timer = setInterval(tick, terminal ? 200 : HEARTBEAT_MS);
  timer.unref();
  return {
    /** @param {string} text */
    hear(text) {
      if (stream) process.stdout.write(text);
      last = text.trimEnd().split("\n").at(-1)?.trim() ?? last;
    },
    /** @param {boolean} ok @param {number} ms */
    end(ok, ms) {
      clearInterval(timer);
      const erase = terminal ? "\r\x1b[2K" : "";
      console.log(`${erase}${ok ? "✓" : "✗"} ${title} ${dim(seconds(ms))}`);
    },
  };
}

/** @param {number} ms */
export function seconds(ms) {
  return `${(ms / 1000).toFixed(ms < 9950 ? 1 : 0)} s`;
}

/** @param {string} text */
export function dim(text) {
  return process.stdout.isTTY ? `\x1b[2m${text}\x1b[22m` : text;
}

/** Cuts a line to the terminal's width, so that it can be overwritten in place. @param {string} text @param {number} width */
function cut(text, width) {
  const short = text.slice(0, width - 1);
  return short.length < text.length ? `${short}\x1b[0m` : text;
}
