/**
 * What a test can order of the site, for one document or for all of them.
 *
 * In the address as `?__name=value`, in a cookie `__site=name=value&name=value` (it outlives navigations),
 * or as `options` of `startSite`; the address wins over the cookie, the cookie over the start. README.md
 * says what each one does.
 */

/** What has a closed list of values; the first one is the default. */
const choices = /** @type {const} */ ({
  build: ["production", "development"],
  bundle: ["defer", "afterLoad"],
  announcer: ["root", "never"],
  nextData: ["superjson", "devalue", "bare", "absent", "other", "planted", "broken"],
  scheme: ["dark", "light"],
  csp: ["none", "strict"],
  rows: ["index", "first"],
  era: ["september", "august"],
  covers: ["hidden", "revealed", "blurred"],
  downloads: ["list", "cards"],
  imageDetail: ["list", "cards"],
});

/** @typedef {{ [K in keyof typeof choices]: typeof choices[K][number] }} Choices */
/**
 * @typedef {object} Switches
 * @property {number} bundleDelay milliseconds until the bundle is served
 * @property {number} lateSuspense milliseconds until the late boundary hydrates
 * @property {number} trpcDelay milliseconds until the site's own data endpoints answer
 * @property {string} session `none`, `hidden`, or the number of the signed-in user
 * @property {boolean} loader a spinner between models instead of the old page
 * @property {boolean} ads advertisements among the cards
 * @property {boolean} sale a sale: the access chip says by how much
 * @property {boolean} every rows name one version of every kind
 * @property {boolean} hostile a box that throws out whatever is put in
 * @property {boolean} gated the "moved to the other host" screen instead of the page
 */
/** @typedef {Choices & Switches} SiteOptions */

/** @type {SiteOptions} */
export const defaults = {
  build: "production",
  bundle: "defer",
  announcer: "root",
  nextData: "superjson",
  scheme: "dark",
  csp: "none",
  rows: "index",
  era: "september",
  covers: "hidden",
  downloads: "list",
  imageDetail: "list",
  bundleDelay: 0,
  lateSuspense: 0,
  trpcDelay: 0,
  session: "none",
  loader: false,
  ads: true,
  sale: false,
  every: false,
  hostile: false,
  gated: false,
};

/**
 * The options of one request.
 *
 * @param {URL} url
 * @param {string} cookies the Cookie header
 * @param {Partial<SiteOptions>} [base] what the site was started with
 * @returns {SiteOptions}
 */
export function readOptions(url, cookies, base = {}) {
  const options = { ...defaults, ...base };
  const scheme = cookie(cookies, "mantine-color-scheme");
  if (scheme) set(options, "scheme", scheme);
  for (const [name, value] of new URLSearchParams(cookie(cookies, "__site"))) set(options, name, value);
  for (const [name, value] of url.searchParams) {
    if (name.startsWith("__")) set(options, name.slice(2), value);
  }
  return options;
}

/**
 * The address as the site itself knows it: without what tests put there.
 *
 * @param {URL} url
 * @returns {string} path and query
 */
export function cleanPath(url) {
  const clean = new URL(url);
  for (const name of [...clean.searchParams.keys()]) {
    if (name.startsWith("__")) clean.searchParams.delete(name);
  }
  return clean.pathname + clean.search;
}

/**
 * @param {Record<string, unknown>} options
 * @param {string} name
 * @param {string} value
 */
function set(options, name, value) {
  const was = options[name];
  const allowed = /** @type {Record<string, readonly string[] | undefined>} */ (choices)[name];
  if (was === undefined) {
    throw new RangeError(
      `the site knows no option \`${name}\`; it knows ${Object.keys(defaults).join(", ")}`,
    );
  }
  if (allowed && !allowed.includes(value)) {
    throw new RangeError(`option \`${name}\` cannot be \`${value}\`; it can be ${allowed.join(", ")}`);
  }
  if (typeof was === "number" && !/^\d+$/.test(value)) {
    throw new RangeError(`option \`${name}\` wants milliseconds, not \`${value}\``);
  }
  if (typeof was === "number") options[name] = Number(value);
  else if (typeof was === "boolean") options[name] = value === "1" || value === "true";
  else options[name] = value;
}

/**
 * @param {string} cookies
 * @param {string} name
 */
function cookie(cookies, name) {
  const found = cookies.split(/;\s*/).find((part) => part.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}
