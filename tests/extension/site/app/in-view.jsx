import { createContext, useCallback, useContext, useEffect, useRef, useState } from "react";

/**
 * What is near the viewport, as the site decides it: one observer on the scroller, a screenful of margin, and
 * an `id` of eight random characters that the observer writes on each element it watches.
 */

/** @typedef {(element: Element, onChange: (inView: boolean) => void) => () => void} Watch */

const WatchContext = createContext(
  /** @type {{ watch: Watch, scroller: () => HTMLElement | null } | null} */ (null),
);

export function useScroller() {
  const context = useContext(WatchContext);
  if (!context) throw new Error("useScroller needs a ScrollArea above it");
  return context;
}

/**
 * The page's scroller: this, and not the window.
 *
 * @param {{ children: import("react").ReactNode }} props
 */
export function ScrollArea({ children }) {
  const element = useRef(/** @type {HTMLDivElement | null} */ (null));
  const listeners = useRef(new Map());
  const observer = useRef(/** @type {IntersectionObserver | null} */ (null));

  const watch = useCallback(
    (/** @type {Element} */ target, /** @type {(inView: boolean) => void} */ onChange) => {
      observer.current ??= new IntersectionObserver(
        (entries) => {
          for (const entry of entries) listeners.current.get(entry.target)?.(entry.isIntersecting);
        },
        { root: element.current, rootMargin: "100% 0px" },
      );
      const watching = observer.current;
      target.id = Math.random().toString(36).slice(2, 10);
      listeners.current.set(target, onChange);
      watching.observe(target);
      return () => {
        listeners.current.delete(target);
        watching.unobserve(target);
      };
    },
    [],
  );

  const [context] = useState(() => ({ watch, scroller: () => element.current }));
  return (
    <WatchContext.Provider value={context}>
      <div ref={element} className="scroll-area flex-1 @container">
        <main className="min-w-0 flex-1">{children}</main>
      </div>
    </WatchContext.Provider>
  );
}

/**
 * Whether the element of this ref is near the viewport.
 *
 * @returns {[import("react").RefObject<HTMLDivElement>, boolean]}
 */
export function useInView() {
  const { watch } = useScroller();
  const ref = useRef(/** @type {HTMLDivElement | null} */ (null));
  const [inView, setInView] = useState(false);
  useEffect(() => (ref.current ? watch(ref.current, setInView) : undefined), [watch]);
  return [ref, inView];
}
