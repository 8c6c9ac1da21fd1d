// A server on 127.0.0.1 and a free port, for one test or one bench.

import { once } from "node:events";
import { createServer } from "node:http";

/**
 * @param {import("node:http").RequestListener} answer
 * @returns {Promise<{ url: string, close: () => void }>} `close` also ends what is still connected
 */
export async function startServer(answer) {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
