import type { DefineComponent, HTMLAttributes } from "vue";
import type { LockBadgeAttributes } from "./badge.js";

export * from "./badge.js";

declare module "vue" {
  interface GlobalComponents {
    "civitai-lock-badge": DefineComponent<
      LockBadgeAttributes & HTMLAttributes & { onStatechange?: (event: Event) => void }
    >;
  }
}
