/// <reference lib="dom" />

import type { EntityIdLike, Explanation, ModelIdLike, UserIdLike } from "../../js/types.js";

/**
 * What is drawn. `open`: no lock. `free`: gated, generation is free. `trial`: gated, free tries. `locked`: gated, nothing
 * is free. `gated`: gated, and what is free is not known. `yours`: gated for others. `off`: no generation with it.
 */
export type BadgeState =
  | "open"
  | "free"
  | "trial"
  | "locked"
  | "gated"
  | "yours"
  | "off"
  | "pending"
  | "unknown";

/** The attributes of `<civitai-lock-badge>`. */
export interface LockBadgeAttributes {
  /** The version. It goes before `model-id`. */
  "entity-id"?: EntityIdLike | null | undefined;
  /** A model: the version that its page shows first. */
  "model-id"?: ModelIdLike | null | undefined;
  /** Ask on behalf of this user. */
  "user-id"?: UserIdLike | null | undefined;
  /** Where the API is; default `"https://civitai.com"`. */
  "base-url"?: string | undefined;
  /** The mark alone. */
  compact?: boolean | undefined;
  /** Shows nothing while it waits, and nothing where there is no lock. */
  quiet?: boolean | undefined;
  /** The language of its words; default that of the nearest element that has one. */
  lang?: string | undefined;
}

/** `<civitai-lock-badge>`. A property takes what its attribute takes, and gives its text. */
export class LockBadge extends HTMLElement {
  get entityId(): string | null;
  set entityId(value: EntityIdLike | null | undefined);
  get modelId(): string | null;
  set modelId(value: ModelIdLike | null | undefined);
  get userId(): string | null;
  set userId(value: UserIdLike | null | undefined);
  get baseUrl(): string | null;
  set baseUrl(value: string | null | undefined);
  compact: boolean;
  quiet: boolean;
  /** What is drawn; the attribute `state` is the same. The event `statechange`, which bubbles, follows each change. */
  readonly state: BadgeState;
  /** The last answer; `null` before it, and after a failure. */
  readonly explanation: Explanation | null;
}

declare global {
  interface HTMLElementTagNameMap {
    "civitai-lock-badge": LockBadge;
  }
}
