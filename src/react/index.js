"use client";
// React: answers as they arrive, gathered so that a page of thousands stays smooth.

import { PermissionChecker } from "civitai-permissions";
import {
  createContext,
  createElement,
  startTransition,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { nextFrame } from "./frames.js";

/** @import { Explanation } from "civitai-permissions" */
/** @typedef {{ ask: object | null, byId: ReadonlyMap<number, Explanation>, pending: boolean, error: Error | null }} Answers */

const Checker = createContext(/** @type {PermissionChecker | null} */ (null));

/** @param {{ checker?: PermissionChecker, children?: import("react").ReactNode }} props */
export function PermissionsProvider({ checker, children }) {
  const [own] = useState(() => checker ?? new PermissionChecker());
  return createElement(Checker.Provider, { value: checker ?? own }, children);
}

/** @type {PermissionChecker | undefined} */
let shared;

/** Of components without a provider. */
function sharedChecker() {
  shared ??= new PermissionChecker();
  return shared;
}

/**
 * @param {Iterable<number | bigint | string> & object} ids
 * @param {{ userId?: number | bigint | string | null, bulk?: boolean, notOwned?: boolean }} [options]
 */
export function usePermissions(ids, { userId = null, bulk = false, notOwned = false } = {}) {
  const provided = useContext(Checker);
  const [attempt, setAttempt] = useState(0);
  const retry = useCallback(() => setAttempt((count) => count + 1), []);
  const [answers, setAnswers] = useState(nothing);
  const committed = useRef(() => {});

  // A list is new at each rendering; its text is the same.
  const list = listOf(ids);
  const question = JSON.stringify([
    Array.isArray(list) ? list.map(textOf) : null,
    textOf(userId),
    bulk,
    notOwned,
  ]);
  const ask = useMemo(() => ({ list, userId, bulk, notOwned }), [provided, question, attempt]);

  useEffect(() => {
    const leaving = new AbortController();
    const checker = provided ?? sharedChecker();
    const gathered = gather(leaving.signal, setAnswers, ask);
    committed.current = gathered.committed;
    follow(checker, ask, leaving.signal, gathered);
    return () => leaving.abort();
  }, [provided, ask]);

  // After what came in was drawn.
  useEffect(() => committed.current(), [answers]);

  const current = answers.ask === ask;
  return {
    byId: answers.byId,
    pending: current ? answers.pending : !(Array.isArray(list) && list.length === 0),
    error: current ? answers.error : null,
    retry,
  };
}

/** @type {Answers} */
const nothing = { ask: null, byId: new Map(), pending: true, error: null };

/**
 * Asks, and hands on what comes until the component leaves.
 * @param {PermissionChecker} checker
 * @param {{ list: any, userId: any, bulk: boolean, notOwned: boolean }} ask
 * @param {AbortSignal} signal
 * @param {ReturnType<typeof gather>} gathered
 */
async function follow(checker, { list, ...options }, signal, gathered) {
  try {
    for await (const batch of checker.explainStream(list, { ...options, signal })) gathered.add(batch);
    gathered.end(null);
  } catch (error) {
    // A caller that left needs no answer.
    if (!signal.aborted) gathered.end(/** @type {Error} */ (error));
  }
}

/**
 * Gathers answers for the next frame, and not before the last ones are drawn: a page that draws slowly draws more at
 * once.
 * @param {AbortSignal} signal
 * @param {(change: (before: Answers) => Answers) => void} apply
 * @param {object} ask
 */
function gather(signal, apply, ask) {
  /** @type {Map<number, Explanation>} */
  let arrived = new Map();
  /** @type {Set<number>} */
  const answered = new Set();
  /** @type {{ error: Error | null } | null} */
  let end = null;
  let drawing = false;
  let started = 0;

  function draw() {
    started = performance.now();
    if (signal.aborted || (arrived.size === 0 && !end)) return;
    const [news, ending] = [arrived, end];
    [arrived, end] = [new Map(), null];
    startTransition(() =>
      apply(({ byId }) => {
        // What is known of another question stays until this one is answered.
        const all = new Map([...byId, ...news]);
        return ending
          ? settled(ask, all, answered, ending.error)
          : { ask, byId: all, pending: true, error: null };
      }),
    );
  }

  function wake(pause = 0) {
    if (drawing) return;
    drawing = true;
    nextFrame(draw, pause);
  }

  return {
    /** @param {Explanation[]} batch */
    add(batch) {
      for (const explanation of batch) {
        arrived.set(explanation.entityId, explanation);
        answered.add(explanation.entityId);
      }
      wake();
    },
    /** @param {Error | null} error */
    end(error) {
      end = { error };
      wake();
    },
    committed() {
      drawing = false;
      // A drawing that took long is followed by a pause as long, for everything else that the page does.
      if (arrived.size > 0 || end) wake(performance.now() - started);
    },
  };
}

/**
 * @param {object} ask
 * @param {ReadonlyMap<number, Explanation>} all
 * @param {ReadonlySet<number>} answered
 * @param {Error | null} error why the call as a whole failed
 * @returns {Answers}
 */
function settled(ask, all, answered, error) {
  const byId = new Map([...all].filter(([entityId]) => answered.has(entityId)));
  // As in check(): of several ids without a verdict the lowest has its say.
  const unknown = [...byId.values()].filter(({ state }) => state === "unknown");
  const [lowest] = unknown.sort((one, other) => one.entityId - other.entityId);
  return { ask, byId, pending: false, error: error ?? (lowest?.state === "unknown" ? lowest.error : null) };
}

/** @param {unknown} ids */
function listOf(ids) {
  const iterates = typeof ids === "object" && ids !== null && Symbol.iterator in ids;
  // What is no list is handed on as it is: the checker says what is wrong with it.
  return iterates ? [.../** @type {Iterable<unknown>} */ (ids)] : ids;
}

/** @param {unknown} id */
const textOf = (id) => (typeof id === "object" && id !== null ? "an object" : String(id));
