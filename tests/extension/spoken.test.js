// What Firefox computes for a screen reader, badge by badge; accessibility.test.js reads Chromium's tree.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { By } from "selenium-webdriver";
import { settled, visit } from "./lib/badges.js";
import { someOf, until } from "./lib/browser.js";
import { useExtension } from "./lib/harness.js";

describe("what Firefox tells a screen reader", { timeout: 200_000 }, () => {
  const extension = useExtension({ browser: "firefox", crowd: 30 });

  /** Role and name of each badge, in the page's order. @returns {Promise<{ role: string, name: string }[]>} */
  const spoken = async () => {
    const { driver } = /** @type {any} */ (extension.browser());
    const elements = await driver.findElements(By.css("civitai-lock-badge"));
    return Promise.all(
      elements.map(async (/** @type {import("selenium-webdriver").WebElement} */ element) => ({
        role: await element.getAriaRole(),
        name: await element.getAccessibleName(),
      })),
    );
  };

  for (const path of someOf(["/models/900100", "/models", "/images/300123", "/auctions"], 2)) {
    test(`names and roles, and nothing of badges that say nothing: ${path}`, async () => {
      const tab = await extension.newTab();
      await visit(tab, path);
      await until(tab, () => document.querySelector("civitai-lock-badge"));
      await settled(tab);
      const badges = await tab.run(() =>
        [...document.querySelectorAll("civitai-lock-badge")].map((badge) => ({
          label: badge.getAttribute("aria-label") ?? "",
          drawn: badge.hasAttribute("data-drawn"),
        })),
      );
      const images = await spoken();
      // ARIA 1.3 calls it `image`, before it was `img`.
      assert.deepEqual(
        images.map(({ role, name }) => (/^ima?ge?$/.test(role) ? `an image: ${name}` : name)),
        badges.map(({ label, drawn }) => (drawn ? `an image: ${label}` : "")),
      );
      assert.ok(images.some(({ name }) => /\S: \S/.test(name)));
    });
  }
});
