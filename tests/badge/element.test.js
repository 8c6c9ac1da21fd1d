// <civitai-lock-badge> in real browsers, against the stand-in.

/// <reference path="../../src/badge/types/badge.d.ts" />

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { audit, chosen, root, run, until } from "../demo/drive.js";
import { startStandIn } from "../helpers/stand-in.js";

/** @type {import("../helpers/stand-in.js").StandIn} */
let standIn;
before(async () => {
  standIn = await startStandIn({ static: root });
});
after(() => standIn?.close());

for (const [name, openBrowser] of chosen) {
  describe(`the element in ${name}`, { timeout: 200_000 }, () => {
    /** @type {import("../demo/drive.js").Driver} */
    let browser;
    let site = /** @type {import("../helpers/stand-in.js").Session} */ ({});
    let nth = 0;
    before(async () => {
      browser = await openBrowser();
    });
    after(() => browser?.close());

    /** @param {Record<string, string>[]} badges their attributes */
    const open = async (badges) => {
      nth += 1;
      site = standIn.session(`element-${name}-${nth}`);
      await browser.open(`${site.baseUrl}/tests/badge/element.html`);
      await put(badges);
    };
    /** @param {Record<string, string>[]} badges */
    const put = (badges) =>
      run(
        browser,
        (badges, baseUrl) => {
          for (const attributes of badges) {
            const badge = document.createElement("civitai-lock-badge");
            for (const [attribute, value] of Object.entries({ "base-url": baseUrl, ...attributes }))
              badge.setAttribute(attribute, value);
            badge.addEventListener("statechange", () => {
              badge.dataset.states = `${badge.dataset.states ?? ""} ${badge.state}`.trim();
            });
            document.querySelector("main")?.append(badge);
          }
        },
        badges,
        site.baseUrl,
      );
    const states = () =>
      run(browser, () =>
        [...document.querySelectorAll("civitai-lock-badge")].map((badge) => badge.getAttribute("state")),
      );
    /** @param {(string | null)[]} wanted */
    const sees = async (wanted) => {
      for (
        const end = Date.now() + 15_000;
        Date.now() < end;
        await new Promise((resolve) => setTimeout(resolve, 50))
      ) {
        if (JSON.stringify(await states()) === JSON.stringify(wanted)) return;
      }
      assert.deepEqual(await states(), wanted);
    };
    const texts = () =>
      run(browser, () =>
        [...document.querySelectorAll("civitai-lock-badge")].map(
          (badge) => badge.shadowRoot?.querySelector("[part=text]")?.textContent,
        ),
      );
    const requests = async () =>
      (await site.log()).map(({ target }) => target).filter((target) => target.includes("/api/v1/"));

    test("each state, from an id, a link, an AIR and a model", async () => {
      await open([
        { "entity-id": "2514310" },
        { "entity-id": "urn:air:sdxl:lora:civitai:827184@2402203" },
        { "entity-id": "https://civitai.com/models/900100?modelVersionId=900104" },
        { "entity-id": "900105" },
        { "model-id": "827184" },
        { "entity-id": "900702" },
        { "entity-id": "nonsense" },
        {},
      ]);
      await sees(["open", "trial", "free", "locked", "open", "off", "unknown", "pending"]);
      assert.deepEqual(await texts(), [
        ...[
          "No lock",
          "10 free tries",
          "Free to generate",
          "Locked · paid",
          "No lock",
          "Can’t generate",
          "Not known",
          "",
        ],
      ]);
      const [first] = await run(browser, () =>
        [...document.querySelectorAll("civitai-lock-badge")].map((badge) => ({
          state: badge.state,
          name: badge.explanation?.modelName,
          role: badge.getAttribute("role"),
          label: badge.getAttribute("aria-label"),
        })),
      );
      assert.deepEqual(
        { ...first, label: undefined },
        { state: "open", name: "WAI-illustrious-SDXL", role: "img", label: undefined },
      );
      assert.match(first?.label ?? "", /v16\.0.*no lock/);
      assert.deepEqual(await audit(browser), []);
    });

    test("sixty on one page: one check, one list, one look-up for each denied one near the viewport", async () => {
      const ids = Array.from({ length: 60 }, (_, at) => `${3_100_001 + at}`);
      await open(ids.map((id) => ({ "entity-id": id })));
      await until(browser, () =>
        [...document.querySelectorAll("civitai-lock-badge")]
          .filter((badge) => badge.getBoundingClientRect().top < innerHeight + 400)
          .every(({ explanation }) => explanation?.complete),
      );
      const asked = await requests();
      const kinds = (/** @type {RegExp} */ kind) => asked.filter((target) => kind.test(target)).length;
      const near = await run(
        browser,
        () =>
          [...document.querySelectorAll("civitai-lock-badge")].filter(
            (badge) =>
              badge.getBoundingClientRect().top < innerHeight + 400 && badge.explanation?.state === "denied",
          ).length,
      );
      assert.deepEqual(
        [kinds(/permissions\/check/), kinds(/\/models\?/), kinds(/\/mini\//)],
        [1, 1, near],
        asked.join("\n"),
      );
      await run(browser, () => scrollTo(0, document.documentElement.scrollHeight));
      await until(browser, () =>
        [...document.querySelectorAll("civitai-lock-badge")].every(
          ({ explanation }) => explanation?.complete,
        ),
      );
      const later = (await requests()).slice(asked.length);
      assert.ok(
        later.every((target) => target.includes("/mini/")),
        later.join("\n"),
      );
    });

    test("a new user is asked about for the denied ones alone; no old answer shows meanwhile", async () => {
      await open([{ "entity-id": "2514310" }, { "entity-id": "900201" }, { "entity-id": "900105" }]);
      await sees(["open", "trial", "locked"]);
      const before = (await requests()).length;
      await site.faults({ match: "userId=", latencyMs: 800 });
      await run(browser, () => {
        for (const badge of document.querySelectorAll("civitai-lock-badge")) badge.userId = 12345;
      });
      await sees(["open", "pending", "pending"]);
      await sees(["open", "yours", "locked"]);
      const asked = (await requests()).slice(before);
      assert.ok(
        asked.every((target) => !target.includes("2514310")),
        asked.join("\n"),
      );
      assert.ok(asked.some((target) => /userId=12345/.test(target)));
      assert.equal((await texts())[1], "Unlocked");
      assert.doesNotMatch(
        await run(
          browser,
          () => document.querySelectorAll("civitai-lock-badge")[1]?.shadowRoot?.innerHTML ?? "",
        ),
        /12345/,
      );
    });

    test("what is far from the viewport is not looked up, and is as soon as it comes near", async () => {
      await open([{ "entity-id": "2514310" }, { "entity-id": "2402203", class: "far" }]);
      await sees(["open", "pending"]);
      assert.equal((await requests()).filter((target) => target.includes("/mini/")).length, 0);
      await run(browser, () => scrollTo(0, document.documentElement.scrollHeight));
      await sees(["open", "trial"]);
    });

    test("nothing flickers: pending, then the one word", async () => {
      await open([]);
      await site.faults({ match: "/mini/", latencyMs: 400 });
      await put([{ "entity-id": "2402203" }, { "entity-id": "2514310" }]);
      await sees(["trial", "open"]);
      const seen = await run(browser, () =>
        [...document.querySelectorAll("civitai-lock-badge")].map((badge) =>
          badge.getAttribute("data-states"),
        ),
      );
      assert.deepEqual(seen, ["trial", "open"]);
    });

    test("moved in the page: it goes on saying what it says", async () => {
      await open([]);
      await put([{ "entity-id": "900105" }]);
      await sees(["locked"]);
      const said = await run(browser, async () => {
        const badge = document.querySelector("civitai-lock-badge");
        if (badge) document.querySelector("main")?.prepend(badge);
        await new Promise((resolve) => setTimeout(resolve, 1000));
        return badge?.getAttribute("data-states");
      });
      assert.equal(said, "locked");
      await sees(["locked"]);
    });

    test("what is free takes long: it says gated, and then what it is", async () => {
      await open([]);
      await site.faults({ match: "/mini/", latencyMs: 3000 });
      await put([{ "entity-id": "2402203" }]);
      await sees(["gated"]);
      await sees(["trial"]);
    });

    test("a failure is unknown, never a lock, and says when it is asked about again", async () => {
      await open([]);
      await site.faults({ match: "permissions/check", status: 404 });
      await put([{ "entity-id": "2402203" }]);
      await sees(["unknown"]);
      const { badge } = await run(browser, () => {
        const badge = document.querySelector("civitai-lock-badge");
        return { badge: badge?.shadowRoot?.querySelector("svg")?.outerHTML };
      });
      assert.ok(badge && !/class="solid"/.test(badge), "no closed padlock");
    });

    test("compact shows the mark alone, quiet nothing while open, and both keep their name", async () => {
      await open([
        { "entity-id": "900105", compact: "" },
        { "entity-id": "2514310", quiet: "" },
        { "entity-id": "900105", quiet: "" },
      ]);
      await sees(["locked", "open", "locked"]);
      const boxes = await run(browser, () =>
        [...document.querySelectorAll("civitai-lock-badge")].map((badge) => {
          const face = badge.shadowRoot?.querySelector(".face")?.getBoundingClientRect();
          return { wide: Math.round(face?.width ?? 0), label: badge.hasAttribute("aria-label") };
        }),
      );
      assert.ok((boxes[0]?.wide ?? 0) <= 30, JSON.stringify(boxes));
      assert.deepEqual([boxes[1]?.wide, boxes[1]?.label], [0, false]);
      assert.ok((boxes[2]?.wide ?? 0) > 60);
    });

    test("colours by custom properties, parts, and languages that are added later", async () => {
      await open([{ "entity-id": "900105", class: "coloured", lang: "de" }]);
      await sees(["locked"]);
      assert.deepEqual(await texts(), ["Locked · paid"]);
      const look = await run(browser, () => {
        const face = document.querySelector("civitai-lock-badge")?.shadowRoot?.querySelector(".face");
        const text = face?.querySelector(".text");
        return face && text && [getComputedStyle(face).color, getComputedStyle(text).textTransform];
      });
      assert.deepEqual(look, ["rgb(1, 2, 3)", "uppercase"]);
      await run(browser, () => {
        const script = document.createElement("script");
        script.type = "module";
        script.src = "../../pkg/badge/de.js";
        document.head.append(script);
      });
      await until(
        browser,
        () =>
          document.querySelector("civitai-lock-badge")?.shadowRoot?.querySelector(".text")?.textContent ===
          "Gesperrt · kostenpflichtig",
      );
      assert.equal(
        await run(browser, () => document.querySelector("civitai-lock-badge")?.getAttribute("lang")),
        "de",
      );
    });

    test("leaving the document takes the question along", async () => {
      await open([]);
      await site.faults({ match: "permissions/check", hang: true });
      await put([{ "entity-id": "2514310" }]);
      for (let waited = 0; (await requests()).length === 0; waited += 1) {
        assert.ok(waited < 100);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      await run(browser, () => document.querySelector("civitai-lock-badge")?.remove());
      for (let waited = 0; !(await site.log()).some(({ aborted }) => aborted); waited += 1) {
        assert.ok(waited < 100, "the request was not aborted");
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    });
  });
}

test("on a server, importing it and its languages does nothing", async () => {
  const built = "../../pkg/badge.js";
  const { LockBadge } = await import(built);
  assert.equal(typeof LockBadge, "function");
  await import(built.replace("badge.js", "badge/de.js"));
  assert.equal("customElements" in globalThis, false);
});
