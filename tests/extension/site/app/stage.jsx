import { createContext, startTransition, useContext, useEffect, useMemo, useReducer } from "react";
import { depthHere, useRouter } from "./router.jsx";

/**
 * What a test can do from inside the page (`window.__site`), and what the components make of it.
 *
 * @typedef {{ data: import("./site-data.js").SiteData, rearranged: boolean, renders: number }} StageState
 */

const StageContext = createContext(/** @type {StageState | null} */ (null));

/** @returns {StageState} */
export function useStage() {
  const stage = useContext(StageContext);
  if (!stage) throw new Error("useStage needs a StageProvider above it");
  return stage;
}

/** Two steps at once would not see each other: it ends when the page knows of it. */
async function back() {
  if (depthHere() === 0) return;
  const arrived = new Promise((resolve) => addEventListener("popstate", resolve, { once: true }));
  history.back();
  // Browsers drop entries where there are too many.
  await Promise.race([arrived, new Promise((resolve) => setTimeout(resolve, 2000))]);
}

/** @param {{ data: import("./site-data.js").SiteData, children: import("react").ReactNode }} props */
export function StageProvider({ data, children }) {
  const router = useRouter();
  const [rearranged, rearrange] = useReducer((was) => !was, false);
  const [renders, rerender] = useReducer((was) => was + 1, 0);

  useEffect(() => {
    window.__site = {
      navigate: router.push,
      back,
      rearrange: () => startTransition(rearrange),
      rerender: () => startTransition(rerender),
    };
  }, [router]);

  const stage = useMemo(() => ({ data, rearranged, renders }), [data, rearranged, renders]);
  return <StageContext.Provider value={stage}>{children}</StageContext.Provider>;
}
