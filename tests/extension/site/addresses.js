/**
 * How a browser finds this site under Civitai's names, and nothing under any other.
 *
 * @typedef {import("./server.js").Site} Site
 */

const names = ["civitai.com", "civitai.red", "civitai.green", "civitaired.com"];

/**
 * For Chromium: pages and the extension's worker alike.
 *
 * @param {Pick<Site, "httpsPort">} site
 */
export function chromiumArgs({ httpsPort }) {
  const rules = names.map((name) => `MAP ${name}:443 127.0.0.1:${httpsPort}`).join(", ");
  return [
    "--ignore-certificate-errors",
    `--host-resolver-rules=${rules}, MAP * ~NOTFOUND , EXCLUDE 127.0.0.1`,
  ];
}

/**
 * For Firefox, which needs `acceptInsecureCerts` besides.
 *
 * @param {Pick<Site, "httpsPort">} site
 */
export function firefoxPreferences({ httpsPort }) {
  return { "network.dns.localDomains": names.join(), "network.socket.forcePort": `443=${httpsPort}` };
}
