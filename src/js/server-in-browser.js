// What a browser build gets in the place of server.js.

/** @type {typeof import("./server.js").currentUser} */
export const currentUser = refuse();

/** @returns {never} */
function refuse() {
  throw new Error(
    "civitai-permissions/server is for servers: it sends an API token, and in a browser everyone could read that. " +
      "Ask your own server for the user's id and give it to the check as `userId`.",
  );
}
