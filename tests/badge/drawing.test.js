import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { By, Key } from "selenium-webdriver";
import { launchChromium, launchFirefox } from "../helpers/browsers.js";
import { browserNames } from "../helpers/mode.js";
import { startStandIn } from "../helpers/stand-in.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const axe = readFileSync(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
/** @type {import("../helpers/stand-in.js").StandIn} */
let standIn;
before(async () => {
  standIn = await startStandIn({ static: root });
});
after(() => standIn?.close());

/** What the tests do in either browser. */
const openers = {
  async chromium() {
    const context = await launchChromium();
    const page = context.pages()[0] ?? (await context.newPage());
    return {
      open: (/** @type {string} */ url) => page.goto(url),
      /** @type {<R>(inPage: (argument: any) => R, argument?: unknown) => Promise<Awaited<R>>} */
      run: (inPage, argument) => /** @type {any} */ (page.evaluate(inPage, argument)),
      script: async (/** @type {string} */ text) => void (await page.evaluate(text)),
      move: (/** @type {number} */ x, /** @type {number} */ y) => page.mouse.move(x, y, { steps: 5 }),
      press: (/** @type {string} */ key) => page.keyboard.press(key),
      close: () => context.close(),
    };
  },
  async firefox() {
    const driver = await launchFirefox({ preferences: { "font.minimum-size.x-western": 20 } });
    await driver.manage().window().setRect({ width: 1280, height: 800 });
    /** @type {Record<string, string>} */
    const keys = { Tab: Key.TAB, Escape: Key.ESCAPE };
    return {
      open: (/** @type {string} */ url) => driver.get(url),
      /** @type {<R>(inPage: (argument: any) => R, argument?: unknown) => Promise<Awaited<R>>} */
      run: (inPage, argument) =>
        /** @type {any} */ (driver.executeScript(`return (${inPage})(arguments[0])`, argument)),
      script: async (/** @type {string} */ text) => void (await driver.executeScript(text)),
      async move(/** @type {number} */ x, /** @type {number} */ y) {
        const actions = driver.actions({ async: true });
        await actions.move({ x: Math.round(x), y: Math.round(y), duration: 100 }).perform();
      },
      async press(/** @type {string} */ key) {
        await driver.findElement(By.css(":focus, body")).sendKeys(keys[key] ?? key);
      },
      close: () => driver.quit(),
    };
  },
};

for (const name of browserNames) {
  const openBrowser = openers[name];
  describe(`drawing in ${name}`, { timeout: 120_000 }, () => {
    /** @type {Awaited<ReturnType<typeof openBrowser>>} */
    let browser;
    before(async () => {
      browser = await openBrowser();
    });
    after(() => browser?.close());

    const open = async (lang = "en") => {
      await browser.open(`${standIn.url}/tests/badge/sheet.html?lang=${lang}`);
      for (
        let waited = 0;
        !(await browser.run(() => document.documentElement.dataset.ready === ""));
        waited += 1
      ) {
        assert.ok(waited < 200, "the sheet did not draw");
        await sleep(25);
      }
    };
    /** The middle of a badge's face. @param {string} place @param {number} [nth] */
    const middle = (place, nth = 0) =>
      browser.run(
        ([place, nth]) => {
          const badge = document.querySelectorAll(`#${place} civitai-lock-badge`)[nth];
          const box = badge?.shadowRoot?.querySelector(".face")?.getBoundingClientRect();
          if (!box) throw new Error(`no badge in ${place}`);
          return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
        },
        [place, nth],
      );
    const openTips = () =>
      browser.run(() =>
        [...document.querySelectorAll("civitai-lock-badge")]
          .map((badge) => badge.shadowRoot?.querySelector(".tip:popover-open"))
          .filter((tip) => tip && getComputedStyle(tip).visibility === "visible")
          .map((tip) => ({
            text: tip?.textContent ?? "",
            box: tip?.getBoundingClientRect().toJSON(),
            wide: (tip?.scrollWidth ?? 0) - (tip?.clientWidth ?? 0),
          })),
      );
    /** @param {number} count */
    const seesTips = async (count) => {
      for (const end = Date.now() + 3000; Date.now() < end; await sleep(40)) {
        if ((await openTips()).length === count) return;
      }
      assert.fail(`expected ${count} tooltips, see ${JSON.stringify(await openTips())}`);
    };

    test("a badge says its state, its words and its name, and waits without any", async () => {
      await open();
      const badges = await browser.run(() =>
        [...document.querySelectorAll("#faces civitai-lock-badge")].map((badge) => [
          badge.getAttribute("data-state"),
          badge.shadowRoot?.querySelector("[part=text]")?.textContent,
          badge.getAttribute("role"),
          badge.getAttribute("translate"),
          badge.getAttribute("lang"),
        ]),
      );
      assert.deepEqual(badges.slice(0, 5), [
        ["open", "No lock", "img", "no", "en"],
        ["free", "Free to generate", "img", "no", "en"],
        ["trial", "10 free tries", "img", "no", "en"],
        ["locked", "Locked · opens in 5d", "img", "no", "en"],
        ["gated", "Early access", "img", "no", "en"],
      ]);
      assert.deepEqual(badges[8], ["pending", "", null, "no", "en"]);
    });

    test("each mark has a shape of its own at 11 px, without colour", async () => {
      await open();
      const shapes = await browser.run(() => {
        const marks = [...document.querySelectorAll("#marks civitai-lock-badge:not([data-state=pending])")];
        return Promise.all(
          marks.map(async (badge) => {
            const svg = badge.shadowRoot?.querySelector("svg");
            if (!svg) throw new Error("no mark");
            const copy = /** @type {SVGElement} */ (svg.cloneNode(true));
            copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
            copy.setAttribute("width", "11");
            copy.setAttribute("height", "11");
            for (const path of copy.querySelectorAll("path")) {
              const isLine = path.getAttribute("class") === "line";
              path.setAttribute(
                "style",
                isLine ? "fill:none;stroke:#000;stroke-width:1.7" : "fill:#000;fill-rule:evenodd",
              );
            }
            const image = new Image();
            image.src = `data:image/svg+xml,${encodeURIComponent(copy.outerHTML)}`;
            await image.decode();
            const canvas = document.createElement("canvas");
            canvas.width = 11;
            canvas.height = 11;
            const paper = canvas.getContext("2d");
            paper?.drawImage(image, 0, 0, 11, 11);
            const alphas = [...(paper?.getImageData(0, 0, 11, 11).data ?? [])].filter(
              (_, at) => at % 4 === 3,
            );
            return { state: badge.getAttribute("data-state"), alphas };
          }),
        );
      });
      assert.equal(shapes.length, 8);
      for (const [nth, one] of shapes.entries()) {
        assert.ok(one.alphas.filter((alpha) => alpha > 128).length >= 8, `${one.state} is hardly seen`);
        for (const other of shapes.slice(nth + 1)) {
          const points = one.alphas.map((alpha, at) => [alpha, other.alphas[at] ?? 0]);
          const drawn = points.filter((pair) => Math.max(...pair) > 100).length;
          const differing = points.filter(([a = 0, b = 0]) => Math.abs(a - b) > 100).length;
          assert.ok(differing / drawn > 0.4, `${one.state}, ${other.state}: ${differing} of ${drawn} points`);
        }
      }
    });

    for (const lang of ["en", "de", "es", "ja", "ru", "zh-CN"]) {
      test(`${lang}: no word is cut, and text is 11 px at least on an opaque ground`, async () => {
        await open(lang);
        const faces = await browser.run(() =>
          [...document.querySelectorAll("#faces civitai-lock-badge")].slice(0, 8).map((badge) => {
            const face = /** @type {HTMLElement} */ (badge.shadowRoot?.querySelector(".face"));
            const text = /** @type {HTMLElement} */ (badge.shadowRoot?.querySelector(".text"));
            const { backgroundColor, fontSize } = getComputedStyle(face);
            return {
              text: text.textContent,
              cut: text.scrollWidth > text.clientWidth || face.scrollHeight > face.clientHeight,
              transparent: /^rgba\(.*, (?:0|0?\.\d+)\)$|transparent/.test(backgroundColor),
              size: Number.parseFloat(fontSize),
            };
          }),
        );
        for (const { text, cut, transparent, size } of faces) {
          assert.deepEqual(
            { text, cut, transparent, small: size < 11 },
            { text, cut: false, transparent: false, small: false },
          );
        }
      });
    }

    test("axe finds nothing", async () => {
      await open();
      await browser.script(axe);
      const result = await browser.run(async () => {
        const { violations, passes } = await /** @type {any} */ (globalThis).axe.run();
        return {
          violations: violations.map((/** @type {any} */ { id, nodes }) => `${id} ${nodes[0].html}`),
          passes: passes.length,
        };
      });
      assert.deepEqual(result.violations, []);
      assert.ok(result.passes >= 8);
    });

    test("one sheet serves all badges", async () => {
      await open();
      const [styles, sheets] = await browser.run(() => {
        const roots = [...document.querySelectorAll("civitai-lock-badge")].map((badge) => badge.shadowRoot);
        return [
          roots.flatMap((root) => [...(root?.querySelectorAll("style") ?? [])]).length,
          new Set(roots.flatMap((root) => root?.adoptedStyleSheets ?? [])).size,
        ];
      });
      assert.deepEqual([styles, sheets], [0, 2]);
    });

    describe("tooltips", () => {
      test("one opens where the pointer rests, stays while the pointer is in it, and goes with the pointer", async () => {
        await open();
        const { x, y } = await middle("near");
        await browser.move(x, y);
        await seesTips(1);
        const [tip] = await openTips();
        assert.match(tip?.text ?? "", /^\u2068A_version_name/);
        assert.equal(tip?.wide, 0, "a long name wraps");
        await browser.move(tip?.box.left + 20, tip?.box.top + 20);
        await sleep(700);
        await seesTips(1);
        await browser.move(5, 5);
        await seesTips(0);
      });

      test("none opens over a badge that lies under a dialog", async () => {
        await open();
        const { x, y } = await middle("faces");
        await browser.run(() =>
          /** @type {HTMLDialogElement} */ (document.getElementById("dialog")).showModal(),
        );
        await browser.run(
          ({ x, y }) => {
            const dialog = /** @type {HTMLElement} */ (document.getElementById("dialog"));
            Object.assign(dialog.style, { left: `${x - 60}px`, top: `${y - 30}px`, position: "fixed" });
          },
          { x, y },
        );
        await browser.move(x + 1, y + 1);
        await sleep(700);
        await seesTips(0);
      });

      test("Escape closes it and nothing else", async () => {
        await open();
        const { x, y } = await middle("near");
        await browser.move(x, y);
        await seesTips(1);
        await browser.press("Escape");
        await seesTips(0);
        const escaped = () => browser.run(() => document.documentElement.dataset.escaped === "");
        assert.equal(await escaped(), false);
        await browser.press("Escape");
        assert.equal(await escaped(), true);
      });

      test("focus opens it, also where it scrolls the page, and a moving pointer leaves it open", async () => {
        await open();
        await browser.move(5, 5);
        await browser.press("Tab");
        await seesTips(1);
        await browser.press("Tab");
        await seesTips(1);
        await sleep(500);
        assert.ok(await browser.run(() => scrollY > 1000), "the focus scrolled the page");
        await browser.move(200, 5);
        await sleep(500);
        const [tip] = await openTips();
        assert.match(tip?.text ?? "", /Free to generate/);
        await browser.run(() => /** @type {HTMLElement} */ (document.activeElement).blur());
        await seesTips(0);
      });
    });
  });
}
