// The worker's ears: every listener is registered here, at once, so that an event that wakes it is not lost.

import { readQuestion } from "../protocol.js";
import { loadSettings } from "../settings.js";
import { explain } from "./explain.js";
import { forgetAll, hostOf } from "./host.js";
import { look } from "./look.js";
import { describe } from "./trouble.js";
import { viewerOf } from "./viewer.js";

chrome.runtime.onMessage.addListener((message, sender, respond) => {
  answer(message, sender).then(
    (given) => respond({ ok: true, ...given }),
    (error) => respond({ ok: false, error: describe(error, Date.now()) }),
  );
  // The answer comes later.
  return true;
});

/**
 * @param {unknown} message
 * @param {chrome.runtime.MessageSender} sender
 * @returns {Promise<object>}
 */
async function answer(message, sender) {
  const question = readQuestion(message);
  if (question.kind === "forget") return forgetAll();
  if (question.kind === "count") return showCount(sender.tab?.id, question.locked);
  const settings = await loadSettings();
  if (question.kind === "settings") return { settings };
  const viewer = viewerOf(settings, question.session);
  const host = await hostOf(sender.url);
  if (question.kind === "explain") return explain(host, question, viewer);
  await turnOf(sender.tab?.id ?? -1);
  return look(host, question, viewer);
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
