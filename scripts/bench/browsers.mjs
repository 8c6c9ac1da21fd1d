// The bench in Chromium and Firefox: calls, CPU where it can be read, cache, and a page's cold start.

import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { launchChromium, launchFirefox } from "../lib/launch-browsers.mjs";
import { startServer } from "../lib/loopback.mjs";
import { published } from "../lib/pkg.mjs";
import { bundled, checkOf, rival, startRow } from "./sides.mjs";
import { pooled } from "./speed.js";
import { workerStart } from "./worker.mjs";

/** @typedef {import("./speed.js").Row} Row */
/** @typedef {import("./speed.js").Measured} Measured */

const PAGES = 4;
const ROUNDS = 60;
/** Of every reply in the cold start: the page's, the script's, the API's. */
const LATENCY_MS = 50;

/** @param {string} baseUrl @returns {Promise<Record<string, Row[]>>} */
export async function inBrowsers(baseUrl) {
  const site = await serve(baseUrl);
  try {
    const chromium = await inChromium(site.url);
    const worker = await workerStart(`${site.url}/cold-api`, `, ${LATENCY_MS} ms a reply`);
    return { Chromium: [...chromium, worker], Firefox: await inFirefox(site.url) };
  } finally {
    site.close();
  }
}

/** @param {string} site */
async function inChromium(site) {
  const context = await launchChromium();
  try {
    /** @type {Measured[][]} */
    const runs = [];
    for (let left = PAGES; left > 0; left--) {
      const page = await context.newPage();
      await page.goto(`${site}/bench.html`);
      const cdp = await context.newCDPSession(page);
      await cdp.send("Performance.enable");
      // The page asks for its own main thread's time, which only the debugger knows.
      await page.exposeFunction("cpu", async () => {
        const { metrics } = await cdp.send("Performance.getMetrics");
        return 1000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN);
      });
      runs.push(/** @type {Measured[]} */ (await page.evaluate(`bench.all(${ROUNDS}, cpu)`)));
      await page.close();
    }
    const start = await coldStart(site, async (url) => {
      const tab = await context.newPage();
      await tab.goto(url);
      const ms = await tab.waitForFunction("window.took").then((handle) => handle.jsonValue());
      await tab.close();
      return Number(ms);
    });
    return [...pooled(runs), start];
  } finally {
    await context.close();
  }
}

/** @param {string} site */
async function inFirefox(site) {
  const driver = await launchFirefox({ preferences: { "privacy.reduceTimerPrecision": false } });
  try {
    await driver.manage().setTimeouts({ script: 600_000 });
    /** @type {Measured[][]} */
    const runs = [];
    for (let left = PAGES; left > 0; left--) {
      await driver.get(`${site}/bench.html`);
      const measured = await driver.executeAsyncScript(
        `const done = arguments[arguments.length - 1]; bench.all(${ROUNDS}, null).then(done, (error) => done(String(error)))`,
      );
      if (!Array.isArray(measured)) throw new Error(`in Firefox: ${measured}`);
      runs.push(measured);
    }
    const start = await coldStart(site, async (url) => {
      await driver.get(url);
      for (;;) {
        const ms = await driver.executeScript("return window.took");
        if (ms) return Number(ms);
        await sleep(20);
      }
    });
    return [...pooled(runs), start];
  } finally {
    await driver.quit();
  }
}

/**
 * From the navigation to the first answer, each time from an address that no cache knows.
 * @param {string} site @param {(url: string) => Promise<number>} open @returns {Promise<Row>}
 */
function coldStart(site, open) {
  let visit = 0;
  const name = `a page's first answer, ${LATENCY_MS} ms a reply`;
  return startRow(name, (side) => open(`${site}/cold/${side}-${++visit}.html`));
}

/** The pages, and behind them the API at their own origin. @param {string} baseUrl */
async function serve(baseUrl) {
  const scripts = {
    "bench.js": await bundled(benchSource(baseUrl)),
    ours: await bundled(coldSource("ours")),
    bare: await bundled(coldSource("bare")),
    rival: await bundled(coldSource("rival")),
  };
  const page = (/** @type {string} */ script) =>
    `<!doctype html><link rel="icon" href="data:,"><script type="module" src="${script}"></script>`;
  return startServer(async (request, response) => {
    const path = request.url ?? "/";
    const cold = /^\/cold\/(ours|bare|rival)-(\d+)\.(html|js)/.exec(path);
    const send = (/** @type {string} */ type, /** @type {string | Buffer} */ body) =>
      response.writeHead(200, { "Content-Type": type, "Cache-Control": "no-store", ...ISOLATED }).end(body);
    if (path.startsWith("/cold-api/")) {
      await sleep(LATENCY_MS);
      const reply = await fetch(`${baseUrl}${path.replace("/cold-api", "")}`);
      return send("application/json", Buffer.from(await reply.arrayBuffer()));
    }
    if (!cold) return path === "/bench.js" ? send(JS, scripts["bench.js"]) : send(HTML, page("/bench.js"));
    await sleep(LATENCY_MS);
    const [, name = "ours", visit, kind] = cold;
    return kind === "html"
      ? send(HTML, page(`/cold/${name}-${visit}.js`))
      : send(JS, scripts[/** @type {"ours"} */ (name)]);
  });
}

const JS = "text/javascript; charset=utf-8";
const HTML = "text/html; charset=utf-8";
/** A page of its own process has a clock that counts microseconds. */
const ISOLATED = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

const speed = join(import.meta.dirname, "speed.js");

/** @param {string} baseUrl */
const benchSource = (
  baseUrl,
) => `import { checkPermissions, PermissionChecker } from ${JSON.stringify(published)};
import { createRival } from ${JSON.stringify(rival)};
import { measureCache, measureCalls, measureCpu } from ${JSON.stringify(speed)};
window.bench = {
  async all(rounds, cpu) {
    const tools = { checkPermissions, PermissionChecker, createRival, baseUrl: ${JSON.stringify(baseUrl)}, rounds };
    return [...(await measureCalls(tools)), ...(cpu ? [await measureCpu(tools, cpu)] : []), ...(await measureCache(tools))];
  },
};`;

/** @param {import("./sides.mjs").Name} side */
const coldSource = (side) =>
  `${checkOf[side]} const baseUrl = location.origin + "/cold-api"; await check(); window.took = performance.now();`;
