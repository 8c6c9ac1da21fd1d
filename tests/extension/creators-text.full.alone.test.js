// A creator's text with thousands of links: no long task. What links lead to is in creators-links.test.js.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { becomes } from "./lib/badges.js";
import { browserNames, until } from "./lib/browser.js";
import { useCreatorsText, write } from "./lib/creators-text.js";
import { requests } from "./lib/requests.js";

/** @typedef {import("./lib/browser.js").Tab} Tab */

for (const browser of browserNames) {
  describe(`a creator's text in ${browser}`, { timeout: 200_000 }, () => {
    const { extension, open } = useCreatorsText(browser);

    const three = (/** @type {number} */ at) => `/models/900200?modelVersionId=${900_201 + (at % 3)}`;
    const mostlyOne = (/** @type {number} */ at) => `/models/900200?modelVersionId=${at ? 900_202 : 900_201}`;
    const alone = (/** @type {number} */ at) => `/model-versions/${3_000_001 + at}`;
    for (const [how, count, markup, hrefOf] of /** @type {[string, number, string, typeof three][]} */ ([
      ["in one list item, no words between", 1000, `<li><p>*</p></li>`, three],
      ["in one list item, all but the first of one version", 2000, `<li><p>*</p></li>`, mostlyOne],
      ["in one paragraph, words between", 1000, `<p>* and</p>`, three],
      ["one more than a message may name, without their models", 2001, `<p>* and</p>`, alone],
    ])) {
      test(`${count} links to versions ${how}: no long task, the page's own model first`, async () => {
        const tab = await open("/models/900600");
        await extension.api().clearLog();
        await watchTasks(tab);
        await write(
          tab,
          markup,
          Array.from({ length: count }, (_, at) => hrefOf(at)),
        );
        await until(
          tab,
          () => document.querySelectorAll('[data-surface="text"], [data-surface="rows"]').length > 2,
        );
        // Each change of the page makes it look again.
        for (let change = 0; change < 5; change++) {
          await tab.run(() => document.querySelector("main")?.append(document.createElement("h1")));
          await new Promise((resolve) => setTimeout(resolve, 300));
        }
        assert.deepEqual(await longTasks(tab), []);
        assert.equal((await becomes(tab, { surface: "title", id: 900_601, state: "open" })).version, 900_601);
        const asked = requests(await extension.api().log()).filter(({ kind }) => kind !== "mini");
        // Only what is near the viewport is asked about, a screenful each round.
        assert.ok(asked.length <= 12, `${asked.length} requests`);
        // A portion has 100 versions; the core joins two that are asked in one turn into one check of at most 200.
        for (const { kind, ids } of asked)
          assert.ok(ids.length <= (kind === "check" ? 200 : 100), `${ids.length} ids in one ${kind}`);
      });
    }
  });
}

/** Long tasks where the browser reports them, and pauses of the page's own timers where it does not. @param {Tab} tab */
async function watchTasks(tab) {
  await tab.run(() => {
    /** @type {number[]} */
    const long = [];
    /** @type {any} */ (window).__long = long;
    if (PerformanceObserver.supportedEntryTypes.includes("longtask")) {
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) long.push(Math.round(duration));
      }).observe({ type: "longtask" });
      return;
    }
    let last = performance.now();
    const { port1, port2 } = new MessageChannel();
    port2.onmessage = () => {
      const now = performance.now();
      if (now - last > 250) long.push(Math.round(now - last));
      last = now;
      port1.postMessage(0);
    };
    port1.postMessage(0);
  });
}

/** Writing the links is a task of the page itself: the first one is not ours. @param {Tab} tab @returns {Promise<number[]>} */
async function longTasks(tab) {
  const all = await tab.run(() => /** @type {number[]} */ (/** @type {any} */ (window).__long));
  // A machine that does other work stretches tasks, and all that a page notices where the browser reports none; a
  // quadratic pass takes ten seconds and more.
  const limit = await tab.run(() =>
    PerformanceObserver.supportedEntryTypes.includes("longtask") ? 150 : 3000,
  );
  return all.slice(1).filter((duration) => duration > limit);
}
