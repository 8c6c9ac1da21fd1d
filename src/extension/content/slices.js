// Long work in slices, so that the page answers in between.

/** A slice of work, in milliseconds: well below a frame. */
const SLICE = 8;

/** @typedef {ReturnType<typeof inSlices>} Slices */

export function inSlices() {
  let began = performance.now();
  let spent = 0;
  return {
    /** Whether it is the page's turn. */
    isOver: () => performance.now() - began > SLICE,
    /** Lets the page have its turn. */
    async next() {
      spent += performance.now() - began;
      // A timer lets the page's waiting tasks run first; after `scheduler.yield` we would go on before them.
      await new Promise((resolve) => setTimeout(resolve));
      began = performance.now();
    },
    /** How long the work took so far, in milliseconds, without the page's turns. */
    spent: () => spent + performance.now() - began,
  };
}
