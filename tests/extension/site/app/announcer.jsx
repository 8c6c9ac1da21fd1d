import { useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { useRouter } from "./router.jsx";

/**
 * The element `next-route-announcer`, made in the body by an effect of the root: the one sign in the document
 * that hydration is through. Its text follows the title at each change of the address.
 */
export function RouteAnnouncer() {
  const { asPath } = useRouter();
  const [node, setNode] = useState(/** @type {HTMLElement | null} */ (null));
  const [text, setText] = useState("");

  useEffect(() => {
    const element = document.body.appendChild(document.createElement("next-route-announcer"));
    setNode(element);
    return () => element.remove();
  }, []);

  useEffect(() => {
    const timer = setTimeout(() =>
      setText(document.title || (document.querySelector("h1")?.textContent ?? asPath)),
    );
    return () => clearTimeout(timer);
  }, [asPath]);

  return node && createPortal(<Announcement text={text} />, node);
}

/** @param {{ text: string }} props */
function Announcement({ text }) {
  return (
    <p aria-live="assertive" id="__next-route-announcer__" role="alert" style={hidden}>
      {text}
    </p>
  );
}

/** @type {import("react").CSSProperties} */
const hidden = {
  border: 0,
  clip: "rect(0 0 0 0)",
  height: "1px",
  margin: "-1px",
  overflow: "hidden",
  padding: 0,
  position: "absolute",
  top: 0,
  width: "1px",
  whiteSpace: "nowrap",
};
