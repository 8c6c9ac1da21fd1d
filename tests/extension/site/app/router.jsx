import { createContext, startTransition, useCallback, useContext, useEffect, useMemo, useState } from "react";

/**
 * The pages router as the site uses it: links push, the version list replaces, both are shallow in that no page
 * data is fetched for a version, and no node of the page is made anew. Updates are transitions, as there.
 *
 * @typedef {{ asPath: string, push: (url: string) => void, replace: (url: string) => void }} Router
 */

const RouterContext = createContext(/** @type {Router | null} */ (null));

/** @returns {Router} */
export function useRouter() {
  const router = useContext(RouterContext);
  if (!router) throw new Error("useRouter needs a RouterProvider above it");
  return router;
}

/** How many entries of the history belong to this document, before the one on show. @returns {number} */
export const depthHere = () => history.state?.depth ?? 0;

/** @param {{ asPath: string, children: import("react").ReactNode }} props */
export function RouterProvider({ asPath: initial, children }) {
  const [asPath, setAsPath] = useState(initial);

  const go = useCallback((/** @type {"pushState" | "replaceState"} */ how, /** @type {string} */ url) => {
    const depth = depthHere() + (how === "pushState" ? 1 : 0);
    history[how]({ url, as: url, options: { shallow: how === "replaceState" }, __N: true, depth }, "", url);
    startTransition(() => setAsPath(url));
  }, []);

  useEffect(() => {
    const onPopState = (/** @type {PopStateEvent} */ event) => {
      // A dialog's entry belongs to the second router: the page below stays what it is.
      if (event.state?.dialog) return;
      startTransition(() => setAsPath(location.pathname + location.search));
    };
    if (!history.state) history.replaceState({ url: initial, as: initial, __N: true }, "");
    addEventListener("popstate", onPopState);
    return () => removeEventListener("popstate", onPopState);
  }, [initial]);

  const router = useMemo(
    () => ({
      asPath,
      push: (/** @type {string} */ url) => go("pushState", url),
      replace: (/** @type {string} */ url) => go("replaceState", url),
    }),
    [asPath, go],
  );
  return <RouterContext.Provider value={router}>{children}</RouterContext.Provider>;
}

/**
 * A link within the site: a plain `<a>` whose click stays in the page.
 *
 * @param {import("react").AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }} props
 */
export function Link({ href, onClick, ...rest }) {
  const router = useRouter();
  return (
    <a
      {...rest}
      href={href}
      onClick={(event) => {
        onClick?.(event);
        if (
          event.defaultPrevented ||
          event.metaKey ||
          event.ctrlKey ||
          event.shiftKey ||
          rest.target === "_blank"
        )
          return;
        event.preventDefault();
        router.push(href);
      }}
    />
  );
}
