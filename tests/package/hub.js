// The test's own server: gives out the project's files, and takes in what the environments report.

import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { startServer } from "../helpers/repository.js";

const types = new Map([
  [".html", "text/html; charset=utf-8"],
  [".js", "text/javascript; charset=utf-8"],
  [".wasm", "application/wasm"],
]);

/**
 * @param {string} folder
 * @param {(path: string) => Record<string, string>} [headers] added to a file's, by its path
 */
export async function startHub(folder, headers = () => ({})) {
  /** @type {Map<string, unknown[]>} */
  const reports = new Map();
  /** @type {Set<() => void>} */
  const listeners = new Set();

  const { url, close } = await startServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://hub");
    if (request.method === "POST") {
      const body = (await request.toArray()).join("");
      reports.set(pathname, [...(reports.get(pathname) ?? []), JSON.parse(body)]);
      response.writeHead(204, { "Access-Control-Allow-Origin": "*" }).end();
      for (const listener of listeners) listener();
      return;
    }
    try {
      const file = await readFile(join(folder, normalize(decodeURIComponent(pathname))));
      const type = types.get(extname(pathname)) ?? "application/octet-stream";
      response.writeHead(200, { "Content-Type": type, ...headers(pathname) }).end(file);
    } catch {
      response.writeHead(404).end();
    }
  });

  return {
    url,
    /** Where an environment reports to. @param {string} name */
    report: (name) => `${url}/report/${name}`,
    /**
     * Waits for its reports.
     * @param {string} name @param {number} count @param {number} patience milliseconds
     * @returns {Promise<unknown[]>}
     */
    async reports(name, count, patience) {
      const deadline = AbortSignal.timeout(patience);
      for (;;) {
        const received = reports.get(`/report/${name}`) ?? [];
        if (received.length >= count) return received;
        if (deadline.aborted)
          throw new Error(`${name}: ${received.length} of ${count} reports in ${patience} ms`);
        await new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
          const wake = () => {
            listeners.delete(wake);
            deadline.removeEventListener("abort", wake);
            resolve();
          };
          listeners.add(wake);
          deadline.addEventListener("abort", wake);
        });
      }
    },
    close,
  };
}
