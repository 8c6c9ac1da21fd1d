import { randomBytes } from "node:crypto";
import { PassThrough } from "node:stream";
import { modelUrl } from "./app/model-url.js";
import { queryKey } from "./app/query-key.js";
import { matchRoute } from "./app/routes.js";
import { bundle } from "./bundle.js";
import { modelFor } from "./catalogue.js";
import { nextData, plantedScript } from "./next-data.js";
import { answer } from "./trpc.js";

/** @typedef {import("./catalogue.js").Catalogue} Catalogue */
/** @typedef {import("./app/site-data.js").SiteData} SiteData */
/** @typedef {import("./app/site-data.js").Session} Session */

/**
 * A whole document, as a stream: the head, the app as React rendered it into `#__next`, the page's own data.
 *
 * @param {SiteData} data
 * @param {Catalogue} catalogue
 * @param {(error: unknown) => void} onError what React says while it renders
 * @returns {Promise<{ headers: Record<string, string>, body: import("node:stream").Readable }>}
 */
export async function renderDocument(data, catalogue, onError) {
  const { build, csp } = data.options;
  const { render } = await bundle(build);
  const nonce = randomBytes(12).toString("base64url");
  const own = nextData(data, catalogue);
  const body = new PassThrough();
  body.write(head(data, nonce, catalogue));
  const app = await render(data, onError);
  const react = new PassThrough();
  react.pipe(body, { end: false });
  react.on("end", () => {
    const script =
      own === null ? "" : `<script id="__NEXT_DATA__" type="application/json">${scriptSafe(own)}</script>`;
    body.end(`</div>${script}</body></html>`);
  });
  app.pipe(react);
  return {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "private, no-cache, max-age=0",
      "x-frame-options": "DENY",
      ...(csp === "strict" && { "content-security-policy": strictPolicy(nonce) }),
    },
    body,
  };
}

/**
 * The data that a page starts with. Lists are not among them: cards come after hydration.
 *
 * @param {string} asPath
 * @param {import("./options.js").SiteOptions} options
 * @param {string} host
 * @param {Catalogue} catalogue
 * @returns {SiteData}
 */
export function siteData(asPath, options, host, catalogue) {
  const session = sessionOf(options.session, catalogue);
  const { page, id } = matchRoute(asPath);
  /** @type {SiteData} */
  const data = { asPath, options, session, queries: {}, now: catalogue.now, host };
  const ask = (
    /** @type {keyof import("./app/site-data.js").Answers} */ procedure,
    /** @type {object} */ input,
  ) => {
    data.queries[queryKey(procedure, input)] = answer(catalogue, procedure, input, session, options);
  };
  if (page === "/images/[imageId]") ask("image.get", { id });
  if (page === "/models/[id]/[[...slug]]") {
    for (const procedure of /** @type {const} */ (["model.getById", "model.recommended", "model.showcase"]))
      ask(procedure, { id });
    const model = modelFor(catalogue, id, session);
    if (model && options.nextData === "planted") {
      const description = plantedScript(data, model) + model.description;
      data.queries[queryKey("model.getById", { id })] = { ...model, description };
    }
  }
  return data;
}

/**
 * Where the site sends a bare or an old address; the query stays.
 *
 * @param {URL} url
 * @param {Catalogue} catalogue
 * @returns {string | null}
 */
export function redirection(url, catalogue) {
  const version = /^\/model-versions\/(\d+)$/.exec(url.pathname)?.[1];
  const bare = /^\/models\/(\d+)\/?$/.exec(url.pathname)?.[1];
  const model = catalogue.models.find(
    (one) => one.id === Number(bare) || one.modelVersions.some((each) => each.id === Number(version)),
  );
  if (!model) return null;
  const target = new URL(modelUrl(model), url);
  target.search = url.search;
  if (version) target.searchParams.set("modelVersionId", version);
  return target.pathname + target.search;
}

/**
 * @param {string} wanted
 * @param {Catalogue} catalogue
 * @returns {Session | null}
 */
function sessionOf(wanted, catalogue) {
  const id = Number(wanted);
  if (!id) return null;
  const username = catalogue.models.find((model) => model.user.id === id)?.user.username ?? `user-${id}`;
  return { user: { id, username, email: `${username}@example.invalid`, tier: "free" } };
}

/**
 * @param {SiteData} data
 * @param {string} nonce
 * @param {Catalogue} catalogue
 */
function head(data, nonce, catalogue) {
  const { build, bundle: when, bundleDelay, scheme } = data.options;
  const source = `/_next/static/chunks/main-${build}.js?delay=${bundleDelay}`;
  const model = modelFor(catalogue, matchRoute(data.asPath).id, data.session);
  const afterLoad = `addEventListener("load", () => {
  const script = document.createElement("script");
  script.src = "${source}";
  script.nonce = "${nonce}";
  document.body.append(script);
});`;
  return `<!doctype html><html lang="en" data-mantine-color-scheme="${scheme}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${model ? html(model.name) : "Models"} | Civitai</title>
<link rel="stylesheet" href="/_next/static/css/app-${build}.css">
<script nonce="${nonce}">${collector}
window.__SITE__ = ${scriptSafe(JSON.stringify(data))};
${when === "afterLoad" ? afterLoad : ""}</script>
${when === "defer" ? `<script src="${source}" defer nonce="${nonce}"></script>` : ""}
</head><body class="${scheme}${data.host.endsWith(".red") ? " red" : ""}"><div id="__next">`;
}

/** Keeps what React and the page complain about, for the test and for the server that it runs beside. */
const collector = `
window.__siteErrors = Object.defineProperty([], "push", {
  value(complaint) {
    navigator.sendBeacon("/__site/errors", JSON.stringify({ ...complaint, at: location.href }));
    return Array.prototype.push.call(this, complaint);
  },
});
addEventListener("error", (event) => __siteErrors.push({ kind: "error", message: event.message }));
addEventListener("unhandledrejection", (event) => __siteErrors.push({ kind: "rejection", message: String(event.reason) }));
console.error = ((log) => function (...words) {
  __siteErrors.push({ kind: "console", message: words.map(String).join(" ") });
  log.apply(this, words);
})(console.error);`;

/** @param {string} nonce */
function strictPolicy(nonce) {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
  ].join("; ");
}

/** @param {string} text */
function html(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/** For JSON in a script. @param {string} text */
function scriptSafe(text) {
  return text.replaceAll("<", "\\u003c");
}
