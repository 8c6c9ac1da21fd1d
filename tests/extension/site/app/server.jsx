import { renderToPipeableStream } from "react-dom/server";
import { App } from "./App.jsx";

/**
 * What goes into `#__next`.
 *
 * @param {import("./site-data.js").SiteData} data
 * @param {(error: unknown) => void} onError
 * @returns {Promise<import("react-dom/server").PipeableStream>} ready to be piped as a whole
 */
export function render(data, onError) {
  return new Promise((resolve) => {
    const stream = renderToPipeableStream(<App data={data} />, {
      onAllReady: () => resolve(stream),
      onError,
    });
  });
}
