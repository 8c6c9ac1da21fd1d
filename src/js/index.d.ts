/// <reference lib="esnext.disposable" />

/**
 * A model version, however the caller has it: `2514310`, `"2514310"`, `2514310n`, an AIR
 * (`"urn:air:sdxl:lora:civitai:827184@2514310"`, `"civitai:827184@2514310"`) or a link to civitai.com, civitai.red,
 * civitai.green or civitaired.com that names a version (`"https://civitai.com/models/827184?modelVersionId=2514310"`),
 * also relative to the root.
 */
export type EntityIdLike = number | bigint | string;

/** A list of them, at most 100,000. A lone string is not a list, though it iterates. */
export type EntityIds = Iterable<EntityIdLike> & object;

/** Each id's verdict: `true` granted, `false` gated. An id without a verdict has no key. A plain object. */
export type Verdicts = Record<number, boolean>;

/** What may differ from call to call. */
export interface CheckOptions {
  /** Ask on behalf of this user, from 1 to 2147483647. Absent or null: anonymous. */
  userId?: number | null;
  /** Rejects with `signal.reason`, unchanged. A deadline for a whole call is `AbortSignal.timeout(ms)`. */
  signal?: AbortSignal | null;
  /** Pass by our memory, the browser's cache and the edge's. Default `false`. */
  fresh?: boolean;
  /** The API's parameter; this is its only value. */
  entityType?: "ModelVersion";
  /** The API's parameter; this is its only value. */
  permission?: "Generate";
}

/** What may differ from call to call, where verdicts alone are asked for. */
export interface VerdictOptions extends CheckOptions {
  /**
   * `false`: none of these versions is the user's own, as the caller knows, so that nobody looks their owners up. Such
   * denials are not remembered. Default `true`.
   */
  own?: boolean;
}

/** What may differ from call to call, where single versions or models may be looked up. */
export interface LookUpOptions extends CheckOptions {
  /**
   * Bulk look-ups only: no request for each gated version (`explain`) or for each model that the list leaves out
   * (`versions`). Less is known then. Default `false`.
   */
  bulk?: boolean;
}

/** What holds for all calls of a checker. */
export interface CheckerOptions {
  /** Where the API lies: http or https, no credentials, query or fragment; a path is kept. Default `"https://civitai.com"`. */
  baseUrl?: string;
  /** Ids in one request, from 1 to 10000; less where the URL would be too long. Default 200. */
  maxBatchSize?: number;
  /** Requests under way at once, from 1 to 16. Default 4. */
  concurrency?: number;
  /** Milliseconds that a granted verdict is reused, a denied one a fifth of it; 0: never. Default 300000, as long as the edge does. */
  maxAge?: number;
  /** Milliseconds for one request, headers and body, from 1 to 2147483647. A call waits as long, altogether, for a server that asks for pauses. Default 15000. */
  timeout?: number;
  /** Further tries of a request that failed in passing, from 0 to 10; with 0 a refused batch is not taken apart either. Default 3. */
  retries?: number;
  /** The `fetch` to use instead of the global one. It gets a URL and `{ method, credentials, cache, signal }`. */
  fetch?: typeof fetch;
}

/**
 * Which of these model versions may be generated with, as far as gates (early access, paid, private) go. One shot: it
 * remembers nothing; `[]` gives `{}`.
 *
 * It never guesses: if any id has no verdict it rejects with a {@link PermissionsError} that holds every verdict that
 * arrived.
 *
 * @example
 * await checkPermissions([2514310, 2402203]); // { "2402203": false, "2514310": true }
 */
export function checkPermissions(
  entityIds: EntityIds,
  options?: CheckOptions & CheckerOptions,
): Promise<Verdicts>;

/**
 * A checker for the life of an app. Calls made in one turn of the event loop share requests, an id under way is not
 * asked again, and verdicts are remembered for `maxAge`.
 *
 * Bad arguments and aborts reject (`stream`: at the first `next()`). Failures of an id are data in `stream`, `explain`
 * and `versions`; only `check` turns them into a rejection.
 */
export class PermissionChecker {
  /** Throws a {@link PermissionsError} that names the option that is wrong. */
  constructor(options?: CheckerOptions);

  /** As {@link checkPermissions}. */
  check(entityIds: EntityIds, options?: VerdictOptions): Promise<Verdicts>;

  /**
   * Each distinct id once, as it is known. Leaving the loop early cancels the rest.
   *
   * @example
   * for await (const { entityId, state } of checker.stream(ids)) show(entityId, state);
   */
  stream(entityIds: EntityIds, options?: VerdictOptions): AsyncGenerator<Verdict, void>;

  /** Verdicts with their reasons: one for each distinct id, in the order of first mention. */
  explain(entityIds: EntityIds, options?: LookUpOptions): Promise<Explanation[]>;

  /** What model links lead to: one for each distinct model, in the order of first mention. */
  versions(modelIds: Iterable<number> & object, options?: LookUpOptions): Promise<ModelVersions[]>;

  /** Forgets what it remembers of these ids, or everything. */
  clear(entityIds?: EntityIds): void;

  /** What it remembers, as text: carries the memory over a worker's death. */
  snapshot(): string;

  /** Takes a snapshot back. `false`: of another version or base URL, or damaged; nothing was changed. */
  restore(snapshot: string): boolean;

  /** Ends it: calls that wait reject, further ones are refused. */
  [Symbol.dispose](): void;
}

/** What is known of an id. `personal`: gated for others, open for this user, who bought or owns it. */
export type Verdict = { entityId: number } & (
  | { state: "granted"; personal: boolean }
  | { state: "denied" }
  | { state: "unknown"; error: PermissionsError }
);

/** Why a version is denied, or would be for others. */
export type Gate = "none" | "earlyAccess" | "paid" | "private" | "unknown";

/** A verdict with its reason; null where the API does not tell. */
export type Explanation = Verdict & {
  gate: Gate;
  /** ISO 8601: when an early-access gate opens. */
  endsAt: string | null;
  /** Whether the site offers generation with it at all. */
  canGenerate: boolean | null;
  /** Offered, and granted or free or with free tries: a gate is not always a no. */
  canGenerateNow: boolean | null;
  /** Generations that are free though the gate is closed. */
  freeTrials: number | "unlimited" | null;
  modelId: number | null;
  modelName: string | null;
  versionName: string | null;
  ownerId: number | null;
};

/** A model and its published versions, in the site's order. */
export type ModelVersions = {
  modelId: number;
  modelName: string | null;
  ownerId: number | null;
  /** `"unknown"`: nothing could be learned of it, `error` tells why. */
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

/** Stable; the README's table says what each means and what to do. */
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

/** The one error of this module. An abort is none: it rejects with `signal.reason` itself. */
export class PermissionsError extends Error {
  private constructor();
  readonly name: "PermissionsError";
  readonly code: PermissionsErrorCode;
  /** The answer's status, where there was an answer. */
  readonly status?: number;
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfter?: number;
  /** Every verdict that is known. */
  readonly verdicts: Verdicts;
  /** The ids without one, ascending: `check(error.unknown)` is the retry. `code` and `cause` are those of the lowest. */
  readonly unknown: readonly number[];
}

/** Tells a {@link PermissionsError} by its brand: also one of another realm or of another copy of this module. */
export function isPermissionsError(error: unknown): error is PermissionsError;

/** The id that a number, a bigint or a text names. Throws a {@link PermissionsError} that says what was wrong. */
export function parseEntityId(input: EntityIdLike): number;

/**
 * Starts the wasm; everything above does so by itself, at first use. Only where compiling the inlined bytes is
 * forbidden: give it a module that the platform compiled, or the bytes. A second call does nothing.
 */
export function init(source?: BufferSource | WebAssembly.Module): void;
