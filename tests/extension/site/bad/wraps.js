// Wraps each card's link, so that the link is no longer where React put it.
new MutationObserver(() => {
  if (!document.querySelector("next-route-announcer")) return;
  for (const link of document.querySelectorAll('[data-index] a[href^="/models/"]')) {
    if (link.closest(".lock-wrapper")) continue;
    const wrapper = document.createElement("div");
    wrapper.className = "lock-wrapper";
    wrapper.style.display = "contents";
    link.replaceWith(wrapper);
    wrapper.append(link, document.createElement("civitai-lock-badge"));
  }
}).observe(document, { childList: true, subtree: true });
