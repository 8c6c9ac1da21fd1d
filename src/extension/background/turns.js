// When each tab's next round may leave, and when a look-up of terms.

/** Between the rounds of a tab, in milliseconds. */
const SECOND = 1000;
/** Between two rounds past all caches, and how long the messages of one such round may come, in milliseconds. */
const FRESH_PAUSE = 10_000;
const FRESH_SPAN = 2000;

/**
 * When the latest round of each tab left, and the latest past all caches, in `performance.now()`: the wall clock may be
 * set back.
 *
 * @type {Map<number, { round: Promise<number>, fresh: number }>}
 */
const tabs = new Map();

/**
 * Looks when it is the tab's turn. Pages keep a second between rounds, but on a busy machine their messages can arrive
 * together; so the second is counted from the request for the list of the round before. However often somebody clicks
 * on "Check again", one round in ten seconds bypasses the caches, with all its messages.
 *
 * @template T
 * @param {number} tabId
 * @param {boolean} fresh
 * @param {(fresh: boolean, left: () => void) => Promise<T>} look `fresh`: whether the caches may be bypassed; calls
 *   `left` when its list has left
 * @returns {Promise<T>}
 */
export async function inTurn(tabId, fresh, look) {
  const now = performance.now();
  const tab = tabs.get(tabId) ?? {
    round: Promise.resolve(Number.NEGATIVE_INFINITY),
    fresh: Number.NEGATIVE_INFINITY,
  };
  tabs.set(tabId, tab);
  const before = tab.round;
  /** @type {(at: number) => void} */
  let leave = () => {};
  const mine = new Promise((resolve) => {
    leave = resolve;
  });
  tab.round = Promise.all([before, mine]).then((times) => Math.max(...times));
  if (fresh && now - tab.fresh > FRESH_PAUSE) tab.fresh = now;
  const bypass = fresh && now - tab.fresh < FRESH_SPAN;
  if (!fresh) await aSecondAfter(await before);
  const turn = performance.now();
  try {
    return await look(bypass, () => leave(performance.now()));
  } finally {
    // Where no list was needed.
    leave(turn);
  }
}

/** @param {number} before */
async function aSecondAfter(before) {
  const wait = before + SECOND - performance.now();
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
}

/**
 * A `fetch` that reports when a request for a list of models has left.
 *
 * @param {(input: string, init: RequestInit) => Promise<Response>} send
 * @param {Iterable<() => void>} lists called each time
 * @returns {typeof send}
 */
export function tellingLists(send, lists) {
  return (input, init) => {
    const reply = send(input, init);
    // Only now: on a busy machine the call of `fetch` can take a tenth of a second.
    if (new URL(input).pathname === "/api/v1/models") for (const left of lists) left();
    return reply;
  };
}

/** Look-ups of terms at once, over all tabs. The other requests are kept for rounds. */
export const TERMS_AT_ONCE = 4;
let underWay = 0;
/** @type {(() => void)[]} */
const waiting = [];

/**
 * Looks terms up when there is room.
 *
 * @template T
 * @param {() => Promise<T>} lookUp
 * @returns {Promise<T>}
 */
export async function amongTerms(lookUp) {
  if (underWay < TERMS_AT_ONCE) underWay += 1;
  else await new Promise((resolve) => waiting.push(() => resolve(undefined)));
  try {
    return await lookUp();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else underWay -= 1;
  }
}
