import type { HTMLAttributes } from "svelte/elements";
import type { LockBadge, LockBadgeAttributes } from "./badge.js";

export * from "./badge.js";

declare module "svelte/elements" {
  interface SvelteHTMLElements {
    "civitai-lock-badge": HTMLAttributes<LockBadge> &
      LockBadgeAttributes & { onstatechange?: ((event: Event) => void) | undefined };
  }
}
