// One pass a frame, whoever asks for it.

/** @type {() => void} */
let pass = () => {};
let scheduled = false;

/** @param {() => void} run what looks at the page and draws */
export function schedules(run) {
  pass = run;
}

/** Before the next frame is painted. */
export function schedulePass() {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    pass();
  });
}
