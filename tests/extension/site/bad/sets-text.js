// Writes its mark into the text of the version buttons: what React had made in them is gone.
new MutationObserver((_, observer) => {
  if (!document.querySelector("next-route-announcer")) return;
  observer.disconnect();
  for (const label of document.querySelectorAll('button[data-size="compact-sm"] .mantine-Group-root')) {
    label.textContent = `${label.textContent} (locked)`;
  }
}).observe(document, { childList: true, subtree: true });
