// What a browser or its user may do to every page: prepare it unseen, forbid WebAssembly, enlarge or recolour the text.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { becomes, settled, visit } from "./lib/badges.js";
import { browserNames, inExtension, someOf, until } from "./lib/browser.js";
import { useExtension } from "./lib/harness.js";
import { openPopup, sees } from "./lib/pages.js";

for (const browser of browserNames) {
  describe(`circumstances in ${browser}`, { timeout: 200_000 }, () => {
    const extension = useExtension({
      browser,
      crowd: 30,
      // Drivers switch prerendering off. So the document claims to be prerendered until the event comes.
      unpacked: {
        change: ({ content_scripts: [script] }) => script.js.unshift("prepared.js"),
        add: {
          "prepared.js": `
            let isPrepared = window.name === "prepared";
            Object.defineProperty(document, "prerendering", { get: () => isPrepared });
            document.addEventListener("prerenderingchange", () => { isPrepared = false; });`,
        },
      },
    });

    test("a document that is no page (XML, pictures): nothing of ours runs in it", async () => {
      const tab = await extension.newTab();
      await tab.open("https://civitai.com/covers/1.svg");
      await until(tab, () => document.documentElement.localName === "svg");
      await sleep(1000);
      const ask = (/** @type {string} */ url) =>
        inExtension(
          extension.browser(),
          async (wanted) => {
            const one = (await chrome.tabs.query({})).findLast((tab) => tab.url?.startsWith(wanted));
            return chrome.tabs.sendMessage(one?.id ?? -1, { kind: "report" }).then(
              () => "answers",
              (error) => `${error}`,
            );
          },
          url,
        );
      assert.match(await ask("https://civitai.com/covers/"), /Receiving end does not exist/);
      await visit(tab, "/models/900200");
      await settled(tab, { least: 4 });
      assert.equal(await ask("https://civitai.com/models/"), "answers");
    });

    test("an add-on that recolours the page: words stay readable, by their contrast", async () => {
      const tab = await extension.newTab();
      for (const [path, least] of /** @type {const} */ ([
        ["/models/900100", 9],
        ["/auctions", 8],
      ])) {
        for (const scheme of /** @type {const} */ (["light", "dark"])) {
          extension.site().set({ scheme });
          await visit(tab, path);
          await settled(tab, { least });
          const poor = await tab.run(recolour);
          assert.deepEqual(poor, [], `${path}, ${scheme}`);
        }
      }
    });

    test("a page that is prepared unseen asks nothing before it is shown", async () => {
      const tab = await extension.newTab();
      await visit(tab, "/user/nobody");
      await tab.run(() => {
        window.name = "prepared";
      });
      await visit(tab, "/models/900200");
      await sleep(3000);
      assert.deepEqual(await extension.api().log(), []);
      assert.equal(await tab.run(() => document.querySelectorAll("civitai-lock-badge").length), 0);
      await tab.run(() => {
        document.dispatchEvent(new Event("prerenderingchange"));
      });
      await becomes(tab, { surface: "version", id: 900_203, state: "trial" });
      assert.ok((await extension.api().log()).length > 0);
    });
  });
}

describe("circumstances of firefox alone", { timeout: 120_000 }, () => {
  describe("without WebAssembly", () => {
    const preferences = {
      "javascript.options.wasm": false,
      "javascript.options.wasm_trustedprincipals": false,
    };
    const extension = useExtension({ browser: "firefox", preferences });
    test("badges and popup say that this browser forbids what the extension needs", async () => {
      const tab = await extension.newTab();
      await visit(tab, "/models/900200");
      const badge = await becomes(tab, { surface: "title", id: 900_203, state: "unknown" });
      assert.match(badge.name, /this browser does not run WebAssembly/i);
      await sees(await openPopup(extension.browser(), tab), /this browser does not run WebAssembly/i);
      assert.deepEqual(await extension.api().log(), []);
    });
  });

  describe("with a minimum font size of 20 px", () => {
    const extension = useExtension({
      browser: "firefox",
      crowd: 30,
      preferences: { "font.minimum-size.x-western": 20 },
    });
    for (const [path, least] of someOf(
      /** @type {const} */ ([
        ["/models/900100", 9],
        ["/models", 2],
        ["/user/downloads?__downloads=cards", 3],
        ["/auctions", 8],
        ["/images/300123", 2],
      ]),
      3,
    )) {
      test(`no letter is cut: ${path}`, async () => {
        const tab = await extension.newTab();
        await visit(tab, path);
        await settled(tab, { least });
        const faces = await tab.run(() =>
          [...document.querySelectorAll("civitai-lock-badge[data-drawn]")].flatMap((badge) => {
            const face = /** @type {HTMLElement} */ (badge.shadowRoot?.querySelector(".face"));
            const text = /** @type {HTMLElement} */ (face.querySelector(".text"));
            if (text.getBoundingClientRect().width === 0) return [];
            const [outer, inner] = [face.getBoundingClientRect(), text.getBoundingClientRect()];
            return {
              words: text.textContent,
              size: Number.parseFloat(getComputedStyle(text).fontSize),
              isCut:
                inner.top < outer.top ||
                inner.bottom > outer.bottom ||
                text.scrollWidth > text.clientWidth + 1,
            };
          }),
        );
        assert.ok(faces.length > 0);
        assert.deepEqual(
          faces.filter(({ isCut }) => isCut),
          [],
        );
      });
    }
  });
});

/**
 * Does what an add-on for dark pages does: it turns light grounds dark, and dark words light, rule by rule, also in open
 * shadow roots. Returns the badges whose words are hard to read afterwards. Runs in the page.
 */
function recolour() {
  /** @param {string} colour */
  const rgb = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  /** @param {string} colour */
  const lightness = (colour) => {
    const [red = 0, green = 0, blue = 0] = rgb(colour).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  /** The same hue, the other end of the scale. @param {string} colour */
  const turned = (colour) => {
    const [red = 0, green = 0, blue = 0] = rgb(colour);
    const shift = 255 - Math.max(red, green, blue) - Math.min(red, green, blue);
    return `rgb(${red + shift}, ${green + shift}, ${blue + shift})`;
  };
  const faces = [...document.querySelectorAll("civitai-lock-badge[data-drawn]")].flatMap((badge) => {
    const face = /** @type {HTMLElement | null} */ (badge.shadowRoot?.querySelector(".face") ?? null);
    return face && face.getBoundingClientRect().width > 0 ? face : [];
  });
  for (const face of faces) {
    const { color, backgroundColor } = getComputedStyle(face);
    const style = document.createElement("style");
    const ground = lightness(backgroundColor) > 0.2 ? turned(backgroundColor) : backgroundColor;
    const ink = lightness(color) < 0.4 ? turned(color) : color;
    style.textContent = `.face { background-color: ${ground} !important; } .face, .text { color: ${ink} !important; }`;
    face.getRootNode().appendChild(style);
  }
  return faces.flatMap((face) => {
    const ground = lightness(getComputedStyle(face).backgroundColor);
    const ink = lightness(getComputedStyle(/** @type {Element} */ (face.querySelector(".text"))).color);
    const contrast = (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
    return contrast >= 4.5 ? [] : `${face.textContent}: ${contrast.toFixed(1)}`;
  });
}
