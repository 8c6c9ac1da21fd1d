// Each place where a badge belongs has one, the right one, in both browsers; and no other place has.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { badgesOn, becomes, navigate, scrollTo, settled, statesOf, visit } from "./lib/badges.js";
import { browserNames, full, someOf, until } from "./lib/browser.js";
import { useExtension } from "./lib/harness.js";
import { cardState, models, stateFor, statesFor, truths } from "./lib/truth.js";

/**
 * Pairwise over browser, host and React's build: these four hold every pair. With --full each surface meets both of
 * its browser's; policy and theme of the page alternate on top.
 *
 * @type {Record<"chromium" | "firefox", { host: string, build: "production" | "development" }[]>}
 */
const variants = {
  chromium: [
    { host: "civitai.com", build: "production" },
    { host: "civitai.red", build: "development" },
  ],
  firefox: [
    { host: "civitai.red", build: "production" },
    { host: "civitai.com", build: "development" },
  ],
};
const surfaces = /** @type {const} */ ([
  "title and versions",
  "cards",
  "images",
  "rows",
  "blocks",
  "text",
  "kept out",
]);

for (const browser of browserNames) {
  describe(`surfaces in ${browser}`, { timeout: 500_000 }, () => {
    const extension = useExtension({ browser, crowd: 60 });
    // In the default run React's development build is in react-health.test.js.
    const met = someOf(variants[browser]);
    /** How often each surface was opened. @type {Map<string, number>} */
    const opened = new Map();
    /**
     * Goes there, each time in the other variant.
     * @param {typeof surfaces[number]} surface
     * @param {string} path
     * @param {Partial<import("./site/options.js").SiteOptions>} [options]
     */
    const open = async (surface, path, options = {}) => {
      const times = opened.get(surface) ?? 0;
      opened.set(surface, times + 1);
      const { host, build } = met[times % met.length] ?? { host: "civitai.com", build: "production" };
      const [csp, scheme] =
        times % 3 === 1
          ? /** @type {const} */ (["strict", "light"])
          : /** @type {const} */ (["none", "dark"]);
      extension.site().set({ build, csp, scheme, ...options });
      // "No lock" too, so that each place has a badge.
      await extension.set({ showOpen: true });
      const tab = await extension.newTab();
      await tab.resize(1400, 1400);
      await visit(tab, path, host);
      return tab;
    };

    for (const nextData of /** @type {const} */ (["superjson", "devalue", "absent"])) {
      test(`version list and title, page data: ${nextData}`, async () => {
        const how = nextData === "absent" ? "listed" : "known";
        // The other two with their data are in wrong-lock.test.js.
        for (const model of someOf(/** @type {const} */ ([900_100, 827_184, 900_700]))) {
          const tab = await open("title and versions", `/models/${model}`, { nextData });
          const badges = await settled(tab, { least: models[model].length + 1 });
          assert.deepEqual(statesOf(badges, "version"), statesFor(models[model], how));
          const [first = 0] = models[model];
          assert.deepEqual(statesOf(badges, "title"), { [first]: stateFor(first, how) });
          await tab.close();
        }
      });
    }

    test("the title speaks of the version on show, with the reason", async () => {
      const tab = await open("title and versions", "/models/900100?modelVersionId=900105");
      await settled(tab, { least: 9 });
      for (const [name, id] of /** @type {const} */ ([
        ["Ink", 900_104],
        ["Brush", 900_101],
        ["Sketchbook", 900_108],
        ["Gilt", 900_105],
      ])) {
        await tab.run((wanted) => {
          const buttons = [...document.querySelectorAll("button")];
          buttons.find((button) => button.textContent === wanted)?.click();
        }, name);
        const badge = await becomes(tab, { surface: "title", id, state: stateFor(id, "known") });
        const text = truths.find(({ version }) => version === id)?.text;
        if (text) assert.match(badge.text, new RegExp(text));
        assert.match(badge.name, new RegExp(name));
      }
    });

    test("another list than the API's, and two versions of one name: nothing is guessed", async () => {
      const longer = await open("title and versions", "/models/902000", { nextData: "absent" });
      await becomes(longer, { surface: "title", id: 902_003, state: "trial" });
      // The third is one that the list does not hold.
      const named = statesOf(await settled(longer, { least: 3 }), "version");
      assert.deepEqual(Object.keys(named).map(Number), [902_001, 902_003]);
      const twice = await open("title and versions", "/models/902100", { nextData: "absent" });
      await becomes(twice, { surface: "title", id: 902_102, state: "trial" });
      const badges = await settled(twice);
      const order = badges.filter(({ surface }) => surface === "version").map(({ version }) => version);
      assert.ok(order.length === 0 || order.join() === "902102,902101", `on the buttons: ${order}`);
    });

    test("the owner's list, with a draft and a menu beside each button", async () => {
      const tab = await open("title and versions", "/models/901200", { session: "20002" });
      const badges = await settled(tab, { least: 3 });
      const { 901_202: known, 901_203: own } = statesOf(badges, "version");
      assert.deepEqual([known, own], ["open", "yours"]);
      assert.equal(
        await tab.run(
          () => document.querySelectorAll("button[aria-label^=Options] + civitai-lock-badge").length,
        ),
        0,
      );
    });

    // Three kinds of list; the others are lists as "/models" has them.
    for (const path of someOf(
      ["/models", "/search/models", "/", "/user/kestrel_studio/models", "/tag/style", "/collections/1"],
      3,
    )) {
      test(`cards: ${path}`, async () => {
        const tab = await open("cards", path);
        const cards = await cardsOf(tab, 3);
        assert.deepEqual(shown(cards), expected(cards));
        for (const { state, drawn, hidden } of cards) assert.deepEqual([drawn, hidden], [true, false], state);
      });
    }

    test("cards without a lock: no badge, and no element", async () => {
      const tab = await open("cards", "/models");
      await extension.set({ showOpen: false });
      await until(
        tab,
        () =>
          document.querySelector('civitai-lock-badge[data-state="trial"]') &&
          !document.querySelector('civitai-lock-badge[data-state="open"]'),
      );
      const states = await tab.run(() =>
        [...document.querySelectorAll("civitai-lock-badge")].map(
          (badge) => /** @type {HTMLElement} */ (badge).dataset.state,
        ),
      );
      assert.ok(states.length > 0);
      assert.deepEqual(
        states.filter((state) => state === "open" || state === "pending"),
        [],
      );
    });

    test("cards whose links name a version, and a carousel that turns", async () => {
      const filtered = await open("cards", "/models?baseModel=Illustrious");
      const cards = await cardsOf(filtered, 3);
      assert.deepEqual(shown(cards), expected(cards));
      const carousel = await open("cards", "/");
      await cardsOf(carousel, 3);
      for (let turn = 0; turn < 5; turn++) await carousel.click(".embla__next");
      await settled(carousel);
      const turned = await cardsOf(carousel, 3);
      assert.deepEqual(shown(turned), expected(turned));
    });

    for (const path of ["/images/300123", "/models/900200"]) {
      test(`resources of an image, ${path.startsWith("/images") ? "on its page" : "in the dialog"}`, async () => {
        const tab = await open("images", path);
        if (path.startsWith("/models")) {
          await until(tab, () => document.querySelector("#gallery a"));
          await settled(tab, { least: 4 });
          await tab.click("#gallery a");
        }
        await until(tab, () => document.querySelectorAll(".imageDetail li").length === 3);
        await until(tab, () => document.querySelectorAll(".imageDetail li civitai-lock-badge").length === 2);
        await tab.run(() => {
          const more = [...document.querySelectorAll("p")].find((each) =>
            each.textContent.startsWith("Show "),
          );
          more?.click();
        });
        await until(tab, () => document.querySelectorAll(".imageDetail li civitai-lock-badge").length === 4);
        const states = statesOf(await settled(tab), "image");
        const linked = await tab.run(() =>
          [...document.querySelectorAll(".imageDetail li")].map((row) => {
            const links = [...row.querySelectorAll("a")].map((link) =>
              new URL(link.href).searchParams.get("modelVersionId"),
            );
            return [links.length, row.querySelectorAll("civitai-lock-badge").length, Number(links[0])];
          }),
        );
        assert.deepEqual(linked.map(([links, badges]) => `${links}:${badges}`).sort(), [
          "0:0",
          "2:1",
          "2:1",
          "2:1",
          "2:1",
        ]);
        const ids = linked.flatMap(([links, , id]) => (links && id ? [id] : []));
        assert.deepEqual(states, statesFor(ids, "listed"));
        const last = await tab.run(() =>
          [...document.querySelectorAll(".imageDetail li civitai-lock-badge")].every(
            (badge) => badge.parentElement?.matches(".flex.gap-1") && !badge.nextElementSibling,
          ),
        );
        assert.ok(last, "each is the last child of the right-hand group");
        if (!path.startsWith("/models")) return;
        await tab.back();
        await until(tab, () => !document.querySelector(".imageDetail"));
        assert.deepEqual(
          statesOf(await settled(tab, { least: 4 }), "version"),
          statesFor(models[900_200], "known"),
        );
      });
    }

    test("resources whose rows have no box of their own: one badge each, in the right-hand group", async () => {
      const tab = await open("images", "/images/300123");
      await until(tab, () => document.querySelectorAll(".imageDetail li civitai-lock-badge").length === 2);
      await tab.run(() => {
        for (const row of document.querySelectorAll(".imageDetail li")) row.replaceWith(...row.childNodes);
      });
      await until(tab, () => document.querySelectorAll(".imageDetail ul > a > p").length === 2);
      const badges = await settled(tab, { least: 2 });
      assert.deepEqual(
        badges.map(({ surface, version }) => `${version} in ${surface}`),
        ["2402203 in div.flex gap-1", "900104 in div.flex gap-1"],
      );
    });

    for (const [path, surface, count] of /** @type {[string, string, number][]} */ ([
      ["/posts/3", "row", 1],
      ["/auctions", "row", 8],
      ["/user/downloads", "row", 12],
      ["/user/downloads?__downloads=cards", "block", 3],
      ["/user/kestrel_studio/shop", "block", 6],
    ])) {
      test(`rows and blocks: ${path}`, async () => {
        const tab = await open(surface === "row" ? "rows" : "blocks", path);
        const badges = await settled(tab, { least: count });
        assert.deepEqual([...new Set(badges.map((badge) => badge.surface))], [surface]);
        const states = statesOf(badges, surface);
        assert.equal(badges.length, Object.keys(states).length, "each version once");
        assert.deepEqual(states, statesFor(Object.keys(states).map(Number), "listed"));
      });
    }

    test("a comic's panel: its resources when its drawer opens, gone with it, and there again without a request", async () => {
      const tab = await open("images", "/comics/3");
      const rows = () =>
        [...document.querySelectorAll(".imageDetailDrawer li")].flatMap((row) =>
          row.querySelector('a[href^="/models/"]') ? row.querySelectorAll("civitai-lock-badge").length : [],
        );
      const toggle = async (/** @type {string} */ selector) => {
        await until(tab, (wanted) => document.querySelector(wanted), selector);
        await tab.click(selector);
      };
      await toggle(".comics button");
      await settled(tab, { least: 2 });
      const first = await tab.run(rows);
      assert.ok(first.length >= 2 && first.every((badges) => badges === 1), `${first}`);
      const drawn = () =>
        [...document.querySelectorAll(".imageDetailDrawer civitai-lock-badge")].map(
          (badge) => /** @type {HTMLElement} */ (badge).dataset.state,
        );
      const before = await tab.run(drawn);
      await toggle(".mantine-Drawer-close");
      await until(tab, () => document.querySelectorAll("civitai-lock-badge").length === 0);
      await extension.api().clearLog();
      await toggle(".comics button");
      await settled(tab, { least: 2 });
      assert.deepEqual(await tab.run(drawn), before);
      assert.deepEqual(await extension.api().log(), []);
    });

    test("block links beside a model: recommended and showcase", async () => {
      const tab = await open("blocks", "/models/901100");
      await until(tab, () => document.querySelectorAll('[data-surface="blocks"]').length >= 7);
      const badges = await settled(tab, { least: 8 });
      const blocks = badges.filter(({ surface }) => surface === "block");
      assert.equal(blocks.length, 7, JSON.stringify(blocks));
      for (const { version, model, state } of blocks) {
        assert.ok(
          [version ? stateFor(version, "listed") : cardState(model)].includes(state),
          `${version} ${model}: ${state}`,
        );
      }
    });

    for (const { host, build } of met) {
      test(`links in a creator's text: those that name a model, with words in them, and no others (${host}, ${build})`, async () => {
        const tab = await open("text", "/models/827184");
        await settled(tab, { least: 12 });
        const marked = await tab.run(() =>
          [...document.querySelectorAll(".RenderHtml a")].map((link) => [
            link.textContent,
            link.nextElementSibling?.localName === "civitai-lock-badge",
            link.querySelectorAll("civitai-lock-badge").length,
          ]),
        );
        const names = ["Kestrel Watercolours", "Sketchbook", "green", "one by its version"];
        const slugs = ["wizard hat", "editorial", "edited", "reviewsauce"];
        assert.deepEqual(
          marked,
          marked.map(([text]) => [text, [...names, ...slugs].includes(`${text}`), 0]),
        );
        assert.equal(marked.filter(([, badge]) => badge).length, 8);
        const states = (await badgesOn(tab)).filter(({ surface }) => surface === "text");
        for (const { version, model, state } of states) {
          assert.equal(
            state,
            version ? stateFor(version, "listed") : cardState(model),
            `${version} ${model}`,
          );
        }
      });
    }

    for (const { host, build } of met) {
      test(`nothing in editors, chat, generator and its window (${host}, ${build})`, async () => {
        const tab = await open("kept out", "/models/827184");
        await tab.click('[aria-label="Chat"]');
        await tab.run(() => {
          const buttons = [...document.querySelectorAll("header button, nav button, button")];
          /** @type {HTMLElement | undefined} */ (
            buttons.find((button) =>
              /generat/i.test(button.textContent + (button.getAttribute("aria-label") ?? "")),
            )
          )?.click();
        });
        await until(
          tab,
          () => document.querySelector(".ProseMirror a") && document.querySelector("[role=log] a"),
        );
        await settled(tab, { least: 12 });
        const keepOut =
          '[contenteditable], .ProseMirror, textarea, [role="textbox"], [role="log"], aside.generatorPanel, [role="dialog"]';
        const inside = (/** @type {string} */ places) =>
          [...document.querySelectorAll("civitai-lock-badge")].filter((badge) => badge.closest(places))
            .length;
        assert.equal(await tab.run(inside, keepOut), 0);
      });
    }

    test("where the page takes our element away three times within two seconds: it stays away", async () => {
      const tab = await open("cards", "/models", { hostile: true });
      await tab.run(() => {
        const counts = /** @type {any} */ (window);
        counts.__put = 0;
        new MutationObserver((records) => {
          for (const node of records.flatMap((record) => [...record.addedNodes])) {
            if (/** @type {Element} */ (node).localName === "civitai-lock-badge") counts.__put++;
          }
        }).observe(/** @type {Element} */ (document.querySelector("#hostile")), {
          childList: true,
          subtree: true,
        });
      });
      await cardsOf(tab, 3);
      await new Promise((resolve) => setTimeout(resolve, 3000));
      const put = await tab.run(() => /** @type {any} */ (window).__put);
      assert.ok(put <= 4, `${put} times put back`);
      assert.equal(await tab.run(() => document.querySelectorAll("#hostile civitai-lock-badge").length), 0);
    });

    test("a page that never announces its hydration: ten seconds after `load`", async () => {
      const tab = await open("cards", "/about:nothing");
      extension.site().set({ announcer: "never" });
      await tab.open("https://civitai.com/models");
      // What the page changes before `load` shows no living scripts.
      await until(tab, () => document.readyState === "complete" && document.querySelector("[data-index] a"));
      await scrollTo(tab, 50);
      assert.equal((await badgesOn(tab)).length, 0);
      // On a busy machine our script may begin after that: the person goes on scrolling.
      const isMarked = () =>
        tab.run(() => Boolean(document.querySelector("[data-index] civitai-lock-badge")));
      const end = Date.now() + 30_000;
      for (let to = 100; !(await isMarked()); to = 150 - to) {
        assert.ok(Date.now() < end, "no badge within 30 s");
        await scrollTo(tab, to);
        await sleep(500);
      }
    });

    test("back and forward, from the page that the browser kept whole", async () => {
      const tab = await open("title and versions", "/models/900200");
      await settled(tab, { least: 4 });
      await tab.open("https://civitai.com/auctions");
      await settled(tab, { least: 8 });
      await tab.back();
      await until(tab, () => document.querySelector("h1")?.textContent === "Kestrel Portraits");
      const badges = await settled(tab, { least: 4 });
      assert.deepEqual(statesOf(badges, "version"), statesFor(models[900_200], "known"));
    });

    test("from model to model in the same component", async () => {
      const tab = await open("title and versions", "/models/827184");
      await settled(tab, { least: 4 });
      for (const model of /** @type {const} */ ([900_300, 900_200, 827_184])) {
        await navigate(tab, `/models/${model}`);
        const [first = 0] = models[model];
        await becomes(tab, { surface: "title", id: first, state: stateFor(first, "listed") });
        const badges = await settled(tab, { least: models[model].length + 1 });
        assert.deepEqual(
          Object.keys(statesOf(badges, "version")).map(Number),
          [...models[model]].sort((a, b) => a - b),
        );
        for (const { version, state } of badges.filter(({ surface }) => surface === "version")) {
          assert.ok(
            [stateFor(version, "listed"), stateFor(version, "known")].includes(state),
            `${version}: ${state}`,
          );
        }
      }
    });

    if (!full) return;
    test("each surface was met in both variants", () => {
      for (const surface of surfaces) assert.ok((opened.get(surface) ?? 0) > 1, surface);
    });
  });
}

/** @typedef {Awaited<ReturnType<typeof cardsOf>>} Cards */

/** @param {Cards} cards @returns {[number, string][]} */
const shown = (cards) => cards.map(({ linked, state }) => [linked, state]);

/** @param {Cards} cards @returns {[number, string][]} */
const expected = (cards) => cards.map(({ linked }) => [linked, cardState(linked)]);

/**
 * The cards in sight, once they are settled: which model each links to, and what its badge says.
 * @param {import("./lib/browser.js").Tab} tab
 * @param {number} least
 */
async function cardsOf(tab, least) {
  // What is not in view yet waits for its terms.
  const read = () =>
    [...document.querySelectorAll('[class*="AspectRatioCard"] > a[href^="/models/"]')]
      .filter((link) => {
        const { top, left } = link.getBoundingClientRect();
        return top < innerHeight - 20 && left < innerWidth - 20;
      })
      .map((link) => {
        const badges = [...(link.parentElement?.parentElement?.children ?? [])].filter(
          (child) => child.localName === "civitai-lock-badge",
        );
        const badge = /** @type {HTMLElement | undefined} */ (badges[0]);
        const face = badge?.shadowRoot?.querySelector(".face");
        return {
          linked: Number(/\d+/.exec(link.getAttribute("href") ?? "")),
          count: badges.length,
          model: Number(badge?.dataset.modelId),
          state: badge?.dataset.state ?? "none",
          drawn: face?.checkVisibility({ visibilityProperty: true, opacityProperty: true }) ?? false,
          hidden: badge?.getAttribute("aria-hidden") === "true",
        };
      });
  await until(
    tab,
    (wanted) => {
      const links = [...document.querySelectorAll('[class*="AspectRatioCard"] > a[href^="/models/"]')].filter(
        (link) => {
          const { top, left } = link.getBoundingClientRect();
          return top < innerHeight - 20 && left < innerWidth - 20;
        },
      );
      const done = links.filter((link) =>
        link.parentElement?.parentElement?.querySelector(":scope > civitai-lock-badge"),
      );
      return links.length >= wanted && done.length === links.length;
    },
    least,
  );
  await settled(tab);
  const cards = await tab.run(read);
  assert.ok(
    cards.every(({ count }) => count === 1),
    JSON.stringify(cards),
  );
  return cards;
}
