// Puts the badge into the card's link, once per card: the link goes when the card leaves the viewport.
const done = new WeakSet();
new MutationObserver(() => {
  if (!document.querySelector("next-route-announcer")) return;
  for (const link of document.querySelectorAll('[data-index] [class*="content"] > a[href^="/models/"]')) {
    const root = link.parentElement?.parentElement;
    if (!root || done.has(root)) continue;
    done.add(root);
    link.append(document.createElement("civitai-lock-badge"));
  }
}).observe(document, { childList: true, subtree: true });
