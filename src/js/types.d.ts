// The types of the surface, once: the npm module exports them, and src/browser puts them beside its exports for
// `wasm-pack build`. They need no DOM library.

/**
 * A model version, however the caller has it: `2514310`, `"2514310"`, `2514310n`, `"827184@2514310"`, an AIR
 * (`"urn:air:sdxl:lora:civitai:827184@2514310"`, `"civitai:827184@2514310"`) or a link to civitai.com, civitai.red,
 * civitai.green or civitaired.com that names a version (`"https://civitai.com/models/827184?modelVersionId=2514310"`,
 * `"civitai.com/model-versions/2514310"`, `"/api/download/models/2514310"`, `"/api/v1/model-versions/2514310"`).
 */
export type EntityIdLike = number | bigint | string;

/** A list of them, at most 100,000. A lone string is not a list, though it iterates. */
export type EntityIds = Iterable<EntityIdLike> & object;

/** A model: `827184`, `"827184"`, or a link or AIR that names a model; of one with a version, its model. */
export type ModelIdLike = number | bigint | string;

/** A user's id, from 1 to 2147483647, as a number or in digits. */
export type UserIdLike = number | bigint | string;

/** Each id's verdict: `true` granted, `false` denied. An id without a verdict has no key. A plain object. */
export type Verdicts = { readonly [entityId: number]: boolean | undefined };

/** What may differ from call to call. */
export interface CheckOptions {
  /** Ask on behalf of this user. Absent or null: anonymous. */
  userId?: UserIdLike | null;
  /** Rejects with `signal.reason`, unchanged. A deadline for a whole call is `AbortSignal.timeout(ms)`. */
  signal?: AbortSignalLike | null;
  /** Bypass our cache, the browser's and the CDN's. Default `false`. */
  fresh?: boolean;
  /** The caller knows that none of these is the user's own: owners are not looked up. Default `false`. */
  notOwned?: boolean;
  /** The API's parameter; this is its only value. */
  entityType?: "ModelVersion";
  /** The API's parameter; this is its only value. */
  permission?: "Generate";
}

/** What may differ from call to call, where single versions or models may be looked up. */
export interface ExplainOptions extends CheckOptions {
  /**
   * Lists only: no request for each denied version (`explain`) or for each model that the list leaves out
   * (`versions`). `generation` may stay `"gated"` then. Default `false`.
   */
  bulk?: boolean;
}

/** What holds for all calls of a checker. */
export interface CheckerOptions {
  /** Where the API is: http or https, no credentials, query or fragment; a path is kept. Default `"https://civitai.com"`. */
  baseUrl?: string | { readonly href: string };
  /** Ids in one request, from 1 to 10000; fewer where the URL would be too long. Default 200. */
  maxBatchSize?: number;
  /** Requests under way at once, from 1 to 16. Default 4. */
  concurrency?: number;
  /** Milliseconds that a granted verdict is reused, a denied one a fifth of it; 0: never. Default 300000, as long as the CDN does. */
  maxAge?: number;
  /** Milliseconds for one request, headers and body, from 1 to 2147483647. A call waits as long, in total, for a server that asks for pauses. Default 15000. */
  timeout?: number;
  /** Retries after a transient failure, from 0 to 10. A rejected batch is split with 0 as well. Default 3. */
  retries?: number;
  /**
   * The `fetch` to use instead of the global one. Checkers with the same `fetch` and host share a pause; another
   * `fetch` has its own.
   */
  fetch?: FetchLike;
}

/** What is read of an `AbortSignal`, of any realm or polyfill. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** What is called as `fetch`: the platform's own fits, and so does a mock of it. */
export type FetchLike = (url: string, init: FetchInit) => PromiseLike<ResponseLike>;

/** What a `fetch` gets with the URL. */
export interface FetchInit {
  method: "GET";
  credentials: "omit";
  /** Absent where the platform has no `cache`. */
  cache?: "no-store";
  /** With a user's id: it follows no redirect to another host. */
  redirect?: "error";
  /** The platform's `AbortSignal`, whose type needs the DOM library or Node's types. */
  // biome-ignore lint/suspicious/noExplicitAny: neither may be there
  signal: any;
}

/** What is read of a `Response`. */
export interface ResponseLike {
  readonly status: number;
}

/** What is known of an id. */
export type Verdict = { entityId: number } & (
  | {
      state: "granted";
      /** Gated for others, open for this user, who bought it, was given it or owns it. */
      personal: boolean;
    }
  /** Paid access not held, private, or no such version. */
  | { state: "denied" }
  | { state: "unknown"; error: PermissionsError }
);

/** Why a version is denied, or would be for others. */
export type Gate = "none" | "earlyAccess" | "paid" | "private" | "unknown";

/**
 * May one generate with it now?
 *
 * - `open`: no gate. `free`: gated, generation free. `trial`: gated, free tries. `held`: bought, gifted or owned. → `usable: true`
 * - `locked`: gated, nothing free. `off`: the site does not offer generation with it. → `usable: false`
 * - `gated`: denied, and what is free is not known. `unknown`: no verdict. → `usable: null`
 */
export type Generation = "open" | "free" | "trial" | "held" | "locked" | "off" | "gated" | "unknown";

/** A verdict with its reason; `null` where it is not known. */
export type Explanation = Verdict & {
  generation: Generation;
  usable: boolean | null;
  /** `false`: the reason is still being looked up (`explainStream` only). */
  complete: boolean;
  /** A look-up for the reason failed: what it would have returned is `null`. */
  incomplete: PermissionsError | null;
  /** `false`: no list and no look-up knows it. */
  exists: boolean | null;
  /** ISO 8601: when Civitai gave the verdict (the reply's `Date` less its `Age`). */
  asOf: string | null;
  gate: Gate;
  /** ISO 8601: when an early-access gate opens. */
  endsAt: string | null;
  /** Generations that are free though the gate is closed. */
  freeTrials: number | "unlimited" | null;
  /** Whether the site offers generation with it at all, gates aside. */
  canGenerate: boolean | null;
  modelId: number | null;
  modelName: string | null;
  versionName: string | null;
  ownerId: number | null;
  air: string | null;
};

/** A model and its published versions, in the site's order. */
export type ModelVersions = {
  modelId: number;
  modelName: string | null;
  ownerId: number | null;
  /** `"unknown"`: nothing could be learned of it, `error` has the reason. */
  state: "known" | "unknown";
  error?: PermissionsError;
  versions: {
    versionId: number;
    versionName: string;
    gate: Gate;
    endsAt: string | null;
    canGenerate: boolean | null;
  }[];
};

/** A resource that a text or a value names. */
export type Resource = {
  /** The link, AIR or id as it stands there. */
  text: string;
  /** `null`: a model without a version, or another source than `"civitai"`. */
  entityId: number | null;
  modelId: number | null;
  /** `"civitai"`, or the AIR's other source, such as `"huggingface"`. */
  source: string;
};

/** Stable; the README's table has what each means and what to do. */
export type PermissionsErrorCode =
  | "INVALID_ARGUMENT"
  | "NETWORK"
  | "TIMEOUT"
  | "RATE_LIMITED"
  | "REGION_BLOCKED"
  | "UNAUTHORIZED"
  | "HTTP"
  | "INVALID_RESPONSE"
  | "WASM_UNAVAILABLE";

/** What was wrong with an argument. */
export type InvalidReason =
  | "NOT_AN_ID"
  | "OUT_OF_RANGE"
  | "MODEL_ONLY"
  | "OTHER_SITE"
  | "OTHER_SOURCE"
  | "OPTION"
  | "SECRET";

/** The one error of this module. An abort is none: it rejects with `signal.reason` itself. */
export interface PermissionsError extends Error {
  readonly name: "PermissionsError";
  readonly code: PermissionsErrorCode;
  /** Of `INVALID_ARGUMENT`. */
  readonly reason?: InvalidReason;
  /** The reply's status, where there was a reply. */
  readonly status?: number;
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfter?: number;
  /** What the platform threw. */
  readonly cause?: unknown;
  /** Every verdict that is known. */
  readonly verdicts: Verdicts;
  /** The ids without one, ascending: `check(error.unknown)` is the retry. `code` and `cause` are those of the lowest. */
  readonly unknown: readonly number[];
  /** All of this but the cause, with `name` and `message`: what `Response.json(error)` sends. */
  toJSON(): object;
}
