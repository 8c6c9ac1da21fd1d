// Registers every listener of the worker at once, so that an event that wakes it is not lost.

import { readQuestion } from "../protocol.js";
import { addStar, lookAtStars, removeStar, seeStars } from "../stars/kept.js";
import { describe } from "../trouble.js";
import { choose } from "./chosen.js";
import { forgetAll, forgetPrivate, hostOf } from "./host.js";
import { look, terms } from "./look.js";
import { showCount } from "./toolbar.js";
import { amongTerms, inTurn } from "./turns.js";
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
    if (question.kind === "terms") return amongTerms(() => terms(host, question.versions, viewer, signal));
    const found = await inTurn(sender.tab?.id ?? -1, question.fresh, async (fresh, left) => {
      host.lists.add(left);
      try {
        return await look(host, { ...question, fresh }, viewer, signal);
      } finally {
        host.lists.delete(left);
      }
    });
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
