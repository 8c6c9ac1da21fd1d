// What a creator's links lead to: what is not there, something else than they say, a download.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { settled, statesOf, visit } from "./lib/badges.js";
import { browserNames, until } from "./lib/browser.js";
import { useCreatorsText, write } from "./lib/creators-text.js";
import { requests } from "./lib/requests.js";
import { statesFor } from "./lib/truth.js";

for (const browser of browserNames) {
  describe(`a creator's links in ${browser}`, { timeout: 200_000 }, () => {
    const { extension, open } = useCreatorsText(browser);

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
