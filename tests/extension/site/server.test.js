import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parse } from "devalue";
import superjson from "superjson";
import { startServer } from "../../helpers/repository.js";
import { useSite, visit } from "./harness.js";
import { startSite } from "./server.js";

const { site, newPage } = useSite({});

/** @typedef {import("playwright-core").Page} Page */

describe("the page's own data", () => {
  test("superjson and devalue say the same", async (t) => {
    const page = await newPage(t);
    const read = async (/** @type {string} */ how) =>
      (await nextData(page, `/models/827184?__nextData=${how}`)).props.pageProps.trpcState;
    const [object, string] = [await read("superjson"), await read("devalue")];
    assert.equal(typeof string, "string");
    assert.deepEqual(parse(string), superjson.deserialize(object));
    const { data } = object.json.queries.find(
      (/** @type {any} */ one) => one.queryKey[0].join(".") === "model.getById",
    ).state;
    assert.deepEqual(
      data.modelVersions.map((/** @type {any} */ one) => one.id),
      [2514310, 2402203, 2167369],
    );
    assert.ok(
      Date.parse(data.modelVersions[2].paidAccess.endsAt) < Date.now(),
      "an expired gate is still in the data",
    );
  });

  test("it may be absent, broken, without state, or of another model", async (t) => {
    const page = await newPage(t);
    await visit(page, "/models/827184?__nextData=absent");
    assert.equal(await page.locator("#__NEXT_DATA__").count(), 0);
    await assert.rejects(nextData(page, "/models/827184?__nextData=broken"), SyntaxError);
    assert.equal(
      (await nextData(page, "/models/827184?__nextData=bare")).props.pageProps.trpcState,
      undefined,
    );
    assert.notEqual((await nextData(page, "/models/827184?__nextData=other")).query.id, "827184");
  });

  test("a second one may be planted before it", async (t) => {
    const page = await newPage(t);
    await visit(page, "/models/827184?__nextData=planted");
    const [first, second] = await page.locator("script#__NEXT_DATA__").allTextContents();
    assert.match(first ?? "", /"planted"/);
    assert.doesNotMatch(second ?? "", /"planted"/);
    assert.equal(await page.locator("body > script#__NEXT_DATA__").count(), 1);
  });

  for (const [session, id, cookie] of /** @type {const} */ ([
    ["none", undefined, false],
    ["hidden", undefined, true],
    ["12345", 12345, true],
  ])) {
    test(`the session can be ${session}`, async (t) => {
      const page = await newPage(t);
      const { pageProps } = (await nextData(page, `/models/827184?__session=${session}`)).props;
      assert.deepEqual([pageProps.session?.user.id, pageProps.hasAuthCookie], [id, cookie]);
      if (!id) assert.equal(pageProps.session, null);
      const cookies = await page.context().cookies("https://civitai.com");
      assert.equal(
        cookies.some(({ name }) => name === "__Secure-civ-token"),
        Boolean(id),
      );
    });
  }
});

describe("the server", () => {
  test("sends bare and old addresses on, with their query", async () => {
    const ask = (/** @type {string} */ path) =>
      fetch(`http://127.0.0.1:${site().port}${path}`, { redirect: "manual" });
    const bare = await ask("/models/827184?modelVersionId=2402203");
    assert.equal(bare.headers.get("location"), "/models/827184/wai-illustrious-sdxl?modelVersionId=2402203");
    const old = await ask("/model-versions/900301");
    assert.equal(old.headers.get("location"), "/models/900300/buyer-s-first-style?modelVersionId=900301");
  });

  test("says what is wrong with an option", async () => {
    const response = await fetch(`http://127.0.0.1:${site().port}/models?__bundelDelay=1`);
    assert.equal(response.status, 400);
    assert.match(await response.text(), /no option `bundelDelay`; it knows .*bundleDelay/);
    site().errors.length = 0;
  });

  test("passes the API on to the stand-in, cookies, status and cut connections", async (t) => {
    /** @type {string[]} */
    const seen = [];
    const standIn = await startServer((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers.cookie}`);
      if (request.url?.endsWith("cut")) return void request.socket.destroy();
      response.writeHead(429, { "retry-after": "7" }).end("slow down");
    });
    t.after(() => standIn.close());
    const other = await startSite({ standIn: `${standIn.url}/s/mine` });
    t.after(() => other.close());
    const response = await fetch(`http://127.0.0.1:${other.port}/api/v1/models?ids=1`, {
      headers: { cookie: "a=b" },
    });
    assert.deepEqual(
      [response.status, response.headers.get("retry-after"), await response.text()],
      [429, "7", "slow down"],
    );
    assert.deepEqual(seen, ["GET /s/mine/api/v1/models?ids=1 a=b"]);
    await assert.rejects(fetch(`http://127.0.0.1:${other.port}/api/v1/cut`));
  });
});

/**
 * @param {Page} page
 * @param {string} path
 * @returns {Promise<any>}
 */
async function nextData(page, path) {
  await visit(page, path);
  return JSON.parse((await page.locator("body > #__NEXT_DATA__").textContent()) ?? "");
}
