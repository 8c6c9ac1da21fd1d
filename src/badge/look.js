/**
 * How a badge looks. Colours follow the page's `color-scheme`, which is inherited; each can be set from outside by
 * `--civitai-lock-badge-ink`, `-ground` and `-edge`. Nothing has a fixed height: a browser's minimum font size may
 * make the words larger.
 */
export const LOOK = `
:host {
  all: initial;
  --ink: light-dark(#33363d, #d5d8df); --ground: light-dark(#eceef1, #2c2f36); --edge: light-dark(#7d838e, #868c97);
  display: inline-block; flex: none; max-inline-size: 100%; vertical-align: middle; color-scheme: inherit;
  font: 600 12px/1.4 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; text-align: start;
}
:host([hidden]) { display: none; }
:host([state]) { --wait: 0s; }
:host([data-state="open"]) { --ink: light-dark(#0b5e46, #8fe3c1); --ground: light-dark(#def3ea, #143329); --edge: light-dark(#2f8a6c, #3f9d7e); }
:host([data-state="free"]) { --ink: light-dark(#0b4f78, #a5dcff); --ground: light-dark(#dcf0fc, #10324a); --edge: light-dark(#2f80b0, #4a9ccc); }
:host([data-state="trial"]) { --ink: light-dark(#5a4300, #ffe08a); --ground: light-dark(#fff1c2, #3b300e); --edge: light-dark(#997300, #cda63a); }
:host([data-state="locked"]) { --ink: light-dark(#7c2d06, #ffd2ae); --ground: light-dark(#ffe6d3, #4a2410); --edge: light-dark(#b9551a, #e08a4e); }
:host([data-state="yours"]) { --ink: light-dark(#2f2f9b, #ccc8ff); --ground: light-dark(#e7e6fd, #292760); --edge: light-dark(#6c68d6, #8985ec); }
.face {
  box-sizing: border-box; display: inline-flex; align-items: center; gap: 5px; max-inline-size: 100%; min-block-size: 22px;
  padding-block: 1px; padding-inline: 6px 8px; border: 1px solid var(--civitai-lock-badge-edge, var(--edge)); border-radius: 6px;
  color: var(--civitai-lock-badge-ink, var(--ink)); background: var(--civitai-lock-badge-ground, var(--ground));
}
.text { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
svg { inline-size: 14px; block-size: 14px; flex: none; overflow: visible; }
.line { fill: none; stroke: currentColor; stroke-width: 1.7; stroke-linecap: round; stroke-linejoin: round; }
.solid { fill: currentColor; fill-rule: evenodd; }
:host(:is([data-state="gated"], [data-state="unknown"])) .face { border-style: dashed; }
:host(:is([compact], [data-compact])) .face { min-inline-size: 22px; padding: 3px; justify-content: center; }
:host(:is([compact], [data-compact])) .text { display: none; }
:host(:not([data-drawn])) .face { visibility: hidden; }
:host([data-state="pending"]) .face { visibility: visible; min-inline-size: 44px; border-style: dotted; background: none; opacity: 0; animation: wait 0s var(--wait, 600ms) forwards; }
:host([data-state="pending"]:is([compact], [data-compact])) .face { min-inline-size: 22px; }
:host([quiet]:not([data-drawn])) .face { display: none; }
@keyframes wait { to { opacity: 1; } }
.sizes { display: block; block-size: 0; overflow: clip; visibility: hidden; }
.size { display: block; padding-inline: 27px 10px; white-space: nowrap; }
.tip {
  box-sizing: border-box; position: fixed; inset: auto; margin: 0; inline-size: max-content; max-inline-size: min(320px, 100vw - 16px);
  max-block-size: calc(100vh - 16px); overflow: auto; padding: 10px 12px; border: 1px solid light-dark(#c9cdd4, #454a54); border-radius: 8px;
  color: light-dark(#22242a, #eceef2); background: light-dark(#ffffff, #1d1f24); box-shadow: 0 6px 24px rgb(0 0 0 / 28%);
  font-weight: 400; line-height: 1.45; pointer-events: auto; text-align: start; white-space: normal; overflow-wrap: anywhere; cursor: auto; user-select: text;
}
.tip > span { display: block; text-wrap: balance; }
.tip > .title { font-weight: 700; }
.tip > .foot { margin-block-start: 4px; color: light-dark(#5b606b, #a9aeb9); }
@media (forced-colors: active) {
  .face, .tip { border-color: CanvasText; color: CanvasText; background: Canvas; }
  .tip > .foot { color: CanvasText; }
}
@media print { :host([data-surface]) { display: none; } }
`;
