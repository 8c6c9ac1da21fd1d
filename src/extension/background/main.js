// The worker's ears: every listener is registered here, at once, so that an event that wakes it is not lost.

import { readQuestion } from "../protocol.js";
import { choose } from "./chosen.js";
import { terms } from "./explain.js";
import { forgetAll, forgetPrivate, hostOf } from "./host.js";
import { look } from "./look.js";
import { describe } from "./trouble.js";
import { asViewer, pageSettings, watchViewer } from "./viewer.js";

chrome.runtime.onMessage.addListener((message, sender, respond) => {
  answer(message, sender).then(
    (given) => respond({ ok: true, ...given }),
    (error) => respond({ ok: false, error: describe(error, Date.now()) }),
  );
  // The answer comes later.
  return true;
});
watchViewer();
chrome.windows.onRemoved.addListener(forgetPrivate);

/**
 * @param {unknown} message
 * @param {chrome.runtime.MessageSender} sender
 * @returns {Promise<object>}
 */
async function answer(message, sender) {
  const question = readQuestion(message);
  switch (question.kind) {
    case "settings":
      return pageSettings();
    case "count":
      return showCount(sender.tab?.id, question.locked);
    case "choose":
    case "forget":
      if (!sender.url?.startsWith(chrome.runtime.getURL("")))
        throw new TypeError(`only the extension's own pages may send \`${question.kind}\``);
      return question.kind === "choose" ? choose(question.change) : forgetAll();
  }
  return asViewer(question, async (viewer, signal) => {
    const host = await hostOf(sender.url, sender.tab?.incognito === true);
    if (question.kind === "terms") return terms(host, question.versions, viewer, signal);
    if (question.kind === "explain") {
      const told = await terms(host, [question.version], viewer, signal);
      return { viewer: told.viewer, version: told.versions[0] };
    }
    await turnOf(sender.tab?.id ?? -1);
    return look(host, question, viewer, signal);
  });
}

/** When each tab's latest round began. @type {Map<number, number>} */
const turns = new Map();

/** The pages keep a second between rounds; a busy machine would bunch them again. @param {number} tabId */
async function turnOf(tabId) {
  const now = Date.now();
  const wait = Math.min(1000, Math.max(0, (turns.get(tabId) ?? 0) + 1000 - now));
  turns.set(tabId, now + wait);
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
}

/**
 * How many links on the page are locked, on the toolbar icon.
 *
 * @param {number | undefined} tabId
 * @param {number} locked
 */
async function showCount(tabId, locked) {
  if (tabId === undefined) return {};
  await chrome.action.setBadgeBackgroundColor({ tabId, color: "#8a3a0a" });
  await chrome.action.setBadgeText({ tabId, text: locked ? `${locked}` : "" });
  return {};
}
