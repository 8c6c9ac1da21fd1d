// What a person does on the demo page, and sees there.

import assert from "node:assert/strict";
import { run, until, visibleText } from "./drive.js";

/** @typedef {import("./drive.js").Driver} Driver */

/**
 * Fills the form and sends it.
 * @param {Driver} browser
 * @param {string} versions
 * @param {string} [user]
 */
export async function form(browser, versions, user = "") {
  await browser.fill("#versions", versions);
  await browser.fill("#user", user);
  await browser.click("#question [type=submit]");
}

/**
 * The rows on show: state and words by id.
 * @param {Driver} browser
 * @returns {Promise<Record<string, string>>}
 */
export function rows(browser) {
  return run(browser, () =>
    Object.fromEntries(
      [...document.querySelectorAll("#rows > li")].map((item) => [
        item.querySelector("a")?.textContent,
        `${item.getAttribute("data-state")} ${item.querySelector("span")?.textContent}`,
      ]),
    ),
  );
}

/**
 * The rows, once the run is over.
 * @param {Driver} browser
 */
export async function answered(browser) {
  await until(browser, () => {
    const summary = document.getElementById("summary");
    return summary?.textContent !== "" && !document.getElementById("results")?.hasAttribute("aria-busy");
  });
  return rows(browser);
}

/**
 * Waits until the page, or a part of it, says so.
 * @param {Driver} browser
 * @param {string} words
 * @param {string} [id]
 */
export async function sees(browser, words, id = "") {
  const text = () =>
    id ? run(browser, (id) => document.getElementById(id)?.textContent, id) : visibleText(browser);
  for (const end = Date.now() + 60_000; Date.now() < end; ) {
    if ((await text())?.replace(/\s+/g, " ").includes(words)) return;
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  assert.fail(`The page does not say “${words}”. It says: ${await text()}`);
}

/**
 * What the API was asked; the page's own files pass through the same server.
 * @param {import("../helpers/stand-in.js").Session} session
 */
export async function asked(session) {
  return (await session.log()).map(({ target }) => target).filter((target) => target.includes("/api/v1/"));
}
