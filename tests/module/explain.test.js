// Reasons, and what model links lead to, against the stand-in in both of the shapes it knows.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PermissionChecker } from "civitai-permissions";
import { startStandIn } from "../helpers/stand-in.js";
import { failureOf, recordingFetch, span } from "./support.js";

/** @type {import("../helpers/stand-in.js").StandIn} */
let standIn;
before(async () => {
  standIn = await startStandIn();
});
after(() => standIn.close());

for (const documented of [false, true]) {
  test(`each gate has its own name, ${documented ? "as documented" : "as at present"}`, async () => {
    const { baseUrl, settings } = standIn.session(`gates-${documented}`);
    await settings({ documented });
    const explanations = await new PermissionChecker({ baseUrl }).explain([
      2402203, 2514310, 2402203, 900103,
    ]);
    assert.deepEqual(
      explanations.map(({ entityId, state, gate }) => [entityId, state, gate]),
      [
        [2402203, "denied", "earlyAccess"],
        [2514310, "granted", "none"],
        [900103, "denied", "paid"],
      ],
    );
    const [early, open] = explanations;
    assert.ok(Number(new Date(early?.endsAt ?? "")) > Date.now());
    assert.deepEqual([open?.endsAt, open?.modelId, open?.modelName], [null, 827184, "WAI-illustrious-SDXL"]);
  });
}

test("in bulk only lists are asked", async () => {
  const { baseUrl, log } = standIn.session("bulk");
  const checker = new PermissionChecker({ baseUrl });
  const explanations = await checker.explain([2402203, 900103, 900104], { bulk: true });
  assert.deepEqual(
    explanations.map(({ gate, freeTrials }) => [gate, freeTrials]),
    [
      ["earlyAccess", null],
      ["paid", null],
      ["paid", null],
    ],
  );
  // The minor-flagged model and the private one are in no list.
  const models = await checker.versions([827184, 900900, 900500], { bulk: true });
  assert.deepEqual(
    models.map(({ state }) => state),
    ["known", "unknown", "unknown"],
  );
  assert.equal((await log()).length, 3);
});

test("an explanation has every field of its type, null where nothing is known", async () => {
  const { fetch } = recordingFetch(() => new Response("", { status: 403 }));
  const [unknown] = await new PermissionChecker({ fetch }).explain([7]);
  const { error, incomplete, ...rest } = /** @type {any} */ (unknown);
  assert.deepEqual([error.code, incomplete.code], ["HTTP", "HTTP"]);
  assert.deepEqual(rest, {
    entityId: 7,
    state: "unknown",
    generation: "unknown",
    usable: null,
    complete: true,
    exists: null,
    asOf: null,
    gate: "unknown",
    endsAt: null,
    freeTrials: null,
    canGenerate: null,
    modelId: null,
    modelName: null,
    versionName: null,
    ownerId: null,
    air: null,
  });
});

test("as a stream: what is known at once, then each id once more with its reason", async () => {
  const { baseUrl, faults } = standIn.session("explained");
  // The reasons of denied versions come from single requests: one of them takes longest.
  await faults({ match: "mini/900102", latencyMs: 500 });
  const checker = new PermissionChecker({ baseUrl });
  const ids = [2514310, "2402203", 900102, 2514310, 900105];
  /** @type {import("civitai-permissions").Explanation[][]} */
  const batches = [];
  for await (const batch of checker.explainStream(ids)) batches.push(batch);
  const all = batches.flat();

  const known = all.filter(({ complete }) => !complete);
  assert.deepEqual(known, batches[0], "the verdicts come first, and together");
  assert.deepEqual(known.map(brief).sort(), [
    "2402203 denied gated",
    "2514310 granted open",
    "900102 denied gated",
    "900105 denied gated",
  ]);
  const reasons = all.filter(({ complete }) => complete);
  assert.deepEqual(reasons.map(brief).sort(), [
    "2402203 denied trial",
    "2514310 granted open",
    "900102 denied trial",
    "900105 denied locked",
  ]);
  assert.equal(batches.at(-1)?.[0]?.entityId, 900102, "no reason waits for another");
  const explained = await checker.explain(ids);
  const inOrder = explained.map(({ entityId }) => reasons.find((reason) => reason.entityId === entityId));
  assert.deepEqual(inOrder, explained, "the same as `explain`");

  const again = [];
  for await (const batch of checker.explainStream(ids)) again.push(...batch);
  assert.deepEqual(
    again.map(({ complete }) => complete),
    [true, true, true, true],
    "a reason that is known at once comes once",
  );
});

test("as a stream, failures are data: of the check, and of the look-up of a reason", async () => {
  const { baseUrl, faults } = standIn.session("explained-failures");
  await faults({ match: "mini/900105", status: 403 }, { match: "entityIds=2514310", status: 403 });
  const checker = new PermissionChecker({ baseUrl, maxBatchSize: 1 });
  /** @type {Map<number, import("civitai-permissions").Explanation>} */
  const last = new Map();
  for await (const batch of checker.explainStream([2514310, 900105]))
    for (const explanation of batch) last.set(explanation.entityId, explanation);
  const [unknown, gated] = [last.get(2514310), last.get(900105)];
  assert.ok(unknown?.state === "unknown" && unknown.complete);
  assert.deepEqual([unknown.generation, unknown.error.status], ["unknown", 403]);
  assert.ok(gated?.state === "denied" && gated.complete);
  assert.deepEqual([gated.generation, gated.incomplete?.status], ["gated", 403]);
});

for (const [who, userId, trips] of /** @type {const} */ ([
  ["anonymously", null, { granted: 1, denied: 1, reasons: 4 }],
  ["for a user", 4242, { granted: 1, denied: 2, reasons: 5 }],
])) {
  test(`sixty ids ${who}: in how many round trips verdicts and reasons are there`, async () => {
    const { baseUrl } = standIn.session(`round-trips-${userId}`);
    const line = roundTrips();
    const checker = new PermissionChecker({ baseUrl, fetch: line.fetch });
    const ids = span(3000001, 3000060);
    /** @type {Map<number, { granted: boolean, trip: number }>} */
    const verdicts = new Map();
    for await (const batch of checker.explainStream(ids, { userId })) {
      for (const { entityId, state } of batch) {
        if (!verdicts.has(entityId))
          verdicts.set(entityId, { granted: state === "granted", trip: line.trips() });
      }
    }
    const tripsOf = (/** @type {boolean} */ wanted) => {
      const some = [...verdicts.values()].filter(({ granted }) => granted === wanted);
      return { ids: some.length, trips: [...new Set(some.map(({ trip }) => trip))] };
    };
    assert.deepEqual(tripsOf(true), { ids: 48, trips: [trips.granted] });
    assert.deepEqual(tripsOf(false), { ids: 12, trips: [trips.denied] });
    // Twelve denied versions, each looked up by itself, four at once; for a user another check takes one of the places.
    assert.equal(line.trips(), trips.reasons);
  });
}

test("tries and free generation differ from a locked version", async () => {
  const { baseUrl } = standIn.session("trials");
  const explained = await new PermissionChecker({ baseUrl }).explain([900102, 900104, 900105]);
  assert.deepEqual(
    explained.map(({ freeTrials, generation, usable }) => [freeTrials, generation, usable]),
    [
      [10, "trial", true],
      ["unlimited", "free", true],
      [0, "locked", false],
    ],
  );
});

test("what is bought is personal", async () => {
  const { baseUrl } = standIn.session("personal");
  const [bought] = await new PermissionChecker({ baseUrl }).explain([900201], { userId: 12345 });
  assert.ok(bought?.state === "granted" && bought.personal && bought.gate !== "none");
});

test("a model's versions, and a model that is not there", async () => {
  const { baseUrl } = standIn.session("versions");
  const [known, gone] = await new PermissionChecker({ baseUrl }).versions([827184, 1, 827184]);
  assert.deepEqual(
    [known?.state, known?.modelName, known?.ownerId],
    ["known", "WAI-illustrious-SDXL", 20001],
  );
  assert.deepEqual(known?.versions.map(({ versionId }) => versionId).sort(), [2167369, 2402203, 2514310]);
  assert.deepEqual([gone?.state, gone?.error?.code, gone?.error?.status], ["unknown", "HTTP", 404]);
  assert.match(gone?.error?.message ?? "", /^no verdict for model 1: not found: no such model/);
});

test("versions that the caller knows to be others' need no look at their owners", async () => {
  const { baseUrl, log } = standIn.session("others");
  const checker = new PermissionChecker({ baseUrl });
  const options = { userId: "4242", notOwned: true };
  const verdicts = await checker.check([900201, 900202, 900203], options);
  assert.deepEqual(Object.values(verdicts), [false, false, false]);
  assert.deepEqual(
    (await log()).map(({ target }) => new URL(target, baseUrl).searchParams.get("userId")),
    [null, "4242"],
  );
});

test("bad model ids are named", async () => {
  const checker = new PermissionChecker({ fetch: recordingFetch().fetch });
  for (const bad of ["hat", 0, 1.5, null, "civitai.com/user/me"]) {
    const error = await failureOf(checker.versions(/** @type {any} */ ([1, bad])));
    assert.match(error.message, /^models\[1\] is .*: /);
  }
  assert.match((await failureOf(checker.versions(/** @type {any} */ (5)))).message, /^models is 5/);
});

/**
 * A `fetch` over which every request takes one round trip: replies are held until all that are under way are there.
 * So what is counted does not depend on how fast the machine is.
 */
function roundTrips() {
  let trips = 0;
  let underWay = 0;
  /** @type {(() => void)[]} */
  let held = [];
  const arrive = async () => {
    const arrived = held.length;
    // Requests that the last replies led to are sent within a turn or two.
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (held.length !== arrived || held.length < underWay) return;
    trips += 1;
    const replies = held;
    [held, underWay] = [[], 0];
    for (const reply of replies) reply();
  };
  const fetch = /** @type {typeof globalThis.fetch} */ (
    async (url, init) => {
      underWay += 1;
      const reply = await globalThis.fetch(url, init);
      const text = await reply.text();
      await new Promise((resolve) => {
        held.push(() => resolve(undefined));
        arrive();
      });
      return new Response(text, reply);
    }
  );
  return { fetch, trips: () => trips };
}

/** @param {import("civitai-permissions").Explanation} explanation */
const brief = ({ entityId, state, generation }) => `${entityId} ${state} ${generation}`;
