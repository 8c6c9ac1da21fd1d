/// <reference lib="esnext.disposable" />

import type {
  CheckerOptions,
  CheckOptions,
  EntityIdLike,
  EntityIds,
  ExplainOptions,
  Explanation,
  InvalidReason,
  ModelIdLike,
  ModelVersions,
  PermissionsErrorCode,
  PermissionsError as PermissionsErrorShape,
  Resource,
  Verdict,
  Verdicts,
} from "./types.js";

export type * from "./types.js";

/**
 * Which of these model versions may be generated with, as far as gates (early access, paid, private) go. One shot: it
 * caches nothing; `[]` gives `{}`.
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
 * asked again, and verdicts are cached for `maxAge`.
 *
 * Bad arguments and aborts reject (generators: at the first `next()`). Failures of an id are data in streams,
 * `explain` and `versions`; only `check` turns them into a rejection.
 */
export class PermissionChecker {
  /**
   * Judges its options only; wasm starts at the first call, which rejects if it cannot. Throws a
   * {@link PermissionsError} that names the option that is wrong.
   */
  constructor(options?: CheckerOptions);

  /** As {@link checkPermissions}. */
  check(entityIds: EntityIds, options?: CheckOptions): Promise<Verdicts>;

  /**
   * Each distinct id once, as it is known. Leaving the loop early cancels the rest.
   *
   * @example
   * for await (const { entityId, state } of checker.stream(ids)) show(entityId, state);
   */
  stream(entityIds: EntityIds, options?: CheckOptions): AsyncGenerator<Verdict, void>;

  /** The same, with the verdicts of one reply together: for user interfaces. */
  streamBatches(entityIds: EntityIds, options?: CheckOptions): AsyncGenerator<Verdict[], void>;

  /** Verdicts with their reasons: one for each distinct id, in order of first mention. */
  explain(entityIds: EntityIds, options?: ExplainOptions): Promise<Explanation[]>;

  /**
   * For the browser extension, which reads pages; no part of the API, and it may change with any version.
   * @internal
   */
  explainOnPage(entityIds: EntityIds, page: string, options?: ExplainOptions): Promise<Explanation[]>;

  /**
   * The same as soon as a verdict is known (`complete: false`), and once more when its reason is; an id whose reason is
   * known at once comes once.
   */
  explainStream(entityIds: EntityIds, options?: ExplainOptions): AsyncGenerator<Explanation[], void>;

  /** What model links lead to: one for each distinct model, in order of first mention. */
  versions(models: Iterable<ModelIdLike> & object, options?: ExplainOptions): Promise<ModelVersions[]>;

  /** Drops what is cached of these ids, or everything. */
  clear(entityIds?: EntityIds): void;

  /** The cache as text: it survives a worker's restart. It holds the verdicts of every user asked for: not for pages. */
  snapshot(): string;

  /** Takes a snapshot back. `false`: of another version or base URL, or damaged; nothing was changed. */
  restore(snapshot: string): boolean;

  /** Ends it: calls that wait reject, further ones are refused. */
  [Symbol.dispose](): void;
}

/** The one error of this module. An abort is none: it rejects with `signal.reason` itself. */
export interface PermissionsError extends PermissionsErrorShape {}
export const PermissionsError: {
  /** For fixtures in tests. */
  new (
    message: string,
    details: {
      code: PermissionsErrorCode;
      reason?: InvalidReason;
      status?: number;
      retryAfter?: number;
      verdicts?: Verdicts;
      unknown?: readonly number[];
      cause?: unknown;
    },
  ): PermissionsError;
  readonly prototype: PermissionsError;
};

/**
 * Recognises a {@link PermissionsError} by its brand: also one of another realm or of another copy of this module. A
 * structured clone loses the brand: send `toJSON()`.
 */
export function isPermissionsError(error: unknown): error is PermissionsError;

/** The id that a number, a bigint or a text names. Throws a {@link PermissionsError} that has what was wrong. */
export function parseEntityId(input: EntityIdLike): number;

/** What a link or an AIR names; `null`: no link or AIR to a model. Never throws. */
export function parseLink(input: string): { modelId: number | null; entityId: number | null } | null;

/**
 * The resources that a text or a value names, each once, in order of first mention: AIRs, links, and members named for
 * an id (`modelVersionId`, `versionId`, `entityIds`), in prose, in generation metadata, in workflows, in JSON however
 * deep. Values are walked, keys too; cycles are allowed, 1,000,000 nodes at most. Never throws on content.
 *
 * @example
 * const ids = findResources(workflow).flatMap(({ entityId }) => entityId ?? []);
 */
export function findResources(source: unknown): Resource[];

/**
 * Starts the wasm; everything above does so by itself, at first use. Needed only where the inlined bytes may not be
 * compiled (give it a module that the platform compiled, or the bytes), or not synchronously on the main thread.
 */
export function init(source?: ArrayBuffer | ArrayBufferView | object): Promise<void>;
