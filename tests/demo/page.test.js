// The demo page in real browsers, with the built module, against the stand-in.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import * as api from "../../www/api.js";
import { startStandIn } from "../helpers/stand-in.js";
import { chosen, openers, root, run, until } from "./drive.js";
import { answered, asked, form, rows, sees } from "./page.js";

/** @type {Awaited<ReturnType<typeof startStandIn>>} */
let standIn;
before(async () => {
  standIn = await startStandIn({ static: root });
});
after(() => standIn.close());

for (const [name, openBrowser] of chosen) {
  describe(`the demo page in ${name}`, { timeout: 300_000 }, () => {
    /** @type {import("./drive.js").Driver} */
    let browser;
    /** Where this test's own server is: faults and logs are not shared. */
    let site = /** @type {import("../helpers/stand-in.js").Session} */ ({});
    let nth = 0;
    const open = async (fragment = "") => {
      nth += 1;
      site = standIn.session(`demo-${name}-${nth}`);
      await browser.open(`${site.baseUrl}/www/${fragment}`);
    };
    before(async () => {
      browser = await openBrowser();
    });
    after(() => browser.close());

    test("says whom it asks, and whose it is not", async () => {
      await open();
      await sees(browser, "Asks the local stand-in");
      await sees(browser, "Unofficial. Not made or endorsed by Civitai.");
    });

    test("a mixture of forms: one row for each version, with its verdict", async () => {
      await open();
      await form(
        browser,
        "2514310, 2402203\nhttps://civitai.com/models/827184?modelVersionId=2514310 urn:air:sdxl:lora:civitai:827184@2402203\n900103",
      );
      assert.deepEqual(await answered(browser), {
        2514310: "granted No lock",
        2402203: "denied Locked",
        900103: "denied Locked",
      });
      await sees(browser, "Asked about 3 versions, for anyone: 1 request");
      await sees(browser, "2 repeats merged");
      const targets = await asked(site);
      assert.equal(targets.length, 1);
      assert.match(targets[0] ?? "", /entityIds=900103(,|%2C)2402203(,|%2C)2514310/);
    });

    test("for a user, what that user bought or owns is open", async () => {
      await open();
      const ids = "900201 900301 900303 900103";
      const free = "granted No lock";
      const locked = "denied Locked";
      await form(browser, ids);
      assert.deepEqual(await answered(browser), {
        900201: locked,
        900301: locked,
        900303: free,
        900103: locked,
      });
      await form(browser, ids, "12345");
      assert.deepEqual(await answered(browser), { 900201: free, 900301: free, 900303: free, 900103: locked });
      await sees(browser, "for user 12345");
    });

    test("mistakes are shown by line; the rest is asked", async () => {
      await open();
      await form(browser, "2514310\nabc, 1.5\nhttps://civitai.com/models/827184");
      assert.deepEqual(await answered(browser), { 2514310: "granted No lock" });
      const mistakes = await run(browser, () =>
        [...document.querySelectorAll("#versions-mistakes li")].map((item) => item.textContent ?? ""),
      );
      assert.equal(mistakes.length, 3);
      assert.match(mistakes[0] ?? "", /Line 2.*abc/s);
      assert.match(mistakes[1] ?? "", /Line 2.*1\.5/s);
      assert.match(mistakes[2] ?? "", /Line 3.*models\/827184.*version/s);
      assert.deepEqual(
        await run(browser, () => {
          const field = /** @type {HTMLTextAreaElement} */ (document.getElementById("versions"));
          /** @type {HTMLElement} */ (
            document.querySelector("#versions-mistakes li:nth-child(2) button")
          ).click();
          const selected = field.value.slice(field.selectionStart, field.selectionEnd);
          return [field.getAttribute("aria-invalid"), document.activeElement === field, selected];
        }),
        ["true", true, "1.5"],
      );
    });

    test("nothing to ask, or no user id: said at the field, and no request", async () => {
      await open();
      await form(browser, "abc");
      await sees(browser, "Nothing here names a version.");
      assert.equal(await run(browser, () => document.activeElement?.id), "versions");
      await form(browser, "  ");
      await sees(browser, "Paste at least one version");
      await form(browser, "2514310", "someone");
      await sees(browser, "“someone” is not a user id");
      assert.equal(await run(browser, () => document.activeElement?.id), "user");
      assert.deepEqual(await asked(site), []);
    });

    test("5,000 ids: progress, all verdicts, and no more rows than one can read", async () => {
      await open();
      await site.faults({ match: "permissions/check", latencyMs: 60 });
      await browser.click("[data-example=many]");
      await until(browser, () =>
        /[1-9],?\d* of 5,000 versions/.test(document.getElementById("progress-text")?.textContent ?? ""),
      );
      await sees(browser, "Asked about 5,000 versions, for anyone: 25 requests");
      // Of the crowd every fifth is gated, and so is 2402203.
      assert.deepEqual(await counts(browser), {
        all: "5,000",
        granted: "4,000",
        denied: "1,000",
        unknown: "0",
      });
      assert.equal(await run(browser, () => document.querySelectorAll("#rows > li").length), 240);
      await browser.click("#more");
      assert.equal(await run(browser, () => document.querySelectorAll("#rows > li").length), 480);
      assert.equal(
        await run(browser, () => document.activeElement?.closest("li")?.matches(":nth-child(241)")),
        true,
      );
      assert.equal(await run(browser, () => location.hash), "", "too many for a link");
    });

    test("cancel keeps what is known and guesses nothing", async () => {
      await open();
      await site.faults({ match: "permissions/check", after: 4, hang: true });
      await browser.click("[data-example=many]");
      await until(browser, () => document.getElementById("progress-text")?.textContent.startsWith("800 of"));
      await browser.click("#cancel");
      await sees(browser, "Cancelled before the answer came.");
      assert.deepEqual(await counts(browser), {
        all: "5,000",
        granted: "640",
        denied: "160",
        unknown: "4,200",
      });
      assert.equal(await run(browser, () => document.activeElement?.id), "results-title");
    });

    test("an outage in the middle makes rows unknown, never locked; asking again mends it", async () => {
      await open();
      await site.faults({ match: "permissions/check", after: 4, status: 500 });
      await browser.click("[data-example=many]");
      await sees(browser, "The server failed (status 500)");
      assert.deepEqual(await counts(browser), {
        all: "5,000",
        granted: "640",
        denied: "160",
        unknown: "4,200",
      });
      await site.clearFaults();
      await browser.click("#again");
      await sees(browser, "Asked about 4,200 versions");
      assert.deepEqual(await counts(browser), {
        all: "5,000",
        granted: "4,000",
        denied: "1,000",
        unknown: "0",
      });
    });

    test("a server that is gone: no answer, and no guess why", async () => {
      const gone = await startStandIn({ static: root });
      await browser.open(`${gone.url}/www/`);
      await browser.click("[data-example=docs]"); // the module is loaded by now
      await answered(browser);
      gone.close();
      await until(browser, () =>
        fetch("api.js").then(
          () => false,
          () => true,
        ),
      );
      await form(browser, "2402203 2514310");
      await sees(browser, "No answer: offline, blocked region or limit; browsers do not tell which.");
      assert.deepEqual(await rows(browser), {
        2402203: "unknown Unknown: no answer",
        2514310: "unknown Unknown: no answer",
      });
    });

    test("the filters show one state each", async () => {
      await open("#ids=2514310,2402203,900103");
      await answered(browser);
      await browser.click("#filters [data-state=denied] span");
      assert.deepEqual(Object.keys(await rows(browser)), ["900103", "2402203"]);
      await browser.click("#filters [data-state=unknown] span");
      assert.deepEqual(await rows(browser), {});
    });

    test("the address holds the question, and the user only if ticked", async () => {
      await open();
      await form(browser, "2402203 900201", "12345");
      await answered(browser);
      assert.equal(await run(browser, () => location.hash), "#ids=2402203,900201");
      await browser.click("#share-user");
      await form(browser, "2402203 900201", "12345");
      await until(browser, () => location.hash === "#ids=2402203,900201&user=12345");
    });

    test("an address with a question fills the form and asks", async () => {
      await open("#ids=2402203,900201&user=12345");
      assert.deepEqual(await answered(browser), { 900201: "granted No lock", 2402203: "denied Locked" });
      assert.deepEqual(
        await run(browser, () =>
          ["versions", "user"].map(
            (id) => /** @type {HTMLInputElement} */ (document.getElementById(id)).value,
          ),
        ),
        ["2402203\n900201", "12345"],
      );
      assert.equal(
        await run(browser, () => document.activeElement === document.body),
        true,
        "the focus stays",
      );
    });

    test("copies as JSON, without the user unless ticked", async () => {
      await open("#ids=2514310,2402203");
      await answered(browser);
      await browser.click("#copy-json");
      await sees(browser, "JSON copied.", "announcer");
      await browser.click("#versions");
      await browser.press("Control+a");
      await browser.press("Control+v");
      const pasted = await run(
        browser,
        () => /** @type {HTMLTextAreaElement} */ (document.getElementById("versions")).value,
      );
      assert.deepEqual(JSON.parse(pasted), {
        userId: null,
        verdicts: { 2402203: false, 2514310: true },
        unknown: [],
      });
    });

    test("works with the keyboard alone", async () => {
      await open();
      const tab = async (/** @type {string} */ id) => {
        for (let presses = 0; presses < 12; presses += 1) {
          await browser.press("Tab");
          if ((await run(browser, () => document.activeElement?.id)) === id) return;
        }
        assert.fail(`Tab does not lead to #${id}`);
      };
      await tab("versions");
      await browser.type("2514310 2402203");
      await browser.press("Control+Enter");
      await answered(browser);
      assert.equal(await run(browser, () => document.activeElement?.id), "results-title");
      await browser.press("Tab");
      await browser.press("ArrowRight");
      assert.deepEqual(await rows(browser), { 2514310: "granted No lock" });
      await tab("copy-json");
      await browser.press("Enter");
      await sees(browser, "JSON copied.", "announcer");
    });

    test("says to listeners what happens", async () => {
      await open();
      await form(browser, "2514310 2402203 abc");
      await sees(browser, "Done: 1 without a lock, 1 locked. 1 left out, see the form.", "announcer");
    });
  });
}

test("as it lies on disk, for any static host, it asks civitai.com and says so", () => {
  assert.deepEqual({ ...api }, { baseUrl: "https://civitai.com", baseUrlName: "civitai.com" });
});

test("downloads a CSV", async () => {
  const { page, open, click, close } = await openers.chromium();
  try {
    await open(`${standIn.session("csv").baseUrl}/www/#ids=2514310,2402203`);
    await page.waitForSelector("#rows > li");
    const [download] = await Promise.all([page.waitForEvent("download"), click("#download-csv")]);
    assert.equal(download.suggestedFilename(), "civitai-permissions.csv");
    const text = await readFile(await download.path(), "utf8");
    assert.equal(text, "version_id,state,reason\r\n2514310,granted,\r\n2402203,denied,\r\n");
  } finally {
    await close();
  }
});

/** @param {import("./drive.js").Driver} browser */
function counts(browser) {
  return run(browser, () => {
    const [all, granted, denied, unknown] = [...document.querySelectorAll("#filters b")].map(
      (b) => b.textContent,
    );
    return { all, granted, denied, unknown };
  });
}
