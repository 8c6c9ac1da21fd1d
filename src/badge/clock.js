// A clock for spans: nobody can set it, and it goes on while the machine sleeps.

let slept = 0;
let [lastOwn, lastWall] = [performance.now(), Date.now()];

/** The two clocks differ by less while both go, in milliseconds. */
const LEAST_SLEEP = 1000;

/**
 * Milliseconds since some moment. The platform's own clock is right but for sleep, during which it may stand still;
 * that is seen from the wall clock, which may be set back, too.
 */
export function now() {
  const [own, wall] = [performance.now(), Date.now()];
  const ahead = wall - lastWall - (own - lastOwn);
  if (ahead > LEAST_SLEEP) slept += ahead;
  [lastOwn, lastWall] = [own, wall];
  return own + slept;
}
