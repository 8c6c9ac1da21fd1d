// The types that Rust generates, which `wasm-pack build` publishes, agree with those of the npm module.

import type * as module from "civitai-permissions";
import type * as generated from "../../pkg/raw/bindings.js";

type Agree<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

// biome-ignore lint/suspicious/noExplicitAny: any function
type Call = (...given: any) => unknown;
type Same<A extends Call, B extends Call> = Agree<
  [Parameters<A>, ReturnType<A>],
  [Parameters<B>, ReturnType<B>]
>;

type Method = "check" | "explain" | "explainOnPage" | "versions" | "clear" | "snapshot" | "restore";
type Methods = {
  [Name in Method]: Same<generated.PermissionChecker[Name], module.PermissionChecker[Name]>;
};

export const functions: {
  checkPermissions: Same<typeof generated.checkPermissions, typeof module.checkPermissions>;
  parseEntityId: Same<typeof generated.parseEntityId, typeof module.parseEntityId>;
  parseLink: Same<typeof generated.parseLink, typeof module.parseLink>;
  findResources: Same<typeof generated.findResources, typeof module.findResources>;
} = { checkPermissions: true, parseEntityId: true, parseLink: true, findResources: true };

export const methods: Methods = {
  ...{ check: true, explain: true, explainOnPage: true, versions: true },
  ...{ clear: true, snapshot: true, restore: true },
};

export const constructors: Agree<
  ConstructorParameters<typeof generated.PermissionChecker>,
  ConstructorParameters<typeof module.PermissionChecker>
> = true;

/** Only what JavaScript alone can be is not Rust's. */
export const others: Agree<
  Exclude<keyof module.PermissionChecker, Method | keyof Disposable>,
  "stream" | "streamBatches" | "explainStream"
> = true;

/** What differs is seen. */
export const different: Same<typeof generated.parseEntityId, typeof module.parseLink> = false;
