import { hydrateRoot } from "react-dom/client";
import { App } from "./App.jsx";
// The site's own sheet first: it puts the layers in order.
import "./site.css";
import "@mantine/core/styles.layer.css";

const root = document.getElementById("__next");
if (!root) throw new Error("the document has no #__next to hydrate");

hydrateRoot(root, <App data={window.__SITE__} />, {
  onRecoverableError: (error) =>
    window.__siteErrors.push({
      kind: "recoverable",
      message: error instanceof Error ? error.message : `${error}`,
    }),
});
