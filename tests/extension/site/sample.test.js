import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startStandIn } from "../../helpers/stand-in.js";
import { crowd, sample, screenful, unlisted } from "./sample.js";

/** @type {Awaited<ReturnType<typeof startStandIn>>} */
let standIn;

before(async () => {
  standIn = await startStandIn();
});

after(() => standIn?.close());

const now = Date.now();
const models = [...sample(now), ...crowd(500, now), ...screenful(now)];

test("the page's data and the API name the same versions in the same order, with the same gates", async () => {
  const visible = models.filter((model) => model.availability === "Public");
  for (let at = 0; at < visible.length; at += 100) {
    const slice = visible.slice(at, at + 100);
    const { items } = await json(`models?ids=${slice.map((model) => model.id)}&limit=100&nsfw=true`);
    const theirs = new Map(items.map((/** @type {any} */ item) => [item.id, item]));
    for (const model of slice) assert.deepEqual(fromApi(theirs.get(model.id)), fromPage(model), model.name);
  }
});

test("and the check denies what the page's gates close", async () => {
  const few = [...sample(now), ...screenful(now)].flatMap((model) => model.modelVersions);
  const verdicts = await json(`permissions/check?entityIds=${few.map(({ id }) => id)}`);
  const open = few.map(({ id, availability, paidAccess }) => [
    `${id}`,
    ["Public", "Unsearchable"].includes(availability) && !(paidAccess && isActive(paidAccess)),
  ]);
  assert.deepEqual(verdicts, Object.fromEntries(open));
});

/** @param {import("./app/site-data.js").Model} model */
function fromPage({ id, user, modelVersions }) {
  const versions = modelVersions.filter((version) => !unlisted.includes(version.id));
  return {
    id,
    owner: user.id,
    versions: versions.map(({ id: version, name, covered, paidAccess }) => ({
      id: version,
      name,
      covered,
      gate: paidAccess && isActive(paidAccess) ? (paidAccess.endsAt ?? "no end") : null,
    })),
  };
}

/** @param {any} item */
function fromApi(item) {
  return {
    id: item?.id,
    owner: item?.userId,
    versions: item?.modelVersions.map((/** @type {any} */ version) => ({
      id: version.id,
      name: version.name,
      covered: version.supportsGeneration,
      gate: version.paidAccess ? (version.paidAccess.endsAt ?? "no end") : null,
    })),
  };
}

/** @param {import("./app/site-data.js").PaidAccess} paidAccess */
function isActive({ endsAt }) {
  return endsAt === null || Date.parse(endsAt) > now;
}

/** @param {string} path */
async function json(path) {
  const response = await fetch(`${standIn.url}/api/v1/${path}`);
  assert.equal(response.status, 200, path);
  return /** @type {Promise<any>} */ (response.json());
}

test("and `mini` has the terms that the page has, expired and private ones apart", async () => {
  const few = [...sample(now), ...screenful(now)].flatMap((model) => model.modelVersions);
  for (const { id, status, availability, paidAccess } of few) {
    if (status !== "Published" || unlisted.includes(id) || !paidAccess || !isActive(paidAccess)) continue;
    const mini = await json(`model-versions/mini/${id}`);
    const { generation } = paidAccess.terms;
    const free = generation && "free" in generation;
    assert.equal(mini.checkPermission, !free || availability === "Private", `${id}`);
    if (free) continue;
    assert.equal(mini.freeTrialLimit, generation ? (generation.trialLimit ?? 10) : null, `${id}`);
    assert.equal(mini.earlyAccessEndsAt, paidAccess.endsAt, `${id}`);
  }
});
