// What `npm test` chooses to run, and how it runs it side by side.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { touchedBy } from "../../scripts/lib/changed.mjs";
import { inLanes } from "../../scripts/lib/lanes.mjs";
import { root } from "../../scripts/lib/paths.mjs";
import { summary } from "../../scripts/lib/report.mjs";
import { steps } from "../../scripts/lib/steps.mjs";
import { browsersFor, someOf } from "../helpers/mode.js";

/** @typedef {import("../../scripts/lib/lanes.mjs").JobOfStep} JobOfStep */
/** @typedef {import("../../scripts/lib/lanes.mjs").Result} Result */

const names = [...new Set(steps().map(({ name }) => name))];

test("steps: every test file belongs to one, and those of --full to no other run", () => {
  const files = filesBelow("tests")
    .filter((file) => file.endsWith(".test.js"))
    .sort();
  const of = (/** @type {boolean} */ full) =>
    steps({ full })
      .flatMap(({ jobs }) => jobs.map(({ name }) => name))
      .filter((name) => name.endsWith(".js"))
      .sort();
  assert.deepEqual(of(true), files);
  assert.deepEqual(
    of(false),
    files.filter((file) => !/\.full\./.test(file)),
  );
});

test("steps: the default run leaves out three", () => {
  const extra = steps().flatMap(({ name, extra }) => (extra ? [name] : []));
  assert.deepEqual(extra, ["clippy-wasm", "rustdoc-wasm", "extension-site"]);
});

/**
 * What other tests install meanwhile comes and goes, and is left out. @param {string} folder @returns {string[]}
 */
function filesBelow(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (!entry.isDirectory()) return [path];
    return /^(node_modules|\.projects)$/.test(entry.name) ? [] : filesBelow(path);
  });
}

test("steps: what --full adds beside files", () => {
  const seeds = (/** @type {boolean} */ full) =>
    Number(steps({ full }).find(({ name }) => name === "rust")?.jobs[0]?.env.SEEDS);
  assert.ok(seeds(true) > seeds(false) && seeds(false) > 0);
  const scripts = (/** @type {boolean} */ full) =>
    steps({ full }).find(({ name }) => name === "scripts")?.jobs[0];
  assert.equal(scripts(true)?.env.FULL, "1");
  assert.equal(scripts(false)?.env.FULL, "");
});

test("steps: only what drives browsers is tried twice", () => {
  const retried = (/** @type {string} */ file) =>
    steps()
      .flatMap(({ jobs }) => jobs)
      .find(({ name }) => name === file)?.retry;
  assert.equal(retried("tests/extension/surfaces.test.js"), true);
  assert.equal(retried("tests/demo/page.test.js"), true);
  assert.equal(retried("tests/scripts/steps.test.js"), false);
});

test("browsers: both in a full run, else one, or the one that is named", () => {
  assert.deepEqual(browsersFor("a.test.js", { FULL: "1" }), ["chromium", "firefox"]);
  assert.deepEqual(browsersFor("a.test.js", { BROWSER: "firefox" }), ["firefox"]);
  assert.throws(() => browsersFor("a.test.js", { BROWSER: "opera" }), /opera/);
  const files = readdirSync(join(root, "tests", "extension")).filter((file) => file.endsWith(".test.js"));
  const chosen = files.map((file) => browsersFor(join("anywhere", file), {}));
  assert.ok(chosen.every(({ length }) => length === 1));
  assert.deepEqual([...new Set(chosen.flat())].sort(), ["chromium", "firefox"]);
});

test("cases of one rule: all in a full run, else the first few", () => {
  assert.deepEqual(someOf(["a", "b", "c"], 2, { FULL: "1" }), ["a", "b", "c"]);
  assert.deepEqual(someOf(["a", "b", "c"], 2, {}), ["a", "b"]);
  assert.deepEqual(someOf(["a", "b", "c"], undefined, { FULL: "" }), ["a"]);
});

test("changed: the steps that read a file", () => {
  const touched = (/** @type {string[]} */ ...files) => touchedBy(files, names);
  assert.deepEqual(touched("PRIVACY.md"), []);
  assert.deepEqual(touched("tests/module/check.test.js"), ["biome", "types", "tests/module/check.test.js"]);
  assert.ok(touched("src/extension/manifest.js").includes("extension-unit"));
  assert.ok(!touched("src/extension/background.js").includes("rust"));
  assert.ok(touched("src/engine/mod.rs").includes("firefox"));
  assert.deepEqual(touched("tests/demo/drive.js"), ["biome", "types", "demo"]);
  assert.deepEqual(touched("Cargo.lock"), touchedBy(["package.json"], names));
  assert.deepEqual(touched("Cargo.lock").sort(), [...names].sort(), "what no rule names runs everything");
});

test("lanes: cargo's jobs wait for each other, the others do not, and what is to run alone does", async () => {
  /** @type {string[]} */
  const now = [];
  /** @type {Record<string, string[]>} */
  const seen = {};
  const jobs = [
    job("c1", "cargo"),
    job("c2", "cargo"),
    job("t1", "alone"),
    job("t2", "alone"),
    ...["f1", "f2", "f3"].map((name) => job(name, "free")),
  ];
  const results = await inLanes(jobs, async (one) => {
    now.push(one.name);
    await sleep(20);
    seen[one.name] = [...now];
    await sleep(20);
    now.splice(now.indexOf(one.name), 1);
    return result(one, { passed: 1 });
  });
  assert.deepEqual(
    results.map(({ job: { name } }) => name),
    jobs.map(({ name }) => name),
  );
  assert.deepEqual(seen.t1, ["t1"]);
  assert.deepEqual(seen.t2, ["t2"]);
  assert.ok(seen.c1?.includes("f1") && !seen.c1.includes("c2"), String(seen.c1));
  assert.ok(!seen.c2?.includes("c1"));
});

test("lanes: one for each core beside cargo, two once cargo is done", async () => {
  const cores = availableParallelism();
  const running = { cargo: 0, free: 0 };
  const most = { beside: 0, after: 0 };
  const free = Array.from({ length: 8 * cores }, (_, index) => job(`f${index}`, "free"));
  await inLanes([job("c", "cargo"), ...free], async (one) => {
    const lane = one.lane === "cargo" ? "cargo" : "free";
    running[lane] += 1;
    const when = running.cargo > 0 ? "beside" : "after";
    most[when] = Math.max(most[when], running.free);
    await sleep(lane === "cargo" ? 50 : 20);
    running[lane] -= 1;
    return result(one, { passed: 1 });
  });
  assert.deepEqual(most, { beside: cores, after: 2 * cores });
});

test("lanes: what has no time yet starts in the order of what it allows itself", async () => {
  /** @type {string[]} */
  const started = [];
  // Names that no run has noted.
  const names = Array.from({ length: 40 }, (_, index) => `new ${process.pid} ${index}`);
  const jobs = names.map((name, index) => ({ ...job(name, "free"), limit: index }));
  await inLanes(jobs, async (one) => {
    started.push(one.name);
    await sleep(1);
    return result(one, { failed: 1 });
  });
  assert.deepEqual(started, names.toReversed());
});

test("steps: what a file allows itself is read from it", () => {
  const limit = (/** @type {string} */ file) =>
    steps()
      .flatMap(({ jobs }) => jobs)
      .find(({ name }) => name === file)?.limit;
  assert.equal(limit("tests/extension/surfaces.test.js"), 500_000);
  // Among the ten slowest: without it they would start last.
  assert.ok(Number(limit("tests/extension/mutants/mutants.test.js")) >= 300_000);
  assert.ok(Number(limit("tests/package/environments.test.js")) >= 300_000);
  assert.equal(limit("tests/scripts/boundaries.test.js"), 0);
});

test("summary: the sums, the ten slowest, what to run again, and the last line", () => {
  const many = Array.from({ length: 12 }, (_, index) =>
    result(job(`tests/x/${index}.test.js`, "free"), { passed: 2, ms: 1000 * index }),
  );
  const good = summary(many, 9000);
  assert.equal(good.failed, 0);
  assert.equal(good.text.split("\n").at(-1), "24 passed, 0 failed");
  assert.match(good.text, /tests\/x\/11\.test\.js +11 s/);
  assert.doesNotMatch(good.text, /tests\/x\/1\.test\.js/);

  const bad = summary(
    [
      result(job("tests/x/a.test.js", "free"), { passed: 1, failed: 2 }),
      result(job("clippy", "cargo"), { failed: 1 }),
      result(job("tests/x/b.test.js", "free"), { passed: 3, unsteady: 2 }),
    ],
    1,
  );
  assert.equal(bad.failed, 2);
  assert.match(bad.text, /Again with: npm test -- tests\/x\/a\.test\.js --only clippy\n/);
  assert.match(
    bad.text,
    /tests\/x\/b\.test\.js: 2 passed at the second try only; target\/test-logs\/tests-x-b/,
  );
  assert.equal(bad.text.split("\n").at(-1), "4 passed, 3 failed");
});

for (const [args, message] of /** @type {[string[], RegExp][]} */ ([
  [["--only", "rubbish"], /does not know rubbish[\s\S]*rustfmt clippy/],
  [["--rubbish"], /does not know --rubbish/],
  [["tests/none.test.js"], /does not know tests\/none\.test\.js/],
  [["tests/extension/walk.full.test.js"], /ends in \.full\.test\.js needs --full/],
])) {
  test(`npm test -- ${args.join(" ")} is refused with what there is`, () => {
    const script = join(root, "scripts", "test.mjs");
    const ran = spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
    assert.equal(ran.status, 1);
    assert.match(ran.stderr, message);
  });
}

/** @param {string} name @param {"cargo" | "free" | "alone"} lane @returns {JobOfStep} */
function job(name, lane) {
  const [step] = steps().filter((one) => one.name === "rustfmt");
  assert.ok(step);
  return {
    name,
    title: name,
    lane,
    command: [],
    env: {},
    retry: false,
    limit: 0,
    step: name === "clippy" ? { ...step, name: "clippy" } : step,
  };
}

/** @param {JobOfStep} of @param {Partial<Result>} counts @returns {Result} */
const result = (of, counts) => ({ job: of, passed: 0, failed: 0, skipped: 0, ms: 1, unsteady: 0, ...counts });
