// npm run bench -- extension: what the extension costs a page, in Chromium, beside the same page without it.

import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { table } from "../../helpers/repository.js";
import { startAfresh } from "../lib/browser.js";
import { cardFor, idle, openLoad, page, pageOfCards } from "./static-page.js";

/** Odd, for the median. */
const ROUNDS = 3;
/** The page's own layout time differs from load to load, so that a difference needs many loads. */
const CARD_ROUNDS = 11;

/** Its first version is gated, on every site of the tests. */
const GATED_MODEL = 900_200;

/** When the proxy had passed on each reply. @type {number[]} */
const replied = [];

const load = await openLoad({ passOn: watched });
try {
  const rows = [await thousandCards(), await everyFrame(), await painted(), await coldWorker()];
  if (process.argv.includes("--json")) console.log(JSON.stringify(rows, null, 2));
  else {
    const cells = rows.map(({ name, goal, value, unit, spread, met }) => [
      name,
      goal,
      met === null ? "" : met ? "met" : "missed",
      `${value} ${unit}`,
      spread,
    ]);
    console.log(table(["median", "goal", "", "measured", "least–most"], cells));
  }
} finally {
  await load.close();
}
process.exit(0);

/** Each comes first in every other round. @param {number} round @returns {("with" | "without")[]} */
function inTurn(round) {
  return round % 2 ? ["without", "with"] : ["with", "without"];
}

/** A page of 1,000 cards: main thread beyond the page's own, and the longest task. */
async function thousandCards() {
  const extra = [];
  let longest = 0;
  for (let round = 0; round < CARD_ROUNDS; round++) {
    const busy = { with: 0, without: 0 };
    for (const where of inTurn(round)) {
      const one = await load.open(where, pageOfCards(load.card, 1000));
      await idle(one);
      busy[where] = await one.busy();
      if (where === "with") longest = Math.max(longest, ...(await one.longTasks()).slice(1));
      await one.close();
    }
    extra.push(busy.with - busy.without);
  }
  const row = rowOf("1,000 cards: main thread beyond the page's own", extra, 150, "ms");
  return { ...row, name: `${row.name} (longest later task ${Math.round(longest)} ms)` };
}

/** A page that changes on every frame: the share of a core beyond the page's own. */
async function everyFrame() {
  const shares = [];
  const changing = page(
    `<p id="ticker">0</p>${load.card.html.repeat(20)}<script>let n=0;const f=()=>{ticker.textContent=++n;const e=document.createElement("i");ticker.append(e);e.remove();requestAnimationFrame(f)};f()</script>`,
    load.card.styles,
  );
  for (let round = 0; round < ROUNDS; round++) {
    const busy = { with: 0, without: 0 };
    for (const where of inTurn(round)) {
      const one = await load.open(where, { name: "load/ticker", html: changing });
      await sleep(3000);
      const before = await one.busy();
      await sleep(5000);
      busy[where] = ((await one.busy()) - before) / 50;
      await one.close();
    }
    shares.push(busy.with - busy.without);
  }
  return rowOf("a page that changes on every frame: share of a core", shares, 5, "%");
}

/** From the last reply to the frame that shows a gated card's badge, with nothing cached. */
async function painted() {
  const waits = [];
  for (let round = 0; round < ROUNDS; round++) {
    await startAfresh(load.browser);
    const card = cardFor(load.card, GATED_MODEL);
    replied.length = 0;
    const one = await load.open("with", {
      name: `load/painted-${round}`,
      // Without a size of its own a card is nowhere, and not near.
      html: page(`<div style="width: 250px; height: 350px">${card}</div>`, load.card.styles),
    });
    const shown = await one.page.evaluate(
      () =>
        new Promise((resolve) => {
          const look = () => {
            const badge = /** @type {HTMLElement | null} */ (document.querySelector("civitai-lock-badge"));
            const state = badge?.dataset.state ?? "pending";
            if (state !== "pending" && state !== "") resolve(Date.now());
            else requestAnimationFrame(look);
          };
          look();
          setTimeout(() => resolve(0), 20_000);
        }),
    );
    const last = replied.filter((at) => at <= shown).at(-1);
    if (!shown) throw new Error(`no badge within 20 s on a card of model ${GATED_MODEL}`);
    if (!last)
      throw new Error(`a badge on a card of model ${GATED_MODEL} without a request: something was cached`);
    waits.push(shown - last);
    await one.close();
  }
  return rowOf("from the reply to the painted badge", waits, 60, "ms");
}

/** A worker that was ended, until it has answered the page's first question. */
async function coldWorker() {
  const waits = [];
  for (let round = 0; round < ROUNDS; round++) {
    const tab = await load.browser.newTab();
    await tab.open(load.browser.blank);
    await tab.run(() => chrome.runtime.sendMessage({ kind: "settings" }));
    await load.browser.stopWorker();
    await sleep(300);
    waits.push(
      await tab.run(async () => {
        const started = performance.now();
        await chrome.runtime.sendMessage({ kind: "settings" });
        return performance.now() - started;
      }),
    );
    await tab.close();
  }
  return rowOf("a worker's start to its first reply", waits, null, "ms");
}

/** @param {string} name @param {number[]} values @param {number | null} goal @param {string} unit */
function rowOf(name, values, goal, unit) {
  const sorted = [...values].sort((a, b) => a - b);
  const round = (/** @type {number | undefined} */ value) => Math.round((value ?? Number.NaN) * 10) / 10;
  const value = round(sorted[sorted.length >> 1]);
  return {
    name,
    unit,
    value,
    goal: goal === null ? "" : `≤ ${goal} ${unit}`,
    met: goal === null ? null : value <= goal,
    spread: `${round(sorted[0])}–${round(sorted.at(-1))}`,
  };
}

/** Stands before the stand-in and notes when each reply has gone. @param {string} standIn @returns {Promise<string>} */
async function watched(standIn) {
  const server = createServer(async (request, response) => {
    const reply = await fetch(`${standIn}${request.url}`, { method: request.method ?? "GET" });
    const body = Buffer.from(await reply.arrayBuffer());
    response
      .writeHead(reply.status, { "Content-Type": reply.headers.get("content-type") ?? "" })
      .end(body, () => {
        replied.push(Date.now());
      });
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", () => resolve(undefined)));
  server.unref();
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return `http://127.0.0.1:${port}`;
}
