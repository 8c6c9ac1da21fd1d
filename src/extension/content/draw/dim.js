const MARK = "data-civitai-lock-badge";

/**
 * Dims the cards of locked models, never hides them: a sheet of our own in the head, which React does not keep, and no
 * touch to the cards.
 *
 * @param {boolean} on
 */
export function dimLocked(on) {
  // Found by its attribute: a script from before an update may have left one.
  const known = document.head?.querySelector(`style[${MARK}]`);
  if (on === Boolean(known)) return;
  if (known) return known.remove();
  const style = document.createElement("style");
  style.setAttribute(MARK, "dim");
  style.textContent = `
    @media screen {
      :has(> civitai-lock-badge[data-surface="cards"][data-state="locked"]:not([hidden])) { opacity: 0.4; }
      :has(> civitai-lock-badge[data-surface="cards"][data-state="locked"]:not([hidden])):is(:hover, :focus-within) { opacity: 1; }
    }`;
  document.head?.append(style);
}
