import { MARK_WIDTH } from "./measure.js";

/**
 * Where a badge stands on each surface. The page stays as it is: what is absolute takes no room, what is in the flow
 * keeps its width whatever it says, and no letter of the site's is covered. Heights follow the words, since a browser's
 * minimum font size may make them larger.
 */
export const PLACING = `
:host { pointer-events: none; }
:host([data-state="pending"]:not([data-drawn])) .face { visibility: hidden; }
:host([data-surface="title"]) { align-self: center; min-inline-size: 58px; max-inline-size: 100%; }
:host([data-surface="rows"]) { inline-size: 232px; max-inline-size: 100%; margin-inline-start: 6px; }
:host([data-surface="text"]) { margin-inline: 4px; max-inline-size: 100%; }
:host(:is([data-surface="text"], [data-surface="images"])) .face { min-block-size: 18px; font-size: 11px; padding-inline: 4px 6px; }

/* Without a width of its own, hanging into the row's second line. */
:host([data-surface="images"]) { position: relative; z-index: 1; inline-size: 0; align-self: stretch; margin-inline-start: calc(-1 * var(--gap, 0px)); }
:host([data-surface="images"]) .face { position: absolute; inset-block-start: calc(100% + 1px); inset-inline-end: 0; inline-size: max-content; max-inline-size: 240px; }

:host([data-surface="cards"]) { position: absolute; z-index: 9; inset-block-start: var(--top, 42px); inset-inline: 8px 44px; }
:host([data-surface="blocks"]) { margin-inline-start: auto; }
:host([data-surface="blocks"]:is([data-fit="corner"], [data-fit="mark"])) { position: absolute; z-index: 9; inset: var(--inset, auto 6px 6px auto); max-inline-size: calc(100% - 12px); }

/* On the edge of its button: over the padding at its end, and the gap behind it, or the room that it takes there. */
:host([data-surface="versions"]) { position: relative; z-index: 1; inline-size: var(--room, 0px); block-size: 0; align-self: center; margin-inline-start: calc(-1 * var(--gap, 0px)); }
:host([data-surface="versions"]) .face {
  position: absolute; inset-block-start: -7px; inset-inline-start: calc(-1 * var(--padding, 8px));
  min-inline-size: 0; inline-size: ${MARK_WIDTH}px; max-inline-size: none; min-block-size: 0; block-size: 14px; padding: 0; border-width: 1px; border-radius: 4px;
}
:host([data-surface="versions"][data-state="pending"]) .face { min-inline-size: 0; }
:host([data-surface="versions"]) svg { inline-size: 11px; block-size: 11px; }
`;
