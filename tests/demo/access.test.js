// For everybody: axe in both browsers and both schemes, a phone's width, a strict CSP. Leaves pictures to look at.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { someOf } from "../helpers/mode.js";
import { startStandIn } from "../helpers/stand-in.js";
import { audit, chosen, openers, root, run, screenshot, until } from "./drive.js";
import { png } from "./images.js";
import { answered, asked, dropFile, form, sees } from "./page.js";

/** @typedef {import("./drive.js").Driver} Driver */

/** @type {Awaited<ReturnType<typeof startStandIn>>} */
let standIn;
before(async () => {
  standIn = await startStandIn({ static: root });
});
after(() => standIn.close());

/** What the page can look like. @type {Record<string, (browser: Driver, site: import("../helpers/stand-in.js").Session) => Promise<void>>} */
const looks = {
  empty: async () => {},
  everything: async (browser) => {
    await browser.click("[data-example=anything]");
    await answered(browser);
  },
  mistakes: async (browser) => {
    await form(browser, "2514310", "-5");
    await form(browser, "nothing in here", "someone");
    await sees(browser, "Nothing here names");
  },
  unknown: async (browser, site) => {
    await site.faults({ match: "permissions/check", status: 404 });
    await form(browser, "2514310 2402203\nhttps://civitai.com/models/999998");
    await answered(browser);
    await site.clearFaults();
  },
  many: async (browser) => {
    await browser.click("[data-example=many]");
    await answered(browser);
  },
  running: async (browser, site) => {
    await site.faults({ match: "permissions/check", after: 4, hang: true });
    await browser.click("[data-example=many]");
    await until(browser, () => document.querySelectorAll("#rows [data-state=open]").length > 50);
  },
};

for (const [name, openBrowser] of chosen) {
  describe(`access in ${name}`, { timeout: 600_000 }, () => {
    /** @type {Driver} */
    let browser;
    before(async () => {
      browser = await openBrowser();
    });
    after(() => browser.close());

    // In the default run each look has one width, in turn; the last one's rows are those of the look before.
    for (const [at, [look, arrange]] of someOf(Object.entries(looks), 5).entries()) {
      for (const width of someOf(at % 2 ? [360, 1280] : [1280, 360])) {
        test(`${look}, ${width} px wide: axe is content in both schemes, nothing sticks out`, async () => {
          const site = standIn.session(`access-${name}-${look}-${width}`);
          await browser.open(`${site.baseUrl}/www/`, { width });
          await arrange(browser, site);
          // Two hundred rows take axe long, and their colours are those of `everything`.
          const schemes = ["many", "running"].includes(look) ? ["light"] : ["light", "dark"];
          for (const scheme of schemes) {
            await browser.click(`#theme [value=${scheme}] + span`);
            assert.deepEqual(await audit(browser), [], scheme);
            await screenshot(browser, `${name}-${look}-${width}-${scheme}`);
          }
          const [inner, content] = await run(browser, () => [
            innerWidth,
            document.documentElement.scrollWidth,
          ]);
          assert.equal(inner, width);
          assert.ok(Number(content) <= width, `the content is ${content} px wide`);
        });
      }
    }

    test("at any width a row's words have room", async () => {
      const site = `${standIn.session(`widths-${name}`).baseUrl}/www/#ids=2402203,900105,900102`;
      for (const width of [320, 480, 700, 720, 940, 1000, 1100]) {
        await browser.open(site, { width });
        await answered(browser);
        const lines = await run(browser, () =>
          [...document.querySelectorAll("#rows :is(.version, .id, .reason)")].map((element) => {
            const range = document.createRange();
            range.selectNodeContents(element);
            return `${element.textContent}: ${range.getClientRects().length}`;
          }),
        );
        assert.ok(lines.length >= 9);
        const broken = lines.filter((line) => !line.endsWith(": 1"));
        assert.deepEqual(broken, [], `${width} px wide`);
      }
    });

    test("a chosen scheme is remembered, and can be forgotten", async () => {
      const site = `${standIn.session(`theme-${name}`).baseUrl}/www/`;
      const paper = () => run(browser, () => getComputedStyle(document.documentElement).backgroundColor);
      await browser.open(site);
      await browser.click("#theme [value=light] + span");
      const light = await paper();
      await browser.click("#theme [value=dark] + span");
      const dark = await paper();
      assert.notEqual(dark, light);
      await browser.open(site);
      assert.equal(await paper(), dark);
      await browser.click("#theme [value=auto] + span");
      assert.equal(await run(browser, () => localStorage.length), 0);
    });

    test("nothing breaks the page's policy, and the policy stops inline scripts", async () => {
      await browser.open(`${standIn.session(`csp-${name}`).baseUrl}/www/`);
      await run(browser, () => {
        document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
          document.documentElement.setAttribute("data-broken", effectiveDirective);
        });
      });
      const broken = () => run(browser, () => document.documentElement.getAttribute("data-broken"));
      await form(browser, "2514310 2402203", "12345");
      await answered(browser);
      await dropFile(browser, "a.png", "image/png", png({ parameters: "civitai:827184@2514310" }));
      await until(browser, () => document.querySelectorAll("#given img").length === 1);
      await browser.click("#calendar");
      assert.equal(await broken(), null);
      await run(browser, () => {
        const script = document.createElement("script");
        script.textContent = "document.title = 'run'";
        document.head.append(script);
      });
      await until(browser, () => document.documentElement.hasAttribute("data-broken"));
      assert.match(String(await broken()), /^script-src/);
      assert.notEqual(await run(browser, () => document.title), "run");
    });
  });
}

describe("Chromium's emulations", () => {
  /** @type {Awaited<ReturnType<typeof openers.chromium>>} */
  let browser;
  before(async () => {
    browser = await openers.chromium();
  });
  after(() => browser.close());

  test("the system's scheme is followed", async () => {
    await browser.page.emulateMedia({ colorScheme: "dark" });
    await browser.open(`${standIn.url}/www/`);
    const paper = () => run(browser, () => getComputedStyle(document.documentElement).backgroundColor);
    const dark = await paper();
    await browser.page.emulateMedia({ colorScheme: "light" });
    assert.notEqual(await paper(), dark);
  });

  test("marks stay visible in forced colours, and print shows results without the form", async () => {
    await browser.page.emulateMedia({ forcedColors: "active" });
    await browser.open(`${standIn.url}/www/#ids=2514310,2402203`);
    await answered(browser);
    const seen = (/** @type {string} */ selector) => browser.page.isVisible(selector);
    assert.equal(await seen("#rows [data-state=trial] .names"), true);
    await screenshot(browser, "chromium-forced-colours");
    await browser.page.emulateMedia({ forcedColors: "none", media: "print" });
    assert.deepEqual(
      [await seen("#question"), await seen("#rows"), await seen("#copy-json")],
      [false, true, false],
    );
    await screenshot(browser, "chromium-print");
    await browser.page.emulateMedia({ media: "screen" });
  });

  test("loads nothing from anywhere else, and asks nothing unasked", async () => {
    const hosts = new Set();
    browser.page.on("request", (request) => hosts.add(new URL(request.url()).host));
    const complaints = /** @type {string[]} */ ([]);
    browser.page.on("console", (message) => complaints.push(message.text()));
    browser.page.on("pageerror", (error) => complaints.push(error.message));
    const site = standIn.session("quiet");
    await browser.open(`${site.baseUrl}/www/`);
    await sees(browser, "Asks the local stand-in");
    assert.deepEqual(await asked(site), []);
    await form(browser, "2514310");
    await answered(browser);
    assert.deepEqual([...hosts], [new URL(standIn.url).host]);
    assert.deepEqual(complaints, []);
  });

  test("without the built module it says what to do", async () => {
    await browser.page.route("**/pkg/**", (route) => route.abort());
    await browser.open(`${standIn.url}/www/#ids=2514310`);
    await sees(browser, "The module could not be loaded from");
    await sees(browser, "npm run build");
    assert.deepEqual(await audit(browser), []);
  });
});
