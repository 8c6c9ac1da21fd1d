// A stand-in, a site and a browser with the extension for the tests of one file; all end with them.

import { after, before, beforeEach } from "node:test";
import { startStandIn } from "../../helpers/stand-in.js";
import { defaults } from "../site/options.js";
import { startSite } from "../site/server.js";
import { settled, visit } from "./badges.js";
import { inExtension, openers, startAfresh } from "./browser.js";
import { requests } from "./requests.js";
import { unpack } from "./unpacked.js";

/** @typedef {import("./browser.js").Browser} Browser */
/** @typedef {import("./browser.js").Tab} Tab */
/** @typedef {{ viewer?: "public" | "account" | "fixed", fixedId?: number, surfaces?: object, showOpen?: boolean, dim?: boolean }} Settings */

/**
 * Call it in a `describe`, or at the top of a file that uses one browser.
 * @param {object} from
 * @param {"chromium" | "firefox"} from.browser
 * @param {number} [from.crowd] how many models the lists hold beside the sample
 * @param {Parameters<typeof unpack>[0]} [from.unpacked]
 * @param {Record<string, string | number | boolean>} [from.preferences] Firefox's
 * @param {string} [from.locale] Chromium's language
 * @param {boolean} [from.september] all kinds of models and covers; false while most files still expect what the
 *   content script of August can do
 * @param {boolean} [from.clean] each test starts with nothing remembered; else they follow on one another
 */
export function useExtension({
  browser: name,
  crowd = 0,
  unpacked: how,
  preferences,
  locale,
  september = false,
  clean = true,
}) {
  /** @type {{ tabs: Tab[], [name: string]: any }} */
  const used = { tabs: [] };

  before(async () => {
    used.standIn = await startStandIn();
    used.api = used.standIn.session("extension");
    used.site = await startSite({ standIn: used.api.baseUrl, crowd });
    if (!september) {
      const { catalogue } = used.site;
      catalogue.models = catalogue.models.filter((/** @type {{ id: number }} */ { id }) => !isNew(id));
      used.site.set({ covers: "revealed" });
    }
    used.unpacked = await unpack(how);
    used.browser = await openers[name]({ site: used.site, unpacked: used.unpacked, preferences, locale });
  });
  beforeEach(async () => {
    if (!clean) return;
    for (const tab of used.tabs.splice(0)) await tab.close().catch(() => {});
    await used.api.clearFaults();
    used.site.set(september ? defaults : { ...defaults, covers: "revealed" });
    used.site.errors.length = 0;
    await startAfresh(used.browser);
    await used.browser.clearCookies();
    await used.api.clearLog();
  });
  after(async () => {
    await used.browser?.close();
    await used.site?.close();
    await used.unpacked?.remove();
    used.standIn?.close();
  });

  /** A tab that ends with the test. @returns {Promise<Tab>} */
  const newTab = async () => {
    const tab = await used.browser.newTab();
    used.tabs.push(tab);
    return tab;
  };

  return {
    /** @returns {Browser} */
    browser: () => used.browser,
    /** @returns {import("../site/server.js").Site} */
    site: () => used.site,
    /** Where the requests arrive: log, faults, clock. @returns {import("../../helpers/stand-in.js").Session} */
    api: () => used.api,
    newTab,
    /**
     * A tab with this page, once it has so many badges at least.
     * @param {string} path
     * @param {number} [least]
     * @param {string} [session] who is signed in
     * @returns {Promise<Tab>}
     */
    look: async (path, least = 1, session = "none") => {
      used.site.set({ session });
      const tab = await newTab();
      await visit(tab, path);
      await settled(tab, { least });
      return tab;
    },
    /** The settings as they are stored. @returns {Promise<any>} */
    stored: () =>
      inExtension(used.browser, async () => (await chrome.storage.local.get("settings")).settings),
    /** The user numbers that were sent. @returns {Promise<string[]>} */
    numbers: async () => requests(await used.api.log()).flatMap(({ user }) => user ?? []),
    /** What the options page would store, with the consent that it would have asked for. @param {Settings} settings */
    set: async (settings) => {
      if ((settings.viewer ?? "public") !== "public") await used.browser.consent(true);
      await inExtension(used.browser, (to) => chrome.storage.local.set({ settings: to }), {
        ...settings,
        revision: Date.now(),
      });
    },
  };
}

/** The models of the sample that August's content script does not badge rightly. @param {number} id */
const isNew = (id) => id >= 902_200 && id < 903_000;
