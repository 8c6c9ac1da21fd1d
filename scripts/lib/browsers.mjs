// Finds the browsers and their drivers: the one that a variable names, else the first on PATH.

import { env, which } from "./paths.mjs";

/** Chromium first: Debian's chromedriver is of its version, not of Google Chrome's. */
export const chromium = () =>
  which([
    env.CHROME_BIN,
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    MAC_CHROME,
  ]);
export const chromedriver = () => which([env.CHROMEDRIVER, "chromedriver"]);
export const firefox = () => which([env.FIREFOX_BIN, "firefox-esr", "firefox", MAC_FIREFOX]);
export const geckodriver = () => which([env.GECKODRIVER, "geckodriver"]);

const MAC_CHROME = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
const MAC_FIREFOX = "/Applications/Firefox.app/Contents/MacOS/firefox";

/**
 * No first-run pages, no calls home; QUIC off so that every request can be seen. The sandbox is off
 * because it does not start in containers and as root.
 */
export const chromiumFlags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-sync",
  "--disable-dev-shm-usage",
  "--disable-component-update",
  "--disable-background-networking",
  "--no-first-run",
];
