// What a person does on the demo page, and sees there.

import assert from "node:assert/strict";
import { run, until, visibleText } from "./drive.js";

/** @typedef {import("./drive.js").Driver} Driver */

/**
 * Fills the form and sends it.
 * @param {Driver} browser
 * @param {string} source
 * @param {string} [user]
 */
export async function form(browser, source, user = "") {
  await browser.fill("#source", source);
  await browser.fill("#user", user);
  await browser.click("#question [type=submit]");
}

/**
 * Drops a file on the page.
 * @param {Driver} browser
 * @param {string} name
 * @param {string} type
 * @param {Buffer} bytes
 */
export function dropFile(browser, name, type, bytes) {
  return run(
    browser,
    (name, type, bytes) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([Uint8Array.from(bytes)], name, { type }));
      const init = { dataTransfer, bubbles: true, cancelable: true };
      document.body.dispatchEvent(new DragEvent("dragover", init));
      document.body.dispatchEvent(new DragEvent("drop", init));
    },
    name,
    type,
    [...bytes],
  );
}

/**
 * The rows on show, in order: id, model, version, what the badge says, why, when.
 * @param {Driver} browser
 */
export function rows(browser) {
  return run(browser, () =>
    [...document.querySelectorAll("#rows > li")].map((item) => {
      const text = (/** @type {string} */ selector) => item.querySelector(selector)?.textContent ?? "";
      const badge = item.querySelector("civitai-lock-badge");
      return {
        id: Number(item.getAttribute("data-id")),
        state: badge?.getAttribute("data-state") ?? "",
        badge: badge?.shadowRoot?.querySelector(".text")?.textContent ?? "",
        model: text(".model"),
        version: text(".version"),
        reason: text(".reason"),
        opens: text(".opens"),
      };
    }),
  );
}

/** What each badge says, by id. @param {Driver} browser */
export async function badges(browser) {
  return Object.fromEntries((await rows(browser)).map(({ id, badge }) => [id, badge]));
}

/**
 * The rows, once the run is over.
 * @param {Driver} browser
 */
export async function answered(browser) {
  await until(browser, () => {
    const results = document.getElementById("results");
    return (
      results?.hidden === false &&
      !results.hasAttribute("aria-busy") &&
      document.getElementById("summary")?.textContent !== ""
    );
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
