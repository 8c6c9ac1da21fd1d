// One call: the answers to it, and the errors where there is none.

import { PermissionsError } from "./errors.js";
import { listen } from "./signals.js";

/**
 * @typedef {{ code: import("./index.js").PermissionsErrorCode, reason: string, status: number | null,
 *   retryAfter: number | null, cause?: unknown }} Failure
 * @typedef {any} Answer a verdict, an explanation or a model's versions
 */

export class Call {
  /** @type {Answer[]} */
  #answers = [];
  #ended = false;
  /** @type {{ reason: unknown } | undefined} */
  #rejected;
  #wake = () => {};
  #leave = () => {};

  #signal;

  /** @param {AbortSignal} [signal] */
  constructor(signal) {
    this.#signal = signal;
    if (signal?.aborted) throw signal.reason;
  }

  /** Listens to its signal, until it ends. @param {() => void} cancel */
  start(cancel) {
    const signal = this.#signal;
    const abort = () => this.reject(signal?.reason);
    const stopListening = signal && listen(signal, abort);
    this.#leave = () => {
      this.#leave = () => {};
      stopListening?.();
      cancel();
    };
  }

  /** @param {Answer} answer */
  answer(answer) {
    this.#answers.push(answer);
    this.#wake();
  }

  /** After the last answer. */
  done() {
    this.#ended = true;
    this.#wake();
  }

  /** Its caller gets this instead of answers. @param {unknown} reason */
  reject(reason) {
    this.#rejected ??= { reason };
    this.#wake();
    this.#leave();
  }

  /** Nobody waits for it any more. */
  end() {
    this.#leave();
  }

  /** The answers that arrived since the last time, or all. None: that was all. @param {boolean} [all] */
  async more(all) {
    while (!(this.#rejected || this.#ended || (!all && this.#answers.length > 0)))
      await new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
        this.#wake = resolve;
      });
    this.check();
    return this.#answers.splice(0);
  }

  /** Throws what its caller gets instead of answers. */
  check() {
    if (this.#rejected) throw this.#rejected.reason;
  }

  async all() {
    try {
      return await this.more(true);
    } finally {
      this.end();
    }
  }
}

/**
 * `{ 2514310: true, … }`, or the error if any id has no verdict.
 * @param {Answer[]} answers @param {string} base
 */
export function verdictsOf(answers, base) {
  /** @type {Record<number, boolean>} */
  const verdicts = {};
  const failed = [];
  for (const { entityId, state, failure } of answers) {
    if (failure) failed.push({ entityId, failure });
    else verdicts[entityId] = state === "granted";
  }
  failed.sort((left, right) => left.entityId - right.entityId);
  const [lowest] = failed;
  if (!lowest) return verdicts;
  const unknown = failed.map(({ entityId }) => entityId);
  throw errorOf(lowest.failure, "model version", unknown, answers.length, base, { verdicts, unknown });
}

/** An answer as its caller gets it: what failed becomes an error. @param {Answer} answer @param {string} base */
export function told({ failure, ...answer }, base) {
  const { entityId, modelId } = answer;
  if (failure)
    answer.error =
      entityId === undefined
        ? errorOf(failure, "model", [modelId], 1, base)
        : errorOf(failure, "model version", [entityId], 1, base, { unknown: [entityId] });
  return answer;
}

/**
 * One object for each distinct id, in the order in which they were mentioned.
 * @param {Answer[]} answers @param {number[]} ids @param {string} base
 */
export function inOrder(answers, ids, base) {
  const byId = new Map(answers.map((answer) => [answer.entityId ?? answer.modelId, answer]));
  return [...new Set(ids)].filter((id) => byId.has(id)).map((id) => told(byId.get(id), base));
}

/** Ids named in a message. */
const SHOWN = 5;

/**
 * @param {Failure} failure of the lowest id
 * @param {string} what @param {number[]} ids without a verdict @param {number} of so many @param {string} base
 * @param {{ verdicts?: import("./index.js").Verdicts, unknown?: number[] }} [details]
 */
function errorOf({ code, reason, status, retryAfter, cause }, what, ids, of, base, details) {
  const named = ids.slice(0, SHOWN).join(", ") + (ids.length > SHOWN ? ", …" : "");
  const which = of > 1 ? `${ids.length} of ${of} ${what}s (${named})` : `${what} ${named}`;
  const where = status === null ? base : `${base} answered ${status}`;
  return new PermissionsError(`no verdict for ${which}: ${reason} (${where})`, {
    code,
    ...(status !== null && { status }),
    ...(retryAfter !== null && { retryAfter }),
    ...(cause !== undefined && { cause }),
    ...details,
  });
}
