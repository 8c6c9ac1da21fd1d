// One callback a frame for the whole page, so that React draws what all its components learned at once.

/** A hidden page has no frames. */
const LONGEST_MS = 100;
/** About one frame: a shorter pause is none. */
const SHORTEST_MS = 16;

/** @type {(() => void)[]} */
let due = [];
let frame = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/**
 * @param {() => void} callback
 * @param {number} pause milliseconds before that frame
 */
export function nextFrame(callback, pause) {
  if (pause >= SHORTEST_MS) setTimeout(add, pause, callback);
  else add(callback);
}

/** @param {() => void} callback */
function add(callback) {
  due.push(callback);
  if (due.length > 1) return;
  timer = setTimeout(run, LONGEST_MS);
  frame = globalThis.requestAnimationFrame?.(run) ?? 0;
}

function run() {
  clearTimeout(timer);
  globalThis.cancelAnimationFrame?.(frame);
  const callbacks = due;
  due = [];
  for (const callback of callbacks) callback();
}
