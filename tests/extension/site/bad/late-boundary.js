// Waits for hydration, but not for that of the boundary that it puts its badge into.
new MutationObserver((_, observer) => {
  if (!document.querySelector("next-route-announcer")) return;
  observer.disconnect();
  for (const link of document.querySelectorAll('[data-activity="follow-recommendation:details"]')) {
    link.append(document.createElement("civitai-lock-badge"));
  }
}).observe(document, { childList: true, subtree: true });
