// The toolbar icon: how many links of the page are locked, and a star while something that was starred has opened.

const STAR = "★";

/** Whether the icon carries the star. @type {boolean | null} null: this worker does not know yet */
let opened = null;

/**
 * @param {number | undefined} tabId
 * @param {number} locked
 */
export async function showCount(tabId, locked) {
  if (tabId === undefined) return {};
  const star = (await isMarked()) ? STAR : "";
  await chrome.action.setBadgeBackgroundColor({ tabId, color: "#8a3a0a" });
  await chrome.action.setBadgeText({ tabId, text: `${star}${locked || ""}` });
  return {};
}

/**
 * @param {boolean} isNew whether something has opened that the popup has not shown yet
 */
export async function markOpened(isNew) {
  if (isNew === (await isMarked())) return;
  opened = isNew;
  await chrome.action.setBadgeBackgroundColor({ color: "#8a3a0a" });
  await chrome.action.setBadgeText({ text: isNew ? STAR : "" });
  for (const { id: tabId } of await chrome.tabs.query({})) {
    if (tabId === undefined) continue;
    const count = (await chrome.action.getBadgeText({ tabId })).replace(STAR, "");
    // A tab without a number of its own shows the text for all.
    if (count) await chrome.action.setBadgeText({ tabId, text: `${isNew ? STAR : ""}${count}` });
  }
}

/** The icon outlives the worker. */
async function isMarked() {
  opened ??= (await chrome.action.getBadgeText({})) === STAR;
  return opened;
}
