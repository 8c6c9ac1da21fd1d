/** Set by the bundler. */
declare const MODULE_HASH: string;

declare module "*.css";

interface Window {
  /** What the server sends along for hydration. */
  __SITE__: import("./site-data.js").SiteData;
  /** Everything that React or the page complained about. */
  __siteErrors: import("./site-data.js").Complaint[];
  /** What tests can do to the page from inside. */
  __site: import("./site-data.js").Stage;
}
