/** @type {HTMLStyleElement | null} */
let dimming = null;

/**
 * Dims the cards of locked models, never hides them: a sheet of our own in the head, which React does not keep, and no
 * touch to the cards.
 *
 * @param {boolean} on
 */
export function dimLocked(on) {
  if (on === Boolean(dimming?.isConnected)) return;
  dimming?.remove();
  if (!on) return;
  dimming = document.createElement("style");
  dimming.textContent = `
    @media screen {
      :has(> civitai-lock-badge[data-surface="cards"][data-state="locked"]:not([hidden])) { opacity: 0.4; }
      :has(> civitai-lock-badge[data-surface="cards"]):is(:hover, :focus-within) { opacity: 1; }
    }`;
  document.head.append(dimming);
}
