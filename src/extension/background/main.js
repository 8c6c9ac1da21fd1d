// The worker's ears: every listener is registered here, at once, so that an event that wakes it is not lost.

import { readQuestion } from "../protocol.js";
import { choose } from "./chosen.js";
import { terms } from "./explain.js";
import { forgetAll, forgetPrivate, hostOf } from "./host.js";
import { look } from "./look.js";
import { addStar, lookAtStars, removeStar, seeStars } from "./stars.js";
import { showCount } from "./toolbar.js";
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
    case "star":
    case "unstar":
    case "seen":
    case "forget":
      return change(question, sender);
  }
  return asViewer(question, async (viewer, signal) => {
    const host = await hostOf(sender.url, sender.tab?.incognito === true);
    if (question.kind === "terms") return terms(host, question.versions, viewer, signal);
    if (question.kind === "explain") {
      const told = await terms(host, [question.version], viewer, signal);
      return { viewer: told.viewer, version: told.versions[0] };
    }
    await turnOf(sender.tab?.id ?? -1);
    const found = await look(host, question, viewer, signal);
    const { hostname } = new URL(sender.url ?? "");
    if (!sender.tab?.incognito)
      lookAtStars(host, hostname).catch((error) => console.warn("Stars were not looked up:", error));
    return found;
  });
}

/**
 * What changes the storage; only the extension's own pages may ask for it.
 *
 * @param {Extract<import("../protocol.js").Question, { kind: "choose" | "star" | "unstar" | "seen" | "forget" }>} question
 * @param {chrome.runtime.MessageSender} sender
 */
async function change(question, { url }) {
  if (!url?.startsWith(chrome.runtime.getURL("")))
    throw new TypeError(`only the extension's own pages may send \`${question.kind}\``);
  switch (question.kind) {
    case "choose":
      return choose(question.change);
    case "star":
      return addStar(question.star);
    case "unstar":
      return removeStar(question.version);
    case "seen":
      return seeStars();
    case "forget":
      return forgetAll();
  }
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
