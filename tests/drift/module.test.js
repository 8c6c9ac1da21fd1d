// The API drifts, the module does not lie: for each reply that it reads, each field dropped, renamed, of another type
// and so on, alone. What comes of it is right or not known; never a wrong answer, and never an exception.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { PermissionChecker } from "civitai-permissions";
import { currentUser } from "civitai-permissions/server";
import { startStandIn } from "../helpers/stand-in.js";
import { rudeServer } from "../module/support.js";
import { driftsOf } from "./drifts.js";

/** @typedef {import("civitai-permissions").Explanation} Explanation */

/** What the sample's versions are, by hand; `null`: the user of the scenario is asked for. */
const truths = {
  anyone: {
    2514310: "open",
    2167369: "open",
    2402203: "trial",
    900103: "trial",
    900104: "free",
    900105: "locked",
    900106: "locked",
    900107: "trial",
    900701: "off",
    900702: "off",
    902201: "free",
    902202: "locked",
    902301: "open",
    902302: "trial",
    902303: "locked",
  },
  buyer: {
    2514310: "open",
    900103: "trial",
    900105: "locked",
    900201: "held",
    900301: "held",
    902204: "held",
  },
};
const buyer = 12_345;

/**
 * What may be said where the truth is another word: less, and nothing that is not so. A version that the site cannot
 * generate with is still open or closed, where nothing tells of the former.
 */
const weaker = {
  open: ["unknown"],
  free: ["gated", "unknown"],
  trial: ["gated", "unknown"],
  locked: ["gated", "unknown"],
  held: ["unknown"],
  off: ["open", "gated", "unknown"],
};

/**
 * Changes that are no drift but another answer: names are words of any kind, another type is another model's, `null`
 * paid access says that there is no gate, and `null` tries say that nothing is sold that tries could be of.
 */
const otherAnswers = /([nN]ame|type): (a new word|another case)$|(^freeTrialLimit|paidAccess): null$/;

/** @type {import("../helpers/stand-in.js").StandIn} */
let standIn;
/** What the stand-in answered, by address. @type {Map<string, { status: number, body: unknown }>} */
const replies = new Map();

before(async () => {
  standIn = await startStandIn();
});
after(() => standIn.close());

/**
 * @typedef {object} Scenario
 * @property {string} name
 * @property {RegExp} reply the address of the replies that drift
 * @property {keyof typeof truths} who
 * @property {RegExp} [empty] lists with nothing in them, so that what is looked up singly is read
 */

/** @type {Scenario[]} */
const scenarios = [
  { name: "the check", reply: /permissions\/check/, who: "anyone" },
  { name: "the check of a user", reply: /permissions\/check.*userId/, who: "buyer" },
  { name: "the list of versions", reply: /models\?/, who: "anyone" },
  { name: "the list of versions, for a user", reply: /models\?/, who: "buyer" },
  { name: "the look-up of a version's terms", reply: /mini\//, who: "anyone" },
  { name: "the same without lists", reply: /mini\//, who: "anyone", empty: /models\?/ },
  { name: "the look-up of a version", reply: /model-versions\/\d/, who: "anyone", empty: /models\?/ },
];

describe("explain", () => {
  for (const scenario of scenarios) {
    test(`${scenario.name} drifts`, async (t) => {
      const truth = truths[scenario.who];
      const ids = Object.keys(truth).map(Number);
      const plain = await explained(ids, scenario);
      assert.deepEqual(wrongIn(plain, truth, plain), [], "without a drift");
      const known = plain.filter(({ generation }) => generation !== "unknown").length;
      assert.ok(known >= ids.length - 2, "without a drift, nearly all is known");

      const drifts = driftsFor(scenario);
      assert.ok(drifts.length >= 20, `${drifts.length} drifts`);
      /** @type {string[]} */
      const wrong = [];
      for (const { name, apply } of drifts) {
        try {
          wrong.push(
            ...wrongIn(await explained(ids, scenario, apply), truth, plain).map((line) => `${name}: ${line}`),
          );
        } catch (error) {
          wrong.push(`${name}: ${error}`);
        }
      }
      t.diagnostic(`${drifts.length} drifts`);
      assert.deepEqual(wrong, []);
    });
  }
});

describe("versions", () => {
  const models = [827_184, 900_100, 900_700, 902_200, 902_300];
  for (const [name, reply, empty] of /** @type {[string, RegExp, RegExp?][]} */ ([
    ["the list of models", /models\?/],
    ["the look-up of a model", /models\/\d/, /models\?/],
  ])) {
    test(`${name} drifts`, async (t) => {
      const scenario = /** @type {Scenario} */ ({ name, reply, who: "anyone", ...(empty && { empty }) });
      const plain = await listed(models, scenario);
      const drifts = driftsFor(scenario);
      /** @type {string[]} */
      const wrong = [];
      for (const drift of drifts) {
        try {
          const found = await listed(models, scenario, drift.apply);
          wrong.push(...wrongVersions(found, plain).map((line) => `${drift.name}: ${line}`));
        } catch (error) {
          wrong.push(`${drift.name}: ${error}`);
        }
      }
      t.diagnostic(`${drifts.length} drifts`);
      assert.deepEqual(wrong, []);
    });
  }
});

test("the reply about the account drifts", async (t) => {
  const token = `token-of-${buyer}`;
  const headers = { Authorization: `Bearer ${token}` };
  const plain = await (await fetch(`${standIn.url}/api/v1/me`, { headers })).json();
  let body = plain;
  const baseUrl = await rudeServer(t, (_, response) => {
    response.setHeader("content-type", "application/json").end(JSON.stringify(body));
  });
  const drifts = driftsOf(plain).filter(
    ({ name }) => !otherAnswers.test(`${name.replace("username", "name")}`),
  );
  for (const { name, apply } of drifts) {
    body = apply(plain);
    const found = await currentUser({ token, baseUrl }).catch((error) => error);
    if (found instanceof Error) assert.equal(/** @type {any} */ (found).code, "INVALID_RESPONSE", name);
    else assert.deepEqual(found, { id: buyer, username: plain.username }, name);
  }
  t.diagnostic(`${drifts.length} drifts`);
});

/**
 * What an ask comes to while the scenario's replies drift.
 *
 * @param {number[]} ids
 * @param {Scenario} scenario
 * @param {(reply: unknown) => unknown} [drift]
 */
async function explained(ids, scenario, drift) {
  const checker = checkerOf(scenario, drift);
  return checker.explain(ids, scenario.who === "buyer" ? { userId: buyer } : {});
}

/** @param {number[]} models @param {Scenario} scenario @param {(reply: unknown) => unknown} [drift] */
async function listed(models, scenario, drift) {
  return checkerOf(scenario, drift).versions(models);
}

/** @param {Scenario} scenario @param {((reply: unknown) => unknown) | undefined} drift */
function checkerOf(scenario, drift) {
  // Another attempt would meet the same drift, after a pause.
  return new PermissionChecker({ baseUrl: standIn.url, retries: 0, fetch: fetchOf(scenario, drift) });
}

/**
 * The stand-in's replies, each asked for once, and then drifted.
 *
 * @param {Scenario} scenario
 * @param {((reply: unknown) => unknown) | undefined} drift
 * @returns {typeof fetch}
 */
function fetchOf({ reply, empty }, drift) {
  return async (input, init) => {
    const url = String(input);
    let known = replies.get(url);
    if (!known) {
      const response = await fetch(url, init);
      known = { status: response.status, body: await response.json() };
      replies.set(url, known);
    }
    if (empty?.test(url)) return Response.json({ items: [], metadata: {} });
    const body = drift && known.status === 200 && reply.test(url) ? drift(known.body) : known.body;
    return Response.json(body ?? null, { status: known.status });
  };
}

/** @param {Scenario} scenario */
function driftsFor(scenario) {
  return driftsOf(sample(scenario)).filter(({ name }) => !otherAnswers.test(name));
}

/**
 * One reply with the fields of all that the scenario has had, to make drifts from.
 *
 * @param {Scenario} scenario
 */
function sample({ reply }) {
  const seen = [...replies].filter(([url, { status }]) => reply.test(url) && status === 200);
  assert.ok(seen.length > 0, `nothing was asked of ${reply}`);
  return seen.map(([, { body }]) => body).reduce((all, body) => merged(all, body));
}

/** @param {any} a @param {any} b @returns {any} */
function merged(a, b) {
  if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b];
  if (isObject(a) && isObject(b)) {
    const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    return Object.fromEntries(
      names.map((name) => [name, name in a && name in b ? merged(a[name], b[name]) : (a[name] ?? b[name])]),
    );
  }
  return a ?? b;
}

/** @param {unknown} value */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * What is wrong in an answer: a word that is neither true nor weaker, or a fact that is neither right nor null.
 *
 * @param {Explanation[]} found
 * @param {Record<number, string>} truth
 * @param {Explanation[]} plain the answer without a drift
 * @returns {string[]}
 */
function wrongIn(found, truth, plain) {
  return found.flatMap((one) => {
    const right = /** @type {keyof typeof weaker} */ (truth[one.entityId]);
    const before = plain.find(({ entityId }) => entityId === one.entityId);
    const lines = [];
    if (one.generation !== right && !weaker[right].includes(one.generation))
      lines.push(`${one.entityId} is ${one.generation}, not ${right}`);
    if (one.state !== before?.state && one.state !== "unknown") lines.push(`${one.entityId} is ${one.state}`);
    for (const fact of /** @type {const} */ ([
      "endsAt",
      "freeTrials",
      "modelId",
      "modelName",
      "versionName",
      "ownerId",
    ])) {
      if (one[fact] !== null && before?.[fact] !== null && one[fact] !== before?.[fact])
        lines.push(`${one.entityId} has ${fact} ${one[fact]}, not ${before?.[fact]}`);
    }
    if (one.gate !== "unknown" && one.gate !== before?.gate && before?.gate !== "unknown")
      lines.push(`${one.entityId} has the gate ${one.gate}, not ${before?.gate}`);
    if (one.exists === false) lines.push(`${one.entityId} does not exist`);
    return lines;
  });
}

/**
 * @param {import("civitai-permissions").ModelVersions[]} found
 * @param {import("civitai-permissions").ModelVersions[]} plain
 */
function wrongVersions(found, plain) {
  return found.flatMap((model) => {
    const before = plain.find(({ modelId }) => modelId === model.modelId);
    if (before?.state !== "known") return [`${model.modelId} is no model of these`];
    if (model.state !== "known") return [];
    const order = before.versions.map(({ versionId }) => versionId);
    const ids = model.versions.map(({ versionId }) => versionId);
    const lines = ids.filter((id) => !order.includes(id)).map((id) => `${model.modelId} has a version ${id}`);
    const inOrder = order.filter((id) => ids.includes(id));
    if (ids.join() !== inOrder.join()) lines.push(`${model.modelId} has its versions in the order ${ids}`);
    for (const version of model.versions) {
      const right = before.versions.find(({ versionId }) => versionId === version.versionId);
      if (!right) continue;
      // A name that cannot be read is an empty one.
      if (version.versionName !== "" && version.versionName !== right.versionName)
        lines.push(`${version.versionId} is called ${version.versionName}`);
      if (version.gate !== "unknown" && version.gate !== right.gate)
        lines.push(`${version.versionId} has the gate ${version.gate}, not ${right.gate}`);
      for (const fact of /** @type {const} */ (["endsAt", "canGenerate"])) {
        if (version[fact] !== null && version[fact] !== right[fact])
          lines.push(`${version.versionId} has ${fact} ${version[fact]}, not ${right[fact]}`);
      }
    }
    return lines;
  });
}
