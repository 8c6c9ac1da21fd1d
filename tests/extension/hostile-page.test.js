// A page that forges our element, reads it, or sends the extension's own messages; and another extension that does.
// SECURITY.md lists these tests.

import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { launchChromium } from "../helpers/browsers.js";
import { startStandIn } from "../helpers/stand-in.js";
import { badgesOn, settled, visit } from "./lib/badges.js";
import { browserNames } from "./lib/browser.js";
import { tabOf } from "./lib/chromium.js";
import { useExtension } from "./lib/harness.js";
import { impolite } from "./lib/requests.js";
import { unpack } from "./lib/unpacked.js";
import { chromiumArgs } from "./site/addresses.js";
import { startSite } from "./site/server.js";

/** What the extension's own scripts send to each other, and what nobody should get an answer to. */
const messages = [
  { kind: "settings" },
  {
    kind: "look",
    models: [900_200],
    versions: [900_201],
    whole: [],
    page: 900_200,
    session: 777,
    fresh: true,
  },
  { kind: "terms", versions: [900_201], session: 777 },
  { kind: "report" },
  { kind: "again" },
  { kind: "public", on: false },
  { kind: "forget" },
];

for (const browser of browserNames) {
  describe(`a hostile page in ${browser}`, { timeout: 200_000 }, () => {
    const extension = useExtension({ browser });
    /** Waits until the extension has asked all that it asks by itself, and empties the log. */
    const quiet = async () => {
      // Cards come after the page's own model: a look's rest and the pause between two rounds are a second each.
      for (let before = -1; ; await sleep(4000)) {
        const { length } = await extension.api().log();
        if (length === before) break;
        before = length;
      }
      await extension.api().clearLog();
    };

    test("reads every badge, and finds no number of the user's anywhere in the page", async () => {
      await extension.set({ viewer: "fixed", fixedId: 1_234_567 });
      const tab = await extension.newTab();
      await visit(tab, "/models/900200");
      await settled(tab, { least: 4 });
      const text = await tab.run(() => {
        /** @param {Document | ShadowRoot} root @returns {string} */
        const all = (root) =>
          [...root.querySelectorAll("*")]
            .map((one) => {
              const attributes = [...one.attributes].map(({ value }) => value).join(" ");
              return `${one.shadowRoot ? all(one.shadowRoot) : ""} ${attributes} ${one.textContent}`;
            })
            .join("\n");
        return all(document);
      });
      assert.ok(text.length > 1000);
      assert.doesNotMatch(text, /1[\s,.]?234[\s,.]?567/);
    });

    test("sends every message of ours by every way that a page has: nothing is asked, nothing changes", async () => {
      const tab = await extension.newTab();
      await visit(tab, "/models/900200");
      await settled(tab, { least: 4 });
      await quiet();
      const before = (await settled(tab, { least: 4 })).map(({ version, state }) => [version, state]);
      const said = await tab.run(async (all) => {
        /** @type {any} */
        const { chrome, browser } = window;
        const heard = [];
        addEventListener("message", ({ data }) => heard.push(data?.ok));
        for (const message of all) {
          postMessage(message, "*");
          for (const target of [window, document, ...document.querySelectorAll("civitai-lock-badge")]) {
            target.dispatchEvent(new CustomEvent(message.kind, { detail: message, bubbles: true }));
            target.dispatchEvent(new MessageEvent("message", { data: message }));
          }
          for (const sender of [chrome?.runtime?.sendMessage, browser?.runtime?.sendMessage])
            if (sender) heard.push(await sender(message).catch(() => undefined));
        }
        await new Promise((resolve) => setTimeout(resolve, 500));
        return heard.filter((one) => one !== undefined);
      }, messages);
      assert.deepEqual(said, [], "no answer came");
      assert.deepEqual(await extension.api().log(), [], "nothing was asked");
      const after = (await settled(tab, { least: 4 })).map(({ version, state }) => [version, state]);
      assert.deepEqual(after, before);
    });

    test("has elements of our name already: they are no badges of ours, and ours are right", async () => {
      const tab = await extension.newTab();
      await visit(tab, "/models/900200");
      const before = (await settled(tab, { least: 4 })).filter(({ drawn }) => drawn);
      await tab.run(() => {
        for (const place of document.querySelectorAll("h1, main a[href^='/models/']")) {
          const forged = document.createElement("civitai-lock-badge");
          forged.dataset.state = "open";
          forged.dataset.versionId = "900203";
          forged.dataset.forged = "";
          forged.textContent = "Free for all";
          place.after(forged);
        }
        document.body.append(document.createElement("hr"));
      });
      await sleep(1500);
      const real = await tab.run(
        () => document.querySelectorAll("civitai-lock-badge:not([data-forged])").length,
      );
      assert.ok(real >= before.length, `${real} of ${before.length} are left`);
      const title = (await badgesOn(tab)).filter(({ surface, drawn }) => surface === "title" && drawn);
      assert.deepEqual(
        title.map(({ state }) => state),
        before.filter(({ surface }) => surface === "title").map(({ state }) => state),
      );
    });

    test("changes our elements' attributes and takes their contents: no request follows, no error", async () => {
      const tab = await extension.newTab();
      await visit(tab, "/models/900200");
      await settled(tab, { least: 4 });
      await quiet();
      await tab.run(() => {
        for (const badge of document.querySelectorAll("civitai-lock-badge")) {
          const element = /** @type {HTMLElement} */ (badge);
          element.dataset.versionId = "1";
          element.dataset.modelId = "__proto__";
          element.dataset.state = "<img src=x onerror=alert(1)>";
          element.shadowRoot?.replaceChildren();
        }
      });
      await sleep(1500);
      const asked = await extension.api().log();
      assert.deepEqual(impolite(asked), []);
      assert.ok(asked.every(({ target }) => !/entityIds=1\b|__proto__/.test(target)));
      assert.deepEqual(extension.site().errors, []);
    });
  });
}

test("another extension's messages get no answer, and nothing is asked", {
  timeout: 60_000,
}, async (context) => {
  const other = await mkdtemp(join(tmpdir(), "other-extension-"));
  context.after(() => rm(other, { recursive: true, force: true }));
  await mkdir(other, { recursive: true });
  await writeFile(
    join(other, "manifest.json"),
    JSON.stringify({ manifest_version: 3, name: "other", version: "1", permissions: ["management"] }),
  );
  await writeFile(join(other, "page.html"), "<!doctype html><title>-</title>");
  const standIn = await startStandIn();
  context.after(() => standIn.close());
  const api = standIn.session("other");
  const site = await startSite({ standIn: api.baseUrl });
  context.after(() => site.close());
  const ours = await unpack();
  context.after(() => ours.remove());
  const browser = await launchChromium({
    extension: `${ours.folder},${other}`,
    args: chromiumArgs(site),
  });
  context.after(() => browser.close());
  const tab = tabOf(await browser.newPage());
  await tab.open("chrome://extensions");
  const ids = await tab.run(async () => {
    const found = await /** @type {any} */ (chrome).developerPrivate.getExtensionsInfo();
    return /** @type {{ id: string, name: string }[]} */ (found).map(({ id, name }) => ({ id, name }));
  });
  const theirs = ids.find(({ name }) => name === "other")?.id;
  const wanted = ids.find(({ name }) => name !== "other")?.id;
  assert.ok(theirs && wanted, JSON.stringify(ids));
  await tab.open(`chrome-extension://${theirs}/page.html`);
  const replies = await tab.run(
    async ({ to, all }) => {
      const heard = [];
      for (const message of all)
        heard.push(await chrome.runtime.sendMessage(to, message).catch((error) => `${error.message}`));
      return heard;
    },
    { to: wanted, all: messages },
  );
  assert.ok(
    replies.every((reply) => /Receiving end does not exist/.test(reply)),
    JSON.stringify(replies),
  );
  assert.deepEqual(await api.log(), []);
});
