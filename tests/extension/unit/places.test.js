import assert from "node:assert/strict";
import { test } from "node:test";
import { placesOfLinks } from "../../../src/extension/content/find/places.js";

test("a link that the page gives another address during a look: no place says the one model and holds for the other", async () => {
  const links = [900200, 900300].map(linkTo);
  const page = { contains: () => true };
  Object.assign(globalThis, {
    location: new URL("https://civitai.com/articles/1"),
    document: { getElementById: () => page },
  });
  let turns = 0;
  // The page has its turn before each link: in the second look at the links both already lead elsewhere.
  const slices = {
    isOver: () => true,
    async next() {
      turns += 1;
      if (turns === 3) for (const link of links) link.href = "/models/827184/other";
    },
    spent: () => 0,
  };
  const { places } = await placesOfLinks(/** @type {any} */ ({ querySelectorAll: () => links }), slices);
  assert.deepEqual(
    places.map(({ model, text }) => [model, text]),
    [
      [900200, "/models/900200/name"],
      [900300, "/models/900300/name"],
    ],
  );
});

/** As much of a link with words as the look reads. @param {number} model */
function linkTo(model) {
  return {
    href: `/models/${model}/name`,
    textContent: "some words",
    childElementCount: 0,
    parentElement: null,
    getAttribute(/** @type {string} */ name) {
      return name === "href" ? this.href : null;
    },
    closest: () => null,
    querySelector: () => null,
  };
}
