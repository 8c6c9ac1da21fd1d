// When the page is looked at, and when it is drawn: once a frame at most, and never more than a twentieth of the time.

/** @type {() => Promise<number>} */
let look = async () => 0;
/** @type {() => unknown} */
let draw = () => {};
/** @type {(versions: number[]) => void} */
let drawVersions = () => {};
/** Those that have changed. @type {Set<number>} */
const versions = new Set();
let isLooking = false;
/** The look under way, or the last one. @type {Promise<void>} */
let latest = Promise.resolve();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let resting;
let isPlanned = false;
let isWantedAgain = false;
/** Whether the look after the one under way skips its pause. */
let isWantedNow = false;
let isDrawPlanned = false;
/** Before this moment of the page's clock no look begins. */
let notBefore = 0;

/** For each millisecond that a look took, none begins for so many milliseconds. */
const REST = 20;
const LONGEST_REST = 1000;
/** Answers of single versions come in bursts: after the first, those of so many milliseconds are drawn together, in one layout. */
const TOGETHER = 50;
/** When versions were drawn last, by the page's clock. */
let drawnAt = Number.NEGATIVE_INFINITY;

/**
 * @param {() => Promise<number>} lookAndDraw finds all places and draws them, and resolves with the milliseconds it took
 * @param {() => unknown} drawAll draws what was found, with what is known now
 * @param {(versions: number[]) => void} drawSome draws what speaks of these versions
 */
export function schedules(lookAndDraw, drawAll, drawSome) {
  look = lookAndDraw;
  draw = drawAll;
  drawVersions = drawSome;
}

/** Plans a look at the page: before the next frame, or after the pause that the look before has earned. */
export function schedulePass() {
  if (isLooking) isWantedAgain = true;
  if (isLooking || isPlanned) return;
  isPlanned = true;
  const rest = notBefore - performance.now();
  if (rest > 0) resting = setTimeout(() => requestAnimationFrame(run), rest);
  else requestAnimationFrame(run);
}

/** Plans a look without that pause: another page has other places. */
export function schedulePassNow() {
  isWantedNow = isLooking;
  notBefore = 0;
  if (resting !== undefined) isPlanned = false;
  clearTimeout(resting);
  resting = undefined;
  schedulePass();
}

/** Looks without waiting for a frame, of which a hidden page has none. Resolves when what the page is now was looked at. */
export async function passNow() {
  await latest;
  schedulePassNow();
  await run();
}

/** Looks, if that is planned. */
function run() {
  if (isPlanned && !isLooking) latest = lookOnce();
  return latest;
}

async function lookOnce() {
  isPlanned = false;
  resting = undefined;
  isLooking = true;
  try {
    const took = await look();
    notBefore = performance.now() + Math.min(LONGEST_REST, took * REST);
  } finally {
    isLooking = false;
  }
  if (!isWantedAgain) return;
  isWantedAgain = false;
  if (isWantedNow) schedulePassNow();
  else schedulePass();
}

/** What is known of some versions has changed, or of all; the page has not. @param {number} [versionId] */
export function scheduleDraw(versionId) {
  if (versionId === undefined) return scheduleWholeDraw();
  versions.add(versionId);
  if (versions.size > 1) return;
  const draws = () => {
    const changed = [...versions];
    versions.clear();
    drawnAt = performance.now();
    drawVersions(changed);
  };
  setTimeout(draws, Math.max(0, drawnAt + TOGETHER - performance.now()));
}

function scheduleWholeDraw() {
  if (isDrawPlanned) return;
  isDrawPlanned = true;
  requestAnimationFrame(() => {
    isDrawPlanned = false;
    draw();
  });
}
