// Firefox asks for the person's consent before a user number may leave; Chrome knows no such question.

const wish = { data_collection: ["personallyIdentifyingInfo"] };

/** Firefox's own functions; null in browsers that know no such consent. @returns {any} */
function asking() {
  const { browser } = /** @type {any} */ (globalThis);
  return browser?.runtime.getBrowserInfo ? browser.permissions : null;
}

/** @returns {Promise<boolean>} whether a user number may leave now */
export async function hasConsent() {
  return (await asking()?.contains(wish)) ?? true;
}

/** Asks for it. To be called first in a click's listener. @returns {Promise<boolean>} */
export async function askForConsent() {
  return (await asking()?.request(wish)) ?? true;
}

/** @param {() => void} act called when it is taken back, in about:addons for one */
export function onConsentWithdrawn(act) {
  asking()?.onRemoved.addListener((/** @type {{ data_collection?: string[] }} */ removed) => {
    if (removed.data_collection?.includes("personallyIdentifyingInfo")) act();
  });
}
