// A React hook: the state of each model version, as it arrives.
//
//   const checker = new PermissionChecker();      // one for the app, outside the components
//   const states = useVerdicts(checker, [2514310, 2402203]);
//   states[2402203]                               // "granted", "denied", "unknown", or undefined: still asking

import { useEffect, useState } from "react";

/**
 * @param {import("civitai-permissions").PermissionChecker} checker
 * @param {number[]} ids
 * @param {number | null} [userId]
 */
export function useVerdicts(checker, ids, userId = null) {
  const [states, setStates] = useState({});
  // A list is new at each rendering; its text is the same.
  const list = JSON.stringify(ids);

  useEffect(() => {
    const left = new AbortController();
    setStates({});
    const follow = async () => {
      const verdicts = checker.stream(JSON.parse(list), { userId, signal: left.signal });
      for await (const { entityId, state } of verdicts) {
        setStates((before) => ({ ...before, [entityId]: state }));
      }
    };
    follow().catch((error) => {
      if (!left.signal.aborted)
        setStates(() => {
          throw error;
        }); // to the nearest error boundary
    });
    return () => left.abort();
  }, [checker, list, userId]);

  return states;
}
