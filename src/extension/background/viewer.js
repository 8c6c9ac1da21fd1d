/** @typedef {import("../settings.js").Settings} Settings */

/**
 * Who is looking, and what of it leaves this machine.
 *
 * @typedef {object} Looker
 * @property {"public" | "account" | "fixed"} mode
 * @property {number | null} self compared with owners, here
 * @property {number | null} sent the number that requests about gated versions carry
 */

/**
 * @param {Settings} settings
 * @param {number | null} session the number of the signed-in user, as the page tells it; null reads as the public
 * @returns {Looker}
 */
export function viewerOf({ viewer, fixedId }, session) {
  if (viewer === "fixed") return { mode: viewer, self: fixedId, sent: fixedId };
  if (viewer === "account") return { mode: viewer, self: session, sent: session };
  return { mode: "public", self: session, sent: null };
}

/**
 * @param {Looker} viewer
 * @returns {import("../protocol.js").Viewer}
 */
export function told({ mode, sent }) {
  return { mode, id: sent };
}
