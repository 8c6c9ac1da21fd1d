import { createContext, useContext, useEffect, useMemo, useState } from "react";
import { depthHere } from "./router.jsx";

/**
 * The site's second router: dialogs over the page. It writes the address by itself and announces it with the
 * window event `locationchange`, which the first router never sends; the page below stays mounted.
 *
 * @typedef {{ imageId: number | null, open: (imageId: number) => void, close: () => void }} Dialogs
 */

const DialogContext = createContext(/** @type {Dialogs | null} */ (null));

/** @returns {Dialogs} */
export function useDialogs() {
  const dialogs = useContext(DialogContext);
  if (!dialogs) throw new Error("useDialogs needs a DialogProvider above it");
  return dialogs;
}

/** @param {{ children: import("react").ReactNode }} props */
export function DialogProvider({ children }) {
  const [imageId, setImageId] = useState(/** @type {number | null} */ (null));

  useEffect(() => {
    const onPopState = (/** @type {PopStateEvent} */ event) => announce(event.state);
    const onLocationChange = () => setImageId(history.state?.dialog ?? null);
    addEventListener("popstate", onPopState);
    addEventListener("locationchange", onLocationChange);
    return () => {
      removeEventListener("popstate", onPopState);
      removeEventListener("locationchange", onLocationChange);
    };
  }, []);

  const dialogs = useMemo(() => ({ imageId, open, close: () => history.back() }), [imageId]);
  return <DialogContext.Provider value={dialogs}>{children}</DialogContext.Provider>;
}

/** @param {number} imageId */
function open(imageId) {
  const url = `/images/${imageId}`;
  const state = { ...history.state, url, as: url, dialog: imageId, depth: depthHere() + 1 };
  history.pushState(state, "", url);
  announce(state);
}

/** @param {unknown} state */
function announce(state) {
  dispatchEvent(new CustomEvent("locationchange", { detail: [state] }));
}
