// The extension on pages that are too large, too many, or never still, in Chromium.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { badgesOn, settled, visit } from "../lib/badges.js";
import { counted, impolite, requests } from "../lib/requests.js";
import { cardFor, FIRST_MODEL, idle, openLoad, page } from "./static-page.js";

describe("load", { timeout: 600_000 }, () => {
  /** @type {import("./static-page.js").Load} */
  let load;
  before(async () => {
    load = await openLoad();
  });
  after(() => load?.close());

  const links = (/** @type {number} */ count, /** @type {(index: number) => string} */ href) =>
    Array.from(
      { length: count },
      (_, index) => `<p>Try <a href="${href(index)}">model ${index}</a>, it is good.</p>`,
    );

  /** @type {[string, string][]} */
  const large = [
    ["5,000 links to models", links(5000, (index) => `/models/${FIRST_MODEL + index}`).join("")],
    ["5,000 links to versions", links(5000, (index) => `/model-versions/${3_000_001 + index}`).join("")],
    [
      "1,000 links to versions in one paragraph",
      `<ul><li><p>${Array.from({ length: 1000 }, (_, index) => `<a href="/models/900200?modelVersionId=${3_000_001 + index}">v${index}</a>`).join("")}</p></li></ul>`,
    ],
  ];
  for (const [index, [what, html]] of large.entries()) {
    test(`${what}: the page stays responsive, and what is asked stays polite`, async (context) => {
      const document = { name: `load/links-${index}`, html: page(html) };
      const plain = await load.open("without", document);
      await idle(plain);
      const without = await plain.busy();
      await plain.close();
      await load.api.clearLog();
      const one = await load.open("with", document);
      await sleep(5000);
      await idle(one);
      const tasks = await one.longTasks();
      const asked = await load.api.log();
      const burst = Math.max(
        ...asked.map(({ atMs }) => asked.filter((other) => Math.abs(other.atMs - atMs) < 1000).length),
        0,
      );
      context.diagnostic(
        `${Math.round((await one.busy()) - without)} ms beyond the page's own, longest task ${Math.round(Math.max(0, ...tasks))} ms, ${asked.length} requests, at most ${burst} within a second`,
      );
      assert.ok(Math.max(0, ...tasks) < 500, `a task of ${Math.max(...tasks)} ms`);
      modest(asked, 40);
      await one.close();
    });
  }

  test("twenty tabs at once: every badge comes, for the requests of one tab", async (context) => {
    const first = await load.browser.newTab();
    await load.api.clearLog();
    await visit(first, "/models/900200");
    const wanted = (await settled(first, { least: 4 })).filter(({ drawn }) => drawn).length;
    const alone = requests(await load.api.log()).length;
    await load.browser.stopWorker();
    await load.api.clearLog();
    const started = performance.now();
    const tabs = await Promise.all(Array.from({ length: 20 }, () => load.browser.newTab()));
    await Promise.all(tabs.map((tab) => tab.open("https://civitai.com/models/900100")));
    const settle = (/** @type {number} */ least) =>
      Promise.all(tabs.map((tab) => settled(tab, { least, quiet: 2000, ms: 120_000 })));
    // A tab may be still for two seconds before its cards come: each waits for as many badges as another has.
    const most = Math.max(...(await settle(4)).map(({ length }) => length));
    const all = await settle(most);
    const asked = await load.api.log();
    context.diagnostic(
      `${Math.round(performance.now() - started)} ms until all have settled, ${asked.length} requests (${alone} for one tab)`,
    );
    const states = all.map((badges) => JSON.stringify(badges.map(({ version, state }) => [version, state])));
    for (const each of states) assert.equal(each, states[0], "all tabs show the same");
    assert.ok(wanted > 0 && asked.length <= 30, `${asked.length} requests`);
    await Promise.all([first, ...tabs].map((tab) => tab.close()));
  });

  test("a hundred cards a second come and go for a minute: no growth, no stale badge, few requests", async (context) => {
    const cards = Array.from({ length: 200 }, (_, index) => cardFor(load.card, FIRST_MODEL + index));
    const script = `const cards=${JSON.stringify(cards).replaceAll("</", "<\\/")};let n=0;
      const main=document.querySelector("main");window.timer=setInterval(()=>{const cell=document.createElement("div");cell.style="width:320px;height:450px";cell.innerHTML=cards[n++%cards.length];main.append(cell);if(main.children.length>30)main.firstElementChild.remove();},10);`;
    const one = await load.open("with", {
      name: "load/churn",
      html: page(`<script>addEventListener("load",()=>{${script}})</script>`, load.card.styles),
    });
    await load.api.clearLog();
    await sleep(10_000);
    const [warm, from] = [await one.heap(), await one.busy()];
    await sleep(50_000);
    const share = ((await one.busy()) - from) / 500;
    const heap = await one.heap();
    await one.page.evaluate("clearInterval(window.timer)");
    const asked = await load.api.log();
    context.diagnostic(
      `${share.toFixed(1)} % of a core, page and extension; heap ${warm} → ${heap} kB; ${counted(asked)} in a minute`,
    );
    assert.ok(heap - warm < 5000, `${warm} → ${heap} kB`);
    // A round a second at most, each of one request for models and one check; and no model twice.
    const lists = requests(asked).filter(({ kind }) => kind === "models");
    assert.ok(lists.length <= 61, "a round a second");
    const models = lists.flatMap(({ ids }) => ids);
    assert.equal(models.length, new Set(models).size, "no model is asked about twice");
    // 200 models, each asked about once: fewer rounds than seconds.
    modest(asked, 60);
    await settled(one.tab, { least: 1, ms: 90_000 });
    const left = (await badgesOn(one.tab)).filter(({ vacant }) => !vacant);
    const shown = await one.page.evaluate(() =>
      [...document.querySelectorAll('main a[href^="/models/"]')].map((link) => link.getAttribute("href")),
    );
    for (const { model } of left)
      assert.ok(
        model === 0 || shown.some((href) => href?.includes(`/models/${model}`)),
        `a badge of ${model} is left`,
      );
    await one.close();
  });
});

/**
 * So many requests at most, and of terms one for each denied version that was in view, twenty a second.
 * @param {import("../lib/requests.js").LoggedRequest[]} log @param {number} most
 */
function modest(log, most) {
  assert.deepEqual(impolite(log), []);
  const terms = requests(log).filter(({ kind }) => kind === "mini");
  assert.ok(
    log.length - terms.length <= most,
    `${log.length - terms.length} requests besides those of terms`,
  );
  assert.equal(new Set(terms.flatMap(({ ids }) => ids)).size, terms.length, "no terms are asked for twice");
  const times = terms.map(({ logged }) => logged.atMs);
  const seconds = (Math.max(...times) - Math.min(...times)) / 1000;
  // Two seconds more, since requests that left in two of them may arrive in one.
  assert.ok(terms.length === 0 || terms.length <= 20 * (seconds + 2), `${terms.length} in ${seconds} s`);
}
