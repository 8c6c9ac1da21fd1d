// The worker's ears: every listener is registered here, at once, so that an event that wakes it is not lost.

import { readQuestion } from "../protocol.js";
import { addStar, lookAtStars, removeStar, seeStars } from "../stars/kept.js";
import { describe } from "../trouble.js";
import { choose } from "./chosen.js";
import { forgetAll, forgetPrivate, hostOf } from "./host.js";
import { look, terms } from "./look.js";
import { showCount } from "./toolbar.js";
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
// Firefox for Android has no windows.
chrome.windows?.onRemoved.addListener(forgetPrivate);

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
    const fresh = await turnOf(sender.tab?.id ?? -1, question.fresh);
    const found = await look(host, { ...question, fresh }, viewer, signal);
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

/**
 * What each tab may do and when, in `performance.now()`: the wall clock may be set back.
 *
 * @type {Map<number, { round: number, fresh: number }>}
 */
const tabs = new Map();

/**
 * The pages keep a second between rounds; a busy machine would bunch them again. And however often somebody clicks on
 * "Check again", the caches are bypassed in one round in ten seconds, which may be several messages.
 *
 * @param {number} tabId
 * @param {boolean} fresh
 * @returns {Promise<boolean>} whether the caches may be bypassed
 */
async function turnOf(tabId, fresh) {
  const now = performance.now();
  const tab = tabs.get(tabId) ?? { round: Number.NEGATIVE_INFINITY, fresh: Number.NEGATIVE_INFINITY };
  tabs.set(tabId, tab);
  const wait = fresh ? 0 : Math.max(0, tab.round + 1000 - now);
  tab.round = now + wait;
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  if (fresh && now - tab.fresh > 10_000) tab.fresh = now;
  return fresh && now - tab.fresh < 2000;
}
