// What the tests of the module share.

import assert from "node:assert/strict";
import { isPermissionsError } from "civitai-permissions";
import { startServer } from "../helpers/repository.js";

/** @typedef {import("civitai-permissions").PermissionsError} PermissionsError */

/**
 * The PermissionsError that a call ends with; anything else fails the test.
 * @param {Promise<unknown> | (() => unknown)} call
 * @returns {Promise<PermissionsError>}
 */
export async function failureOf(call) {
  try {
    await (typeof call === "function" ? call() : call);
  } catch (error) {
    if (isPermissionsError(error)) return error;
    throw error;
  }
  throw assert.fail("nothing failed");
}

/**
 * A server for what the stand-in is too well-behaved to do. It lives as long as the test.
 * @param {import("node:test").TestContext} test
 * @param {import("node:http").RequestListener} answer
 */
export async function rudeServer(test, answer) {
  const { url, close } = await startServer(answer);
  test.after(close);
  return url;
}

/**
 * A `fetch` that grants even ids, and notes what it was asked.
 * @param {(url: URL, init: RequestInit) => unknown} [answer]
 */
export function recordingFetch(answer = granting) {
  /** @type {{ url: URL, init: RequestInit }[]} */
  const calls = [];
  const fetch = /** @type {typeof globalThis.fetch} */ (
    async (url, init) => {
      const call = { url: new URL(String(url)), init: init ?? {} };
      calls.push(call);
      return answer(call.url, call.init);
    }
  );
  return { fetch, calls };
}

/** @param {URL} url */
export function granting(url) {
  return Response.json(Object.fromEntries(idsOf(url).map((id) => [id, id % 2 === 0])));
}

/** The ids of a check. @param {URL | string} url */
export function idsOf(url) {
  return (new URL(url, "http://host").searchParams.get("entityIds") ?? "").split(",").map(Number);
}

/** The ids from `first` to `last`. @param {number} first @param {number} last */
export const span = (first, last) => Array.from({ length: last - first + 1 }, (_, nth) => first + nth);
