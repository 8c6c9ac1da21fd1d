// The demo page in real browsers, with the built module, against the stand-in.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as api from "../../www/api.js";
import { startStandIn } from "../helpers/stand-in.js";
import { chosen, root, run, until } from "./drive.js";
import { jpeg, png } from "./images.js";
import { answered, asked, badges, dropFile, form, rows, sees } from "./page.js";

/** @type {Awaited<ReturnType<typeof startStandIn>>} */
let standIn;
before(async () => {
  standIn = await startStandIn({ static: root });
});
after(() => standIn?.close());

/** An image's settings, whose steps, scale, clip skip and seed are numbers of versions too. */
const settings = `a lighthouse in a storm, masterpiece
Negative prompt: blurry
Steps: 30, Sampler: DPM++ 2M, CFG scale: 7, Seed: 900103, Size: 832x1216, Clip skip: 2,
Civitai resources: [{"type":"checkpoint","modelVersionId":2514310},{"type":"lora","weight":0.8,"modelVersionId":2402203}]`;

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
    after(() => browser?.close());

    test("says whom it asks, whose it is not, and where one's number is", async () => {
      await open();
      await sees(browser, "Asks the local stand-in");
      await sees(browser, "Unofficial. Not made or endorsed by Civitai.");
      await sees(browser, "It is not your name: signed in, open civitai.com/api/v1/me");
    });

    describe("reads", () => {
      test("an image's settings: its resources, never its steps, scale, clip skip or seed", async () => {
        await open();
        await browser.fill("#source", settings);
        await sees(browser, "Found 2 versions: 2514310 2402203");
        assert.deepEqual(await asked(site), [], "what was found is shown before anything is asked");
        await browser.click("#check");
        const found = await answered(browser);
        assert.deepEqual(
          found.map(({ id }) => id),
          [2514310, 2402203],
        );
      });

      test("a version or a model, without moving the button below", async () => {
        await open();
        const top = () => run(browser, () => document.getElementById("check")?.getBoundingClientRect().top);
        const before = await top();
        await browser.fill("#source", "2514310");
        await sees(browser, "Found 1 version: 2514310");
        assert.equal(await top(), before);
        await browser.fill("#source", "https://civitai.com/models/900200");
        await sees(browser, "Found 1 model: model 900200");
        assert.equal(await top(), before);
      });

      test("links, AIRs, markdown and models in one text; what is not Civitai's is left out", async () => {
        await open();
        await form(
          browser,
          `see [this](https://civitai.com/models/827184?modelVersionId=2514310), civitai.com/models/900200
          and urn:air:sdxl:vae:huggingface:stabilityai/sdxl-vae@1`,
        );
        await answered(browser);
        await sees(browser, "Found 1 version and 1 model, 1 from elsewhere left out", "found-count");
        assert.deepEqual(Object.keys(await badges(browser)).map(Number), [900201, 900202, 900203, 2514310]);
      });

      test("a PNG and a JPEG that are dropped, and sends them nowhere", async () => {
        await open();
        await dropFile(browser, "a.png", "image/png", png({ parameters: settings }));
        await sees(browser, "Found 2 versions");
        await dropFile(browser, "b.jpeg", "image/jpeg", jpeg('[{"modelVersionId":900105}]'));
        await sees(browser, "Found 3 versions");
        assert.equal(await run(browser, () => document.querySelectorAll("#given img").length), 2);
        await browser.click("#check");
        const found = await answered(browser);
        assert.deepEqual(
          found.map(({ id }) => id),
          [2514310, 2402203, 900105],
        );
        const sent = (await site.log()).filter(({ method }) => method !== "GET");
        assert.deepEqual(sent, []);
      });

      test("a JSON file, and says what is wrong with a file that it cannot read", async () => {
        await open();
        const workflow = { a: [{ b: { "urn:air:sdxl:lora:civitai:827184@2402203": { strength: 1 } } }] };
        await dropFile(browser, "w.json", "application/json", Buffer.from(JSON.stringify(workflow)));
        await sees(browser, "Found 1 version");
        await dropFile(browser, "x.bin", "application/octet-stream", Buffer.from([1, 0, 2]));
        await sees(browser, "x.bin is neither text nor a PNG, JPEG or WebP picture.");
        await dropFile(browser, "y.png", "image/png", Buffer.from("no picture"));
        await sees(browser, "y.png could not be read as a picture.");
      });

      test("a download link without showing its token", async () => {
        await open();
        await form(browser, "https://civitai.com/api/download/models/2514310?token=secret-of-mine");
        await answered(browser);
        await run(browser, () => {
          /** @type {HTMLTextAreaElement} */ (document.getElementById("source")).value = "";
        });
        assert.equal(
          await run(browser, () => document.documentElement.outerHTML.includes("secret-of-mine")),
          false,
        );
        assert.equal(await run(browser, () => location.href.includes("secret")), false);
      });
    });

    describe("explains", () => {
      test("each version by name, whether it can be used, why, and when it opens", async () => {
        await open();
        await form(browser, "2514310 2402203 900104 900105");
        const [open1, early, free, locked] = await answered(browser);
        assert.deepEqual(open1, {
          ...{ id: 2514310, state: "open", badge: "No lock", model: "WAI-illustrious-SDXL" },
          ...{ version: "v16.0", reason: "", opens: "" },
        });
        assert.deepEqual(
          [early?.badge, early?.version, early?.reason],
          ["10 free tries", "v15.0", "Early access"],
        );
        assert.match(early?.opens ?? "", /^Opens in \d+ (days|hours)\S/);
        assert.deepEqual([free?.badge, free?.reason], ["Free to generate", "Permanent paid access"]);
        assert.deepEqual([locked?.badge, locked?.reason], ["Locked · paid", "Permanent paid access"]);
        await sees(browser, "3 of 4 usable now");
      });

      test("a model by all its versions, and grows a model that was named by one", async () => {
        await open();
        await form(browser, "https://civitai.com/models/900200");
        assert.equal((await answered(browser)).length, 3);
        await form(browser, "2402203");
        await answered(browser);
        await browser.click("#rows .expand");
        await until(browser, () => document.querySelectorAll("#rows > li").length === 3);
        await answered(browser);
        assert.deepEqual(
          (await rows(browser)).map(({ version }) => version),
          ["v16.0", "v15.0", "v14.0"],
        );
      });

      test("verdicts do not wait for reasons", async () => {
        await open();
        await site.faults({ match: "mini/", hang: true });
        await form(browser, "2514310 2402203");
        await until(browser, () => document.querySelector("#rows li[data-state=gated]"));
        const states = (await rows(browser)).map(({ id, state }) => [id, state]);
        assert.deepEqual(Object.fromEntries(states), { 2402203: "gated", 2514310: "open" });
      });

      test("for a user, what that user bought or owns is unlocked", async () => {
        await open();
        await form(browser, "900201 900301 900303 900105", "12345");
        await answered(browser);
        assert.deepEqual(await badges(browser), {
          ...{ 900201: "Unlocked", 900301: "Unlocked", 900303: "No lock", 900105: "Locked · paid" },
        });
      });

      test("a model that is not listed, and a version that is not", async () => {
        await open();
        await form(browser, "https://civitai.com/models/999998 999999999");
        await answered(browser);
        await sees(browser, "Model 999998: Civitai lists no such model");
        assert.deepEqual(await badges(browser), { 999999999: "Not listed" });
      });
    });

    describe("keeps nothing wrong", () => {
      test("when nothing can be read, no old result stays", async () => {
        await open();
        await form(browser, "2514310");
        await answered(browser);
        await form(browser, "no resource in here");
        await sees(browser, "Nothing here names a version or a model of Civitai.");
        assert.equal(await run(browser, () => document.getElementById("results")?.hidden), true);
        assert.deepEqual(await rows(browser), []);
        assert.equal(await run(browser, () => document.activeElement?.id), "source");
        assert.equal(await run(browser, () => location.hash), "");
      });

      test("nothing pasted, or no user number: said at the field, and no request", async () => {
        await open();
        await form(browser, "  ");
        await sees(browser, "Paste something first");
        await form(browser, "2514310", "someone");
        await sees(browser, "This is no user number");
        assert.equal(await run(browser, () => document.activeElement?.id), "user");
        assert.deepEqual(await asked(site), []);
      });

      test("an outage is unknown, never locked; asking again fixes it", async () => {
        await open();
        await site.faults({ match: "permissions/check", status: 404 });
        await form(browser, "2514310 2402203");
        await answered(browser);
        assert.deepEqual(await badges(browser), { 2402203: "Not known", 2514310: "Not known" });
        await sees(browser, "2 versions not known: ");
        await site.clearFaults();
        await browser.click("#again");
        await until(browser, () => document.querySelectorAll("#rows [data-state=unknown]").length === 0);
        await answered(browser);
        assert.deepEqual(await badges(browser), { 2402203: "10 free tries", 2514310: "No lock" });
      });

      test("a newer question takes the place of an older one", async () => {
        await open();
        await site.faults({ match: "permissions/check", times: 1, latencyMs: 1500 });
        await form(browser, "900105");
        await form(browser, "2514310");
        await answered(browser);
        await new Promise((resolve) => setTimeout(resolve, 1800));
        assert.deepEqual(await badges(browser), { 2514310: "No lock" });
      });
    });

    describe("5,000 ids", () => {
      test("progress, all verdicts, no look-up of each denied one, no more rows than one can read", async () => {
        await open();
        await site.faults({ match: "permissions/check", latencyMs: 60 });
        await browser.click("[data-example=many]");
        await until(browser, () =>
          /^[1-9],?\d* of 5,000/.test(document.getElementById("progress-text")?.textContent ?? ""),
        );
        await answered(browser);
        // Of the crowd every fifth is gated, and so is 2402203.
        assert.deepEqual(await counts(browser), { all: 5000, open: 4000, gated: 1000 });
        assert.equal((await asked(site)).filter((target) => target.includes("/mini/")).length, 0);
        await sees(browser, "1,000 versions gated, and what is free there is not known");
        assert.equal((await rows(browser)).length, 200);
        await browser.click("#more");
        assert.equal((await rows(browser)).length, 400);
        assert.equal(
          await run(browser, () => document.activeElement?.closest("li")?.matches(":nth-child(201)")),
          true,
        );
        assert.equal(await run(browser, () => location.hash), "", "too many for a link");
      });

      test("cancel keeps what is known and guesses nothing", async () => {
        await open();
        await site.faults({ match: "permissions/check", after: 4, hang: true });
        await browser.click("[data-example=many]");
        // All four answers are on show: else the cancelling may come before them.
        await sees(browser, "800 of 5,000 versions", "progress-text");
        await browser.click("#cancel");
        await answered(browser);
        await sees(browser, "cancelled before the answer came");
        const { all, open: opened = 0, gated = 0, unknown = 0, ...others } = await counts(browser);
        assert.deepEqual([all, opened + gated + unknown, others], [5000, 5000, {}]);
        assert.equal(opened + gated, 800);
        await sees(browser, "of 5,000 usable now", "results-title");
        assert.equal(await run(browser, () => document.activeElement?.id), "results-title");
      });
    });

    test("cancelled before any answer: nothing is being checked any more", async () => {
      await open();
      await site.faults({ match: "permissions/check", hang: true });
      await form(browser, "2514310");
      await sees(browser, "Checking 1 version", "results-title");
      await browser.click("#cancel");
      await sees(browser, "0 of 1 usable now. 1 not known.", "results-title");
    });

    test("files that come while another is read are all taken; none comes back that was cleared", async () => {
      await open();
      const drop = (/** @type {boolean} */ isCleared) =>
        run(
          browser,
          async (isCleared) => {
            const read = Blob.prototype.text;
            Blob.prototype.text = async function () {
              if (this.size > 30) await new Promise((resolve) => setTimeout(resolve, 300));
              return read.call(this);
            };
            for (const [name, text] of [
              ["slow.txt", "https://civitai.com/models/827184?modelVersionId=2514310"],
              ["fast.txt", "civitai:827184@2402203"],
            ]) {
              const dataTransfer = new DataTransfer();
              dataTransfer.items.add(new File([text ?? ""], name ?? ""));
              document.dispatchEvent(
                new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }),
              );
            }
            if (isCleared) document.getElementById("clear")?.click();
            await new Promise((resolve) => setTimeout(resolve, 1000));
            Blob.prototype.text = read;
            return [...document.querySelectorAll("#given li")].map(({ textContent }) => textContent);
          },
          isCleared,
        );
      assert.deepEqual(await drop(false), ["slow.txt", "fast.txt"]);
      await sees(browser, "Found 2 versions");
      assert.deepEqual(await drop(true), []);
    });

    describe("arranges and hands on", () => {
      test("filters, sorting, groups", async () => {
        await open("#ids=900105,2514310,2402203,900101");
        await answered(browser);
        const ids = async () => (await rows(browser)).map(({ id }) => id);
        const choose = (/** @type {string} */ id, /** @type {string} */ value) =>
          run(
            browser,
            (id, value) => {
              const control = /** @type {HTMLSelectElement} */ (document.getElementById(id));
              control.value = value;
              control.dispatchEvent(new Event("change"));
            },
            id,
            value,
          );
        assert.deepEqual(await ids(), [900105, 900101, 2514310, 2402203], "by model");
        await browser.click("#grouped");
        assert.deepEqual(await ids(), [900105, 2514310, 2402203, 900101], "as given");
        await choose("sorting", "usable");
        assert.deepEqual(await ids(), [2514310, 2402203, 900101, 900105]);
        await choose("sorting", "soonest");
        assert.deepEqual(await ids(), [2402203, 900101, 900105, 2514310]);
        await browser.click("#filters [data-state=trial] span");
        assert.deepEqual(await ids(), [2402203, 900101]);
      });

      test("the address holds the question, and the user only if ticked", async () => {
        await open();
        await form(browser, "2402203 https://civitai.com/models/900200", "12345");
        await answered(browser);
        assert.equal(await run(browser, () => location.hash), "#ids=2402203&models=900200");
        await browser.click("#share-user");
        await form(browser, "2402203 900201", "12345");
        await until(browser, () => location.hash === "#ids=2402203,900201&user=12345");
      });

      test("an address with a question fills the form and asks", async () => {
        await open("#ids=2402203&models=900200&user=12345");
        await answered(browser);
        assert.deepEqual((await rows(browser)).length, 4);
        assert.deepEqual(
          await run(browser, () =>
            ["source", "user"].map(
              (id) => /** @type {HTMLInputElement} */ (document.getElementById(id)).value,
            ),
          ),
          ["2402203\nhttps://civitai.com/models/900200", "12345"],
        );
        assert.equal(
          await run(browser, () => document.activeElement === document.body),
          true,
          "the focus stays",
        );
      });

      test("copies as JSON, CSV and usable AIRs; the user only if ticked", async () => {
        await open("#ids=2514310,900105");
        await answered(browser);
        const copied = async (/** @type {string} */ id) => {
          await browser.click(`#${id}`);
          await sees(browser, "copied.", "announcer");
          await browser.fill("#source", "");
          await browser.click("#source");
          await browser.press("Control+v");
          await until(
            browser,
            () => /** @type {HTMLTextAreaElement} */ (document.getElementById("source")).value !== "",
          );
          return run(
            browser,
            () => /** @type {HTMLTextAreaElement} */ (document.getElementById("source")).value,
          );
        };
        const { userId, versions } = JSON.parse(await copied("copy-json"));
        assert.deepEqual([userId, versions.length, versions[1].generation], [null, 2, "locked"]);
        assert.match(await copied("copy-csv"), /^version_id,state,usable,.*\n2514310,granted,true,open,/);
        assert.match(await copied("copy-airs"), /^(urn:air:\w+:\w+:)?civitai:827184@2514310\s*$/);
        await form(browser, "2514310", "12345");
        await answered(browser);
        assert.equal("userId" in JSON.parse(await copied("copy-json")), false);
      });

      test("works with the keyboard alone, and says to listeners what happens", async () => {
        await open();
        const tab = async (/** @type {string} */ id) => {
          for (let presses = 0; presses < 14; presses += 1) {
            await browser.press("Tab");
            if ((await run(browser, () => document.activeElement?.id)) === id) return;
          }
          assert.fail(`Tab does not lead to #${id}`);
        };
        await tab("source");
        await browser.type("2514310 900105");
        await browser.press("Control+Enter");
        await answered(browser);
        assert.equal(await run(browser, () => document.activeElement?.id), "results-title");
        await sees(browser, "1 of 2 usable now", "announcer");
        await browser.press("Tab");
        await browser.press("ArrowRight");
        assert.deepEqual(await badges(browser), { 2514310: "No lock" });
        await tab("copy-json");
        await browser.press("Enter");
        await sees(browser, "JSON copied.", "announcer");
      });
    });
  });
}

test("as it lies on disk, for any static host, it asks civitai.com and says so", () => {
  assert.deepEqual({ ...api }, { baseUrl: "https://civitai.com", baseUrlName: "civitai.com" });
});

/** What the filters count, by state. @param {import("./drive.js").Driver} browser @returns {Promise<Record<string, number>>} */
function counts(browser) {
  return run(browser, () =>
    Object.fromEntries(
      [...document.querySelectorAll("#filters label")].map((label) => [
        label.getAttribute("data-state"),
        Number(label.querySelector("b")?.textContent.replaceAll(",", "")),
      ]),
    ),
  );
}
