import { createContext, useContext, useEffect, useRef } from "react";
import { useStage } from "./stage.jsx";

/**
 * The head of the document, as a stack: while a dialog is open, title and links speak of the dialog's entity.
 *
 * @typedef {{ title: string, path: string, alternate?: string }} Head
 */

const StackContext = createContext(/** @type {Head[]} */ ([]));

/** @param {{ children: import("react").ReactNode }} props */
export function MetaProvider({ children }) {
  const stack = useRef(/** @type {Head[]} */ ([]));
  return <StackContext.Provider value={stack.current}>{children}</StackContext.Provider>;
}

/** @param {Head} props */
export function Meta({ title, path, alternate }) {
  const stack = useContext(StackContext);
  const { data } = useStage();

  useEffect(() => {
    const head = alternate ? { title, path, alternate } : { title, path };
    stack.push(head);
    write(stack, data.host);
    return () => {
      stack.splice(stack.indexOf(head), 1);
      write(stack, data.host);
    };
  }, [stack, title, path, alternate, data.host]);
  return null;
}

/**
 * @param {Head[]} stack
 * @param {string} host
 */
function write(stack, host) {
  const head = stack.at(-1);
  if (!head) return;
  document.title = head.title;
  link("canonical", `https://${host}${head.path}`);
  link("alternate", head.alternate && `https://${host}${head.alternate}`);
}

/**
 * @param {string} rel
 * @param {string | undefined} href
 */
function link(rel, href) {
  const old = document.head.querySelector(`link[rel="${rel}"]`);
  if (!href) return old?.remove();
  const element = old ?? document.head.appendChild(document.createElement("link"));
  element.setAttribute("rel", rel);
  element.setAttribute("href", href);
}
