// One listener for each signal, however many calls share it: from the eleventh on, Node warns of a leak.

/** @type {WeakMap<AbortSignal, Set<() => void>>} */
const callbacksOf = new WeakMap();

/**
 * Calls back when a signal aborts.
 *
 * @param {AbortSignal} signal
 * @param {() => void} callback
 * @returns {() => void} stops listening
 */
export function listen(signal, callback) {
  const known = callbacksOf.get(signal);
  const callbacks = known ?? new Set();
  callbacks.add(callback);
  if (!known) {
    callbacksOf.set(signal, callbacks);
    signal.addEventListener("abort", hear);
  }
  return () => {
    callbacks.delete(callback);
    if (callbacks.size > 0) return;
    callbacksOf.delete(signal);
    signal.removeEventListener("abort", hear);
  };
}

/** One that a callback takes out meanwhile is not called any more. @this {AbortSignal} */
function hear() {
  for (const callback of callbacksOf.get(this) ?? []) callback();
}
