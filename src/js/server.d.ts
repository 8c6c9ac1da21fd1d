import type { AbortSignalLike } from "./types.js";

/** Whose token to ask about, and how. */
export interface CurrentUserOptions {
  /** An API token of Civitai (Account settings → API keys), without "Bearer ". It goes into the Authorization header and nowhere else. */
  token: string;
  /** Where the API is: https, or http on this machine itself. A path is kept. Default `"https://civitai.com"`. */
  baseUrl?: string | { readonly href: string };
  /** Rejects with `signal.reason`, unchanged. */
  signal?: AbortSignalLike | null;
  /** Milliseconds for the request, from 1 to 2147483647. Default 15000. */
  timeout?: number;
  /** The `fetch` to use instead of the global one. It gets a URL and `{ headers, redirect, signal }`. */
  // biome-ignore lint/suspicious/noExplicitAny: the types of fetch need the DOM library or Node's types
  fetch?: (url: string, init: any) => PromiseLike<{ readonly status: number }>;
}

/**
 * The owner of a token: on a server, this turns a token into a `userId` for the check.
 *
 * Rejects with a `PermissionsError`: `UNAUTHORIZED` for a token that is not valid, the other codes as everywhere. A
 * redirect is not followed.
 *
 * @example
 * const { id } = await currentUser({ token: process.env.CIVITAI_TOKEN });
 * const verdicts = await checkPermissions([2514310], { userId: id });
 */
export function currentUser(options: CurrentUserOptions): Promise<{ id: number; username: string }>;
