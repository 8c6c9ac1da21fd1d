import type { EntityIds, Explanation, PermissionChecker, UserIdLike } from "civitai-permissions";
import type { ReactElement, ReactNode } from "react";

/**
 * Gives the components below it one checker. Without `checker` it makes one with the default options; components
 * without a provider share one of the page's own.
 */
export function PermissionsProvider(props: {
  checker?: PermissionChecker;
  children?: ReactNode;
}): ReactElement;

/**
 * Asks for these model versions, and again when the ids or the user change. All components of a page share requests.
 *
 * What arrives is gathered and drawn once a frame at most. Nothing is debounced: give it a user id that was submitted,
 * not the text of a field while somebody types. On a server it renders as pending.
 *
 * @example
 * const { byId, pending, error, retry } = usePermissions([2514310, 2402203]);
 * byId.get(2402203)?.usable; // true, false, null: not known; undefined: not answered yet
 */
export function usePermissions(
  ids: EntityIds,
  options?: {
    /** Ask on behalf of this user. Absent or null: anonymous. */
    userId?: UserIdLike | null;
    /** As in `explain`: lists only, so that `generation` may stay `"gated"`. */
    bulk?: boolean;
    /** As in `explain`: none of these is the user's own. */
    notOwned?: boolean;
  },
): Permissions;

/** What is known so far. */
export interface Permissions {
  /** The answers by model version id. While another user or list is asked for, those of the last one stay. */
  byId: ReadonlyMap<number, Explanation>;
  /** Whether something is still to come. */
  pending: boolean;
  /**
   * Why an id has no answer: the error of the lowest unknown one, or of the call as a whole, such as a bad id. Usually
   * a `PermissionsError`.
   */
  error: Error | null;
  /** Asks again; what is known costs no request. */
  retry: () => void;
}
