import type { DefineComponent, HTMLAttributes } from "vue";
import type { LockBadgeAttributes } from "./badge.js";

export * from "./badge.js";

/** As Vue's checker reads a template: `entity-id` there is `entityId`. */
type Camel<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<Camel<Rest>>}`
  : Name;
type Props = { [Name in keyof LockBadgeAttributes as Name | Camel<Name>]: LockBadgeAttributes[Name] };

declare module "vue" {
  interface GlobalComponents {
    "civitai-lock-badge": DefineComponent<
      Props & HTMLAttributes & { onStatechange?: (event: Event) => void }
    >;
  }
}
