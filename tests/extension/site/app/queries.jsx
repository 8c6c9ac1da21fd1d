import { createContext, useContext, useEffect, useRef, useState } from "react";
import { queryKey } from "./query-key.js";

/**
 * The site's own data: what the server rendered with is there at once, the rest comes from `/api/trpc` later.
 */

const QueryContext = createContext(/** @type {Map<string, unknown>} */ (new Map()));

/** @param {{ queries: Record<string, unknown>, children: import("react").ReactNode }} props */
export function QueryProvider({ queries, children }) {
  const [cache] = useState(() => new Map(Object.entries(queries)));
  return <QueryContext.Provider value={cache}>{children}</QueryContext.Provider>;
}

/**
 * The answer to a question, or the previous one while it is not there yet.
 *
 * @template {keyof import("./site-data.js").Answers} P
 * @param {P} procedure
 * @param {object} input
 * @returns {{ data: import("./site-data.js").Answers[P] | undefined, stale: boolean }}
 */
export function useQuery(procedure, input) {
  const cache = useContext(QueryContext);
  const key = queryKey(procedure, input);
  const question = JSON.stringify(input);
  const [, arrived] = useState("");
  const last = useRef(/** @type {import("./site-data.js").Answers[P] | undefined} */ (undefined));

  useEffect(() => {
    if (cache.has(key)) return;
    const leave = new AbortController();
    // The document's address may have ordered it; a request has an address of its own.
    const every = window.__SITE__.options.every ? "&__every=1" : "";
    fetch(`/api/trpc/${procedure}?input=${encodeURIComponent(question)}${every}`, {
      signal: leave.signal,
    })
      .then((response) => response.json())
      .then((data) => {
        cache.set(key, data);
        arrived(key);
      })
      .catch((cause) => {
        if (!leave.signal.aborted) throw cause;
      });
    return () => leave.abort();
  }, [cache, key, procedure, question]);

  const stale = !cache.has(key);
  if (!stale) last.current = /** @type {import("./site-data.js").Answers[P]} */ (cache.get(key));
  return { data: last.current, stale };
}
