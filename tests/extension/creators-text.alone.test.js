// What a creator writes: links without number, links to what is not there, links that say one thing and lead to another.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { becomes, settled, statesOf, visit } from "./lib/badges.js";
import { browserNames, until } from "./lib/browser.js";
import { useExtension } from "./lib/harness.js";
import { requests } from "./lib/requests.js";
import { statesFor } from "./lib/truth.js";

/** @typedef {import("./lib/browser.js").Tab} Tab */

for (const browser of browserNames) {
  describe(`a creator's text in ${browser}`, { timeout: 200_000 }, () => {
    const extension = useExtension({ browser });

    /** @param {string} path @param {number} [least] */
    const open = async (path, least = 2) => {
      await extension.set({ showOpen: true });
      const tab = await extension.newTab();
      await visit(tab, path);
      await settled(tab, { least });
      return tab;
    };

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

    test("a link to a deleted version, or to one of another model: as the site answers it, by the model's first", async () => {
      const tab = await open("/models/827184");
      await write(tab, "<p>* and</p>", [
        "/models/900600?modelVersionId=888888",
        "/models/900600?modelVersionId=900203",
        "/models/900200?modelVersionId=2514310",
        "/models/900200",
      ]);
      await until(tab, () => document.querySelectorAll("#written civitai-lock-badge").length === 4);
      const states = /** @type {string[]} */ (
        await until(tab, () => {
          const badges = [...document.querySelectorAll("#written civitai-lock-badge")];
          const shown = badges.map((badge) => {
            const { modelId, versionId, state } = /** @type {HTMLElement} */ (badge).dataset;
            return `${modelId} ${versionId} ${state}`;
          });
          return shown.every((one) => !one.endsWith("pending")) ? shown : null;
        })
      );
      assert.deepEqual(states.slice(0, 2), ["900600 900601 open", "900600 900601 open"]);
      assert.equal(states[2], states[3], "the hidden lock is found");
      assert.match(`${states[3]}`, /^900200 900203 (?!open)/);
    });

    test("http, www and downloads count, in one request; the site's own download button does not", async () => {
      const tab = await open("/user/nobody", 0);
      await extension.api().clearLog();
      await write(tab, "<p>* and</p>", [
        "http://civitai.com/models/900600",
        "https://www.civitai.com/models/900200?modelVersionId=900203",
        "https://civitai.com/api/download/models/900203",
        "/api/download/models/900203",
      ]);
      await until(tab, () => document.querySelectorAll("#written civitai-lock-badge").length === 3);
      const marked = await tab.run(() =>
        [...document.querySelectorAll("#written a")].map(
          (link) => link.nextElementSibling?.localName === "civitai-lock-badge",
        ),
      );
      assert.deepEqual(marked, [true, true, true, false]);
      await settled(tab, { least: 3 });
      const lists = requests(await extension.api().log()).filter(({ kind }) => kind !== "mini");
      assert.deepEqual(
        lists.map(({ kind, ids }) => `${kind} ${ids}`),
        ["models 900200,900600", "check 900201,900202,900203"],
      );
    });

    test("a model that no list knows: the version that the address names is checked", async () => {
      await extension.api().faults([
        { match: "/api/v1/models?ids=", body: '{"items":[],"metadata":{}}' },
        { match: "/api/v1/models?modelVersionIds=", body: '{"items":[],"metadata":{}}' },
        { match: "/api/v1/models/900200", status: 404 },
      ]);
      extension.site().set({ nextData: "absent" });
      await extension.set({ surfaces: { cards: false, blocks: false, text: false } });
      const tab = await extension.newTab();
      await visit(tab, "/models/900200?modelVersionId=900203");
      const title = await until(tab, () => {
        const found = document.querySelector("h1 + civitai-lock-badge");
        const { versionId, state } = /** @type {HTMLElement | null} */ (found)?.dataset ?? {};
        return versionId === "900203" && state && state !== "pending" ? state : null;
      });
      assert.ok(!["open", "unknown"].includes(`${title}`), `${title}`);
      const checks = requests(await extension.api().log()).filter(({ kind }) => kind === "check");
      assert.deepEqual(checks[0]?.ids, [900_203]);
      const image = await extension.newTab();
      await visit(image, "/images/300123");
      const rows = statesOf(await settled(image, { least: 2 }), "image");
      assert.deepEqual(rows, statesFor([2_402_203, 900_104], "final"));
    });
  });
}

/**
 * Puts links into the creator's text; `*` in the markup stands for all of them.
 * @param {Tab} tab @param {string} markup @param {string[]} hrefs
 */
async function write(tab, markup, hrefs) {
  await tab.run(
    ({ around, links }) => {
      const text = document.createElement("div");
      text.id = "written";
      const [before = "", after = ""] = around.split("*");
      const between = after.replace(/<.*/, "");
      text.innerHTML = before + links.map((href) => `<a href="${href}">x</a>`).join(between) + after;
      document.querySelector("main")?.append(text);
      text.scrollIntoView();
    },
    { around: markup, links: hrefs },
  );
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
