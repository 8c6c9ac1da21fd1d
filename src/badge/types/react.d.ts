import type { DetailedHTMLProps, HTMLAttributes } from "react";
import type { LockBadge, LockBadgeAttributes } from "./badge.js";

export * from "./badge.js";

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "civitai-lock-badge": Omit<DetailedHTMLProps<HTMLAttributes<LockBadge>, LockBadge>, "lang"> &
        LockBadgeAttributes & { onstatechange?: ((event: Event) => void) | undefined };
    }
  }
}
