import { request } from "node:http";

/**
 * Passes a request on to the stand-in and its answer back, nothing added: what the stand-in's log shows is what
 * the browser sent. A cut connection stays cut.
 *
 * @param {string} standIn its base address, with a path where it is a session
 * @param {import("node:http").IncomingMessage} incoming
 * @param {import("node:http").ServerResponse} outgoing
 */
export function passOn(standIn, incoming, outgoing) {
  const target = standIn.replace(/\/$/, "") + incoming.url;
  const onward = request(target, { method: incoming.method ?? "GET", headers: incoming.headers });
  onward.on("response", (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
    outgoing.flushHeaders();
    answer.pipe(outgoing);
    answer.on("error", () => outgoing.destroy());
  });
  onward.on("error", () => outgoing.destroy());
  outgoing.on("close", () => onward.destroy());
  incoming.pipe(onward);
}
