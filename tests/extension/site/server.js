import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { bundle } from "./bundle.js";
import { makeCatalogue } from "./catalogue.js";
import { selfSigned } from "./certificate.js";
import { cover } from "./covers.js";
import { redirection, renderDocument, siteData } from "./document.js";
import { cleanPath, defaults, readOptions } from "./options.js";
import { passOn } from "./proxy.js";
import { answer } from "./trpc.js";

/** @typedef {import("node:http").IncomingMessage} IncomingMessage */
/** @typedef {import("node:http").ServerResponse} ServerResponse */
/** @typedef {import("./app/site-data.js").Complaint & { at: string }} PlacedComplaint */

/**
 * @typedef {object} Site
 * @property {number} port plain HTTP
 * @property {number} httpsPort HTTPS under any of Civitai's names, with a certificate of its own
 * @property {PlacedComplaint[]} errors what React and the pages complained about, in any document and browser
 * @property {import("./catalogue.js").Catalogue} catalogue what there is to show
 * @property {(options: Partial<import("./options.js").SiteOptions>) => void} set other options from now on
 * @property {(path: string, html: string) => void} show a document that is served as it stands at this path
 * @property {() => Promise<void>} close
 */

/**
 * Starts a site that behaves like Civitai's, on loopback.
 *
 * @param {object} [from]
 * @param {string} [from.standIn] address of the stand-in, which answers `/api/**` and `/stand-in/**`
 * @param {number} [from.crowd] how many models more the lists hold; the stand-in knows the first 500
 * @param {number} [from.now] the moment that gates are counted from
 * @param {import("./options.js").SiteOptions["build"]} [from.build] which React
 * @param {Partial<import("./options.js").SiteOptions>} [from.options] for every document; see options.js
 * @returns {Promise<Site>}
 */
export async function startSite({
  standIn,
  crowd = 0,
  now = Date.now(),
  build = defaults.build,
  options = {},
} = {}) {
  const catalogue = makeCatalogue({ crowd, now });
  await bundle(build);
  /** @type {Stage} */
  const stage = { standIn, catalogue, errors: [], shown: new Map(), options: { build, ...options } };
  const listener = (/** @type {IncomingMessage} */ request, /** @type {ServerResponse} */ response) => {
    respond(stage, request, response).catch((error) => fail(stage, request, response, error));
  };
  const servers = [createServer(listener), createSecureServer(selfSigned(hosts), listener)];
  const [port = 0, httpsPort = 0] = await Promise.all(servers.map(listen));
  return {
    port,
    httpsPort,
    errors: stage.errors,
    catalogue,
    set: (more) => Object.assign(stage.options, more),
    show: (path, html) => stage.shown.set(path, html),
    close: async () => {
      await Promise.all(servers.map(close));
    },
  };
}

const hosts = ["civitai.com", "civitai.red", "civitai.green", "civitaired.com", "localhost"];

/**
 * @typedef {object} Stage
 * @property {string | undefined} standIn
 * @property {import("./catalogue.js").Catalogue} catalogue
 * @property {PlacedComplaint[]} errors
 * @property {Map<string, string>} shown documents as they stand, by their path
 * @property {Partial<import("./options.js").SiteOptions>} options
 */

/**
 * @param {Stage} stage
 * @param {IncomingMessage} request
 * @param {ServerResponse} response
 */
async function respond(stage, request, response) {
  const host = request.headers.host ?? "civitai.com";
  const url = new URL(request.url ?? "/", `https://${host}`);
  const path = url.pathname;
  const cookies = request.headers.cookie ?? "";
  if (path === "/__site/errors") {
    stage.errors.push(JSON.parse(await text(request)));
    return void response.writeHead(204).end();
  }
  if (path.startsWith("/api/trpc/")) {
    return send(
      response,
      "application/json",
      await trpc(stage, url, readOptions(url, cookies, stage.options), host),
    );
  }
  if (path.startsWith("/api/") || path.startsWith("/stand-in/")) {
    if (stage.standIn) return passOn(stage.standIn, request, response);
    return void response.writeHead(503).end("this site was started without a stand-in\n");
  }
  if (path.startsWith("/_next/static/")) return send(response, ...(await statics(url)));
  const drawn = /^\/covers\/(\d+)\.svg$/.exec(path)?.[1];
  if (drawn) return send(response, "image/svg+xml", cover(Number(drawn)));
  const shown = stage.shown.get(path);
  if (shown !== undefined) return send(response, "text/html; charset=utf-8", shown);
  if (path === "/favicon.ico") return void response.writeHead(204).end();

  const elsewhere = redirection(url, stage.catalogue);
  if (elsewhere) return void response.writeHead(308, { location: elsewhere }).end();
  const options = readOptions(url, cookies, stage.options);
  const data = siteData(cleanPath(url), options, host, stage.catalogue);
  const page = await renderDocument(data, stage.catalogue, (error) => {
    stage.errors.push({ kind: "error", message: `while rendering: ${error}`, at: url.href });
  });
  response.writeHead(200, {
    ...page.headers,
    ...(data.session && { "set-cookie": sessionCookies(data.session.user.id) }),
  });
  page.body.pipe(response);
}

/**
 * What a signed-in browser carries; no request of the extension may.
 *
 * @param {number} id
 */
function sessionCookies(id) {
  const rules = "Path=/; Secure; SameSite=Lax";
  return [`__Secure-civ-token=token-of-${id}; HttpOnly; ${rules}`, `civ-seen=1; ${rules}`];
}

/**
 * @param {Stage} stage
 * @param {URL} url
 * @param {import("./options.js").SiteOptions} options
 * @param {string} host
 */
async function trpc({ catalogue }, url, options, host) {
  await wait(options.trpcDelay);
  const { session } = siteData("/", options, host, catalogue);
  const input = JSON.parse(url.searchParams.get("input") ?? "{}");
  const procedure = url.pathname.slice("/api/trpc/".length);
  return JSON.stringify(answer(catalogue, procedure, input, session, options) ?? null);
}

/**
 * @param {URL} url
 * @returns {Promise<[type: string, body: string]>}
 */
async function statics(url) {
  const { script, style } = await bundle(url.pathname.includes("development") ? "development" : "production");
  if (url.pathname.endsWith(".css")) return ["text/css; charset=utf-8", style];
  await wait(Number(url.searchParams.get("delay")));
  return ["text/javascript; charset=utf-8", script];
}

/**
 * @param {ServerResponse} response
 * @param {string} type
 * @param {string} body
 */
function send(response, type, body) {
  response.writeHead(200, { "content-type": type, "cache-control": "private, no-cache" }).end(body);
}

/**
 * @param {Stage} stage
 * @param {IncomingMessage} request
 * @param {ServerResponse} response
 * @param {Error} error
 */
function fail({ errors }, request, response, error) {
  errors.push({ kind: "error", message: `${error.stack}`, at: `${request.url}` });
  if (!response.headersSent)
    response.writeHead(error instanceof RangeError ? 400 : 500, { "content-type": "text/plain" });
  response.end(`${error.message}\n`);
}

/** @param {import("node:net").Server} server */
function listen(server) {
  return /** @type {Promise<number>} */ (
    new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", () =>
        resolve(/** @type {import("node:net").AddressInfo} */ (server.address()).port),
      );
    })
  );
}

/** @param {import("node:http").Server} server */
function close(server) {
  return /** @type {Promise<void>} */ (
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    })
  );
}
