// A server that asks on behalf of the owner of a token. The token stays here; pages only see the verdicts.
//
//   CIVITAI_TOKEN=… node server.js
//   curl "http://127.0.0.1:8080/?ids=2514310,2402203"

import { createServer } from "node:http";
import { isPermissionsError, PermissionChecker } from "civitai-permissions";
import { currentUser } from "civitai-permissions/server";

const { CIVITAI_TOKEN: token = "", BASE_URL: baseUrl = "https://civitai.com", PORT = "8080" } = process.env;

const { id: userId, username } = await currentUser({ token, baseUrl });
const checker = new PermissionChecker({ baseUrl });

const server = createServer(async (request, response) => {
  const ids = new URL(request.url ?? "/", "http://host").searchParams.get("ids") ?? "";
  // Who leaves does not keep the question going.
  const left = new AbortController();
  response.on("close", () => left.abort());
  try {
    const verdicts = await checker.check(ids.split(","), { userId, signal: left.signal });
    answer(200, { username, verdicts });
  } catch (error) {
    if (!isPermissionsError(error)) return response.destroy();
    const { code, message, verdicts, unknown } = error;
    answer(code === "INVALID_ARGUMENT" ? 400 : 502, { code, message, verdicts, unknown });
  }

  /** @param {number} status @param {object} body */
  function answer(status, body) {
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
  }
});

server.listen(Number(PORT), "127.0.0.1", () => {
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  console.log(`asking for ${username} at http://127.0.0.1:${port}`);
});
