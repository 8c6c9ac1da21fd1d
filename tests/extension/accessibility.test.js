// What a screen reader says, what axe finds, and what the keyboard alone reaches.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { badgesOn, settled, visit } from "./lib/badges.js";
import { browserNames, hover, someOf, until } from "./lib/browser.js";
import { useExtension } from "./lib/harness.js";
import { openOptions, openPopup, sees } from "./lib/pages.js";

const axe = readFileSync(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const none = {
  title: false,
  versions: false,
  cards: false,
  images: false,
  rows: false,
  blocks: false,
  text: false,
};

for (const browser of browserNames) {
  describe(`accessibility in ${browser}`, { timeout: 200_000 }, () => {
    const extension = useExtension({ browser, crowd: 30 });

    test("each badge is an image with a whole sentence for a name, in its language, not to be translated", async () => {
      const tab = await extension.newTab();
      await visit(tab, "/models/900100");
      await settled(tab, { least: 9 });
      const attributes = await tab.run(() =>
        [...document.querySelectorAll("h1 + civitai-lock-badge, button + civitai-lock-badge")].map(
          (element) => {
            const badge = /** @type {HTMLElement} */ (element);
            return [badge.getAttribute("role"), badge.lang.slice(0, 2), badge.translate, badge.tabIndex];
          },
        ),
      );
      assert.deepEqual(attributes, Array(9).fill(["img", "en", false, -1]));
      const names = (await badgesOn(tab)).filter(({ drawn }) => drawn).map(({ name }) => name);
      assert.ok(
        names.some((name) => /Chalk.?: early access, opens on .+ in \d days/i.test(name)),
        names.join("\n"),
      );
      assert.ok(
        names.every((name) => /\S: \S/.test(name)),
        names.join("\n"),
      );
    });

    for (const path of someOf(["/models/900100", "/models", "/images/300123", "/auctions"], 2)) {
      test(`axe finds nothing on ${path} that it does not find without us`, async () => {
        await extension.set({ surfaces: none });
        const tab = await extension.newTab();
        await visit(tab, path);
        await until(tab, () => document.querySelector("main a[href^='/models/']"));
        await sleep(1500); // as long as the badges take: cards are filled as they come into view
        const without = new Set((await audit(tab)).map(({ rule }) => rule));
        await extension.set({ surfaces: {} });
        await tab.reload();
        await settled(tab);
        const added = (await audit(tab)).filter(
          ({ rule, html }) => !without.has(rule) || /civitai-lock-badge/.test(html),
        );
        assert.deepEqual(added, []);
      });
    }

    test("axe finds nothing at all on popup and options, dark and light, and both fit 360 px", async () => {
      const tab = await extension.newTab();
      await visit(tab, "/models/900100");
      await settled(tab, { least: 9 });
      for (const page of [
        await openPopup(extension.browser(), tab),
        await openOptions(extension.browser()),
      ]) {
        await sees(page, /\S.{10,}/s);
        for (const scheme of /** @type {const} */ (["dark", "light"])) {
          await extension.browser().emulateScheme(page, scheme);
          assert.deepEqual(await audit(page), []);
        }
        const wide = await page.run(() => {
          document.documentElement.style.width = "360px";
          return [...document.body.querySelectorAll("*")]
            .filter((element) => element.getBoundingClientRect().right > 361)
            .map((element) => element.outerHTML.slice(0, 80));
        });
        assert.deepEqual(wide, []);
        await page.close();
      }
    });

    test("the keyboard alone reaches every control of popup and options", async () => {
      const tab = await extension.newTab();
      await visit(tab, "/models/900100");
      await settled(tab, { least: 9 });
      for (const page of [
        await openPopup(extension.browser(), tab),
        await openOptions(extension.browser()),
      ]) {
        await sees(page, /\S.{10,}/s);
        const controls = await page.run(() => {
          const all = [
            ...document.querySelectorAll("button, a[href], select, summary, textarea, input"),
          ].filter((one) => one.checkVisibility() && !(/** @type {HTMLButtonElement} */ (one).disabled));
          // Of radio buttons only the chosen one is a stop, and arrows reach the others.
          const stops = all.filter((one) => {
            const { type, name, checked } = /** @type {HTMLInputElement} */ (one);
            return type !== "radio" || checked || !document.querySelector(`input[name="${name}"]:checked`);
          });
          for (const [at, one] of stops.entries()) one.setAttribute("data-stop", `${at}`);
          return stops.length;
        });
        assert.ok(controls > 0);
        const reached = new Set();
        for (let press = 0; press < controls + 6; press++) {
          await page.press("Tab");
          reached.add(await page.run(() => document.activeElement?.getAttribute("data-stop")));
        }
        for (let at = 0; at < controls; at++) {
          const html = await page.run((n) => document.querySelector(`[data-stop="${n}"]`)?.outerHTML, at);
          assert.ok(reached.has(`${at}`), `never reached: ${html}`);
        }
        await page.close();
      }
    });

    test("a tooltip opens by the focus of its button or when the pointer rests on it, and closes with Escape", async () => {
      const tab = await extension.newTab();
      await visit(tab, "/models/900100");
      await settled(tab, { least: 9 });
      const openTips = () =>
        [...document.querySelectorAll("civitai-lock-badge")].filter((badge) =>
          badge.shadowRoot?.querySelector(".tip:popover-open"),
        ).length;
      await tab.run(() => {
        const buttons = [...document.querySelectorAll('button[data-size="compact-sm"]')];
        buttons.find((button) => button.textContent?.startsWith("Chalk"))?.setAttribute("id", "chalk");
        document.getElementById("chalk")?.focus();
      });
      await until(tab, openTips);
      await tab.press("Escape");
      await until(tab, () =>
        [...document.querySelectorAll("civitai-lock-badge")].every(
          (badge) => !badge.shadowRoot?.querySelector(".tip:popover-open"),
        ),
      );
      await hover(tab, "h1 + civitai-lock-badge");
      await until(tab, openTips);
      const words = await tab.run(
        () =>
          document.querySelector("h1 + civitai-lock-badge")?.shadowRoot?.querySelector(".tip")?.textContent,
      );
      assert.ok((words?.length ?? 0) > 10, words ?? "");
      await tab.press("Escape");
      assert.equal(await tab.run(openTips), 0);
    });
  });
}

describe("the accessibility tree of Chromium", { timeout: 100_000 }, () => {
  const extension = useExtension({ browser: "chromium", crowd: 30 });

  test("names and roles, and nothing of badges that say nothing", async () => {
    const tab = await extension.newTab();
    await visit(tab, "/models/900100");
    const badges = await settled(tab, { least: 9 });
    const images = await imagesOf(tab);
    for (const { surface, name } of badges.filter(({ surface }) => surface === "title")) {
      assert.ok(images.includes(name), `${surface}: ${name} is not among\n${images.join("\n")}`);
    }
    await tab.open("https://civitai.com/models");
    await until(tab, () => document.querySelector("[data-index] civitai-lock-badge"));
    const cards = (await settled(tab)).filter(({ surface }) => surface === "card");
    const inFeed = await imagesOf(tab);
    for (const { name, state } of cards.filter(({ state }) =>
      ["locked", "free", "trial", "off"].includes(state),
    )) {
      assert.ok(inFeed.includes(name), `${state}: ${name} is not among\n${inFeed.join("\n")}`);
    }
    assert.ok(cards.length > 0);
    assert.ok(!inFeed.some((name) => /^no lock/i.test(name)), "open cards stay silent");
  });
});

/** The names of all images in the tree. @param {any} tab @returns {Promise<string[]>} */
async function imagesOf(tab) {
  const session = await tab.page.context().newCDPSession(tab.page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  await session.detach();
  return nodes
    .filter((/** @type {any} */ node) => !node.ignored && ["img", "image"].includes(node.role?.value))
    .map((/** @type {any} */ node) => node.name?.value ?? "");
}

/**
 * What axe finds wrong: the rule and the element.
 * @param {import("./lib/browser.js").Tab} tab
 * @returns {Promise<{ rule: string, html: string, why: string }[]>}
 */
async function audit(tab) {
  await tab.runSource(axe);
  return tab.run(async () => {
    const { axe } = /** @type {any} */ (globalThis);
    const { violations, passes } = await axe.run(document);
    if (passes.length < 8) return [{ rule: "axe looked at almost nothing", html: "", why: "" }];
    return violations.flatMap((/** @type {any} */ { id, nodes }) =>
      nodes.map((/** @type {any} */ { html, failureSummary }) => ({ rule: id, html, why: failureSummary })),
    );
  });
}
