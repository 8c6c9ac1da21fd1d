// Badges whose places change: none stays with what it no longer speaks of, and none goes that speaks of something else.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { forgetAnswers, keepModel } from "../../../src/extension/content/answers.js";
import { drawPlaces, drawVersions, dueIn, sweep } from "../../../src/extension/content/draw/attach.js";
import { state } from "../../../src/extension/content/state.js";
import { modelAnswer, useBackground, versionAnswer } from "./page.js";

afterEach(() => {
  state.places = [];
  state.placed.clear();
  forgetAnswers();
});

test("another title: what stands on the version buttons is hidden at once, though their words are the same", () => {
  useBackground(() => null, "https://civitai.com/models/900200");
  const heading = element({ textContent: "Model 900200" });
  const button = element({ textContent: "v1.0" });
  const badge = element({});
  const title = { anchor: heading, text: "Model 900200" };
  const place = {
    ...{ surface: "versions", how: "after", model: 900200, version: 11 },
    ...{ anchor: button, text: "v1.0", beside: button, title },
  };
  state.placed.set(badge, { place: /** @type {any} */ (place), answer: null });
  sweep();
  assert.equal(badge.hidden, false);
  heading.textContent = "Model 900300";
  sweep();
  assert.equal(badge.hidden, true);
});

test("an answer for the model before, in the midst of a drawing: the new model's badge stays", async (t) => {
  usePage();
  const [before, after] = [versionAnswer(11, { state: "locked" }), versionAnswer(21, { state: "locked" })];
  keepModel(modelAnswer(1, [before]));
  keepModel(modelAnswer(2, [after]));
  const links = Array.from({ length: 40 }, () => element({ href: "/models/1" }));
  state.places = links.map((link) => placeAt(link, 1));
  await drawPlaces();
  assert.equal(badgesAt(links), 40);

  for (const link of links) link.setAttribute("href", "/models/2");
  state.places = links.map((link) => placeAt(link, 2));
  await answeredMeanwhile(t, links, 11);
});

test("an answer for the same version, in the midst of a drawing: a badge under the link's new address stays", async (t) => {
  usePage();
  keepModel(modelAnswer(1, [versionAnswer(11, { state: "locked" })]));
  const links = Array.from({ length: 40 }, () => element({ href: "/models/1" }));
  state.places = links.map((link) => placeAt(link, 1));
  await drawPlaces();
  for (const link of links) link.setAttribute("href", "/models/1/name");
  state.places = links.map((link) => ({ ...placeAt(link, 1), text: "/models/1/name" }));
  await answeredMeanwhile(t, links, 11);
});

test("what a gate leaves free, known in the midst of a drawing: drawn at once, and it stays", async (t) => {
  usePage();
  keepModel(modelAnswer(1, [versionAnswer(11, { state: "gated", complete: false })]));
  keepModel(modelAnswer(2, [versionAnswer(21, { state: "locked" })]));
  const links = Array.from({ length: 40 }, (_, nth) => element({ href: `/models/${nth ? 2 : 1}` }));
  state.places = links.map((link, nth) => placeAt(link, nth ? 2 : 1));
  const drawing = drawInSlices(t);
  await sleep(0);
  assert.equal(badgesAt(links.slice(0, 1)), 0);
  assert.ok(badgesAt(links) > 0 && badgesAt(links) < 39, `${badgesAt(links)}`);
  keepModel(modelAnswer(1, [versionAnswer(11, { state: "locked" })]));
  drawVersions([11]);
  assert.equal(badgesAt(links.slice(0, 1)), 1);
  await drawing;
  assert.equal(badgesAt(links), 40);
});

test("a version that has no lock any more: its badge goes as soon as that is known", async () => {
  usePage();
  keepModel(modelAnswer(1, [versionAnswer(11, { state: "locked" })]));
  const link = element({ href: "/models/1" });
  state.places = [placeAt(link, 1)];
  await drawPlaces();
  assert.equal(badgesAt([link]), 1);
  keepModel(modelAnswer(1, [versionAnswer(11)]));
  drawVersions([11]);
  assert.equal(badgesAt([link]), 0);
});

test("what could not be asked about is asked again in its time, also where nothing is drawn", async () => {
  usePage();
  const error = { code: "NETWORK", status: null, message: "", askAgainAt: Date.now() + 30_000 };
  keepModel(modelAnswer(1, [], { error }));
  const link = element({ href: "/models/1" });
  state.places = [placeAt(link, 1)];
  await drawPlaces();
  assert.equal(badgesAt([link]), 0);
  assert.ok(dueIn() > 29_000 && dueIn() <= 30_000, `${dueIn()}`);
  keepModel(modelAnswer(1, [versionAnswer(11)]));
  assert.equal(dueIn(), Number.POSITIVE_INFINITY);
});

/**
 * Draws, and before the drawing has ended an answer of this version comes: what was drawn anew by then stays.
 * @param {import("node:test").TestContext} t @param {any[]} links @param {number} version
 */
async function answeredMeanwhile(t, links, version) {
  const places = new Set(state.places);
  const drawing = drawInSlices(t);
  await sleep(0);
  const drawnAnew = links.filter(({ nextElementSibling: badge }) => {
    const placed = state.placed.get(badge);
    return placed && places.has(placed.place);
  });
  assert.ok(drawnAnew.length > 0 && drawnAnew.length < links.length, `${drawnAnew.length}`);
  drawVersions([version]);
  assert.equal(badgesAt(drawnAnew), drawnAnew.length);
  await drawing;
  assert.equal(badgesAt(links), links.length);
}

/** Draws so that each slice is over at once. @param {import("node:test").TestContext} t */
function drawInSlices(t) {
  let now = performance.now();
  t.mock.method(performance, "now", () => (now += 9));
  return drawPlaces();
}

/** A link in a text. @param {any} link @param {number} model @returns {any} */
const placeAt = (link, model) => ({
  ...{ surface: "text", how: "after", model, version: null },
  ...{ anchor: link, text: `/models/${model}`, beside: link },
});

/** How many of these links have a badge behind them. @param {any[]} links */
const badgesAt = (links) =>
  links.filter(({ nextElementSibling }) => nextElementSibling?.localName === "civitai-lock-badge").length;

/** As much of a page as drawing needs, with everything in view. */
function usePage() {
  useBackground(() => ({ ok: true, viewer: { mode: "public" }, models: [], versions: [] }));
  class IntersectionObserver {
    /** @param {(entries: object[]) => void} report */
    constructor(report) {
      this.report = report;
    }
    /** @param {object} target */
    observe(target) {
      this.report([{ target, isIntersecting: true }]);
    }
    unobserve() {}
  }
  Object.assign(globalThis.chrome, { i18n: { getMessage: () => "en", getUILanguage: () => "en" } });
  Object.assign(globalThis, { IntersectionObserver, document });
  // Node.js 20 has none, later ones a getter.
  Object.defineProperty(globalThis, "navigator", { value: { languages: ["en"] }, configurable: true });
}

const document = {
  createElement: (/** @type {string} */ localName) => element({ localName }),
  createElementNS: () => element({}),
  getElementsByTagName: () => [],
};

/** As much of an element. @param {Record<string, any>} has @returns {any} */
function element({ href = null, ...has }) {
  const attributes = new Map([["href", href]]);
  return {
    ...{ isConnected: true, hidden: false, textContent: "", dataset: {}, ownerDocument: document },
    ...{ previousElementSibling: null, nextElementSibling: null },
    style: { setProperty() {} },
    append() {},
    replaceChildren() {},
    toggleAttribute() {},
    attachShadow: () => element({}),
    getAttribute: (/** @type {string} */ name) => attributes.get(name) ?? null,
    setAttribute: (/** @type {string} */ name, /** @type {string} */ value) => attributes.set(name, value),
    removeAttribute: (/** @type {string} */ name) => attributes.delete(name),
    after(/** @type {any} */ badge) {
      this.nextElementSibling = badge;
      badge.previousElementSibling = this;
    },
    remove() {
      if (this.previousElementSibling) this.previousElementSibling.nextElementSibling = null;
      this.previousElementSibling = null;
    },
    ...has,
  };
}
