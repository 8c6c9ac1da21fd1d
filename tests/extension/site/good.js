// The counter-proof to bad/: the places and the moment that are right, and nothing else of an extension.
/** @type {[selector: string, place: (found: Element) => Element | null | undefined][]} */
const surfaces = [
  ['[data-index] [class*="content"] > a[href^="/models/"]', (link) => link.parentElement?.parentElement],
  ['button[data-size="compact-sm"] .mantine-Button-label', (label) => (label.closest("main") ? label : null)],
  ['[data-activity="follow-recommendation:details"]', (link) => link],
];

const attach = () => {
  const title = document.querySelector('h1[data-order="1"]');
  if (title && title.nextElementSibling?.localName !== "civitai-lock-badge") {
    title.after(document.createElement("civitai-lock-badge"));
  }
  for (const [selector, place] of surfaces) {
    for (const found of document.querySelectorAll(selector)) {
      const element = place(found);
      if (!element || element.querySelector(":scope > civitai-lock-badge")) continue;
      element.append(document.createElement("civitai-lock-badge"));
    }
  }
};

addEventListener("load", async () => {
  while (!document.querySelector("next-route-announcer"))
    await new Promise((resolve) => setTimeout(resolve, 20));
  for (const _ of [1, 2]) await new Promise((resolve) => requestIdleCallback(resolve));
  new MutationObserver(attach).observe(document.body, { childList: true, subtree: true });
  attach();
});
