// Puts its badge beside the title as soon as the title is there: React has not hydrated the page yet.
new MutationObserver((_, observer) => {
  const title = document.querySelector("h1");
  if (!title) return;
  observer.disconnect();
  title.after(document.createElement("civitai-lock-badge"));
}).observe(document, { childList: true, subtree: true });
