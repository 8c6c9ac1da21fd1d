// One listener for each signal, however many calls share it: from the eleventh on, Node warns of a leak.

/** @type {WeakMap<AbortSignal, { callbacks: Set<() => void>, hear: () => void }>} */
const listening = new WeakMap();

/**
 * Calls back when a signal aborts.
 *
 * @param {AbortSignal} signal
 * @param {() => void} callback
 * @returns {() => void} stops listening
 */
export function listen(signal, callback) {
  const { callbacks, hear } = listening.get(signal) ?? begin(signal);
  callbacks.add(callback);
  return () => {
    callbacks.delete(callback);
    if (callbacks.size > 0) return;
    listening.delete(signal);
    signal.removeEventListener("abort", hear);
  };
}

/** @param {AbortSignal} signal */
function begin(signal) {
  const callbacks = /** @type {Set<() => void>} */ (new Set());
  // By no `this`: what wraps a signal may call it with another. One that is taken out meanwhile is not called.
  const hear = () => {
    for (const callback of callbacks) callback();
  };
  const begun = { callbacks, hear };
  listening.set(signal, begun);
  signal.addEventListener("abort", hear);
  return begun;
}
