// What is measured, in Node.js and in browsers alike: the module beside a bare `fetch` that sends the very same
// requests, and beside dataloader + ky (rival.js). They take turns in every round, and each round gives one ratio.

/**
 * @typedef {(ids: number[]) => Promise<unknown>} Check
 *
 * @typedef {object} Tools
 * @property {(ids: Iterable<number>, options: object) => Promise<unknown>} checkPermissions
 * @property {new (options: object) => { check: (ids: Iterable<number>) => Promise<unknown> }} PermissionChecker
 * @property {(options: { baseUrl: string }) => Check} createRival
 * @property {string} baseUrl
 * @property {number} rounds odd, for the medians
 *
 * @typedef {object} Row
 * @property {string} name
 * @property {string} unit
 * @property {string} goal
 * @property {boolean | null} met null: there is no goal
 * @property {number | null} ours @property {number | null} bare @property {number | null} rival
 * @property {number | null} ratio what the goal is about: ours ÷ bare fetch, where both are measured
 * @property {[number, number] | null} spread the quartiles of that ratio over the rounds
 *
 * @typedef {{ prepare: () => () => Promise<unknown> }} Side makes, untimed, what is run and timed
 */

/** Ids in a call, the goals of `checkPermissions` and of `PermissionChecker.check`, calls timed together. */
const CALLS = /** @type {const} */ ([
  [1, 1.15, 1.3, 50],
  [10, 1.15, 1.3, 50],
  [100, 1.3, 1.4, 30],
  [400, 1.3, 1.4, 15],
  [10_000, 1.4, 1.4, 2],
]);

/** Requests under way at once, as the module has them by default. */
const AT_ONCE = 4;

/** Versions of the stand-in's crowd. @param {number} count */
export const crowd = (count) => Array.from({ length: count }, (_, index) => 3_000_001 + index);

/** @param {Tools} tools @returns {Promise<Row[]>} */
export async function callRows(tools) {
  const { checkPermissions, PermissionChecker, createRival, baseUrl } = tools;
  const rows = [];
  for (const [count, goal, , times] of CALLS) {
    const ids = crowd(count);
    const ours = () => checkPermissions(ids, { baseUrl });
    const sides = { ...(await others(tools, ids)), ours: { prepare: () => ours } };
    rows.push(
      ratioRow(`a call, ${say(count, "id")}`, goal, times, await inTurns(sides, tools.rounds, times)),
    );
  }
  for (const [count, , goal, times] of CALLS) {
    const ids = crowd(count);
    const fresh = (/** @type {() => Check} */ make) => ({
      prepare: () => {
        const checks = Array.from({ length: times }, make);
        return () => /** @type {Check} */ (checks.pop())(ids);
      },
    });
    const sides = {
      ...(await others(tools, ids)),
      ours: fresh(() => {
        const checker = new PermissionChecker({ baseUrl });
        return (wanted) => checker.check(wanted);
      }),
      rival: fresh(() => createRival({ baseUrl })),
    };
    rows.push(ratioRow(`check, ${say(count, "id")}`, goal, times, await inTurns(sides, tools.rounds, times)));
  }
  return rows;
}

/**
 * CPU time, by whatever measures it here.
 * @param {Tools} tools @param {() => Promise<number>} cpu milliseconds so far
 */
export async function cpuRow(tools, cpu) {
  const { checkPermissions, baseUrl, rounds } = tools;
  const ids = crowd(10_000);
  const ours = () => checkPermissions(ids, { baseUrl });
  const sides = { ...(await others(tools, ids)), ours: { prepare: () => ours } };
  return ratioRow("CPU, 100,000 verdicts", 1.5, 1, await inTurns(sides, Math.min(rounds, 5), 10, cpu));
}

/** @param {Tools} tools @returns {Promise<Row[]>} */
export async function cacheRows({ PermissionChecker, createRival, baseUrl, rounds }) {
  const checker = new PermissionChecker({ baseUrl });
  const rival = createRival({ baseUrl });
  const ids = crowd(10_000);
  await Promise.all([checker.check(ids), rival(ids)]);
  const known = await inTurns(
    {
      ours: { prepare: () => () => checker.check(ids) },
      rival: { prepare: () => () => rival(ids) },
    },
    rounds,
    1,
  );
  const ms = median(known.ours);
  const calls = Array.from({ length: 10_000 }, (_, index) => [3_000_001 + (index % 2000)]);
  const many = await inTurns(
    {
      ours: {
        prepare: () => {
          const fresh = new PermissionChecker({ baseUrl });
          return () => Promise.all(calls.map((one) => fresh.check(one)));
        },
      },
      rival: {
        prepare: () => {
          const fresh = createRival({ baseUrl });
          return () => Promise.all(calls.map((one) => fresh(one)));
        },
      },
    },
    rounds,
    1,
  );
  const ratios = pairs(many.ours, many.rival);
  return [
    {
      ...row("10,000 known ids", known, 1),
      goal: "≤ 8 ms",
      met: ms <= 8,
      spread: quartiles(pairs(known.ours, known.rival)),
    },
    {
      ...row("10,000 calls for 2,000 ids at once", many, 1),
      goal: "below dataloader + ky",
      met: median(ratios) < 1,
      ratio: median(ratios),
      spread: quartiles(ratios),
    },
  ];
}

/**
 * How the time grows with the ids of a call, and with the callers of one id each: milliseconds.
 * @param {Tools} tools
 */
export async function growth(tools) {
  const { PermissionChecker, createRival, baseUrl } = tools;
  const check = (/** @type {{ check: Check }} */ checker) => (/** @type {number[]} */ ids) =>
    checker.check(ids);
  const make = {
    ours: () => check(new PermissionChecker({ baseUrl })),
    rival: () => createRival({ baseUrl }),
  };
  /** @param {number} count @param {(check: Check) => Promise<unknown>} run @param {Partial<Record<string, Side>>} [extra] */
  const point = async (count, run, extra = {}) => {
    const side = (/** @type {() => Check} */ fresh) => ({
      prepare: () => {
        const one = fresh();
        return () => run(one);
      },
    });
    const rounds = count > 10_000 ? 3 : 7;
    const times = await inTurns({ ours: side(make.ours), rival: side(make.rival), ...extra }, rounds, 1);
    return {
      count,
      ...Object.fromEntries(Object.entries(times).map(([name, list]) => [name, median(list)])),
    };
  };
  const [ids, callers] = [[], []].map((list) => /** @type {Record<string, number>[]} */ (list));
  for (const count of [1, 10, 100, 1000, 10_000, 100_000]) {
    const wanted = crowd(count);
    const { bare } = await others(tools, wanted);
    ids?.push(/** @type {any} */ (await point(count, (one) => one(wanted), { bare })));
  }
  for (const count of [1, 10, 100, 1000, 10_000]) {
    const wanted = crowd(count);
    const run = (/** @type {Check} */ one) => Promise.all(wanted.map((id) => one([id])));
    callers?.push(/** @type {any} */ (await point(count, run)));
  }
  return { ids, callers };
}

/**
 * A bare `fetch` of the requests that the module sends for these ids, and the rival.
 * @param {Tools} tools @param {number[]} ids @returns {Promise<{ bare: Side, rival: Side }>}
 */
async function others({ checkPermissions, createRival, baseUrl }, ids) {
  /** @type {[url: string, init: RequestInit][]} */
  const requests = [];
  const recording = (/** @type {string} */ url, /** @type {RequestInit} */ init) => {
    const { signal: _, ...rest } = init;
    requests.push([String(url), rest]);
    return fetch(url, init);
  };
  await checkPermissions(ids, { baseUrl, fetch: recording });
  const bare = async () => {
    const next = requests.values();
    const lane = async () => {
      for (const [url, init] of next) await (await fetch(url, init)).json();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
  };
  return { bare: { prepare: () => bare }, rival: { prepare: () => () => createRival({ baseUrl })(ids) } };
}

/**
 * Times each side in every round, each round beginning with another one. The first round does not count: after it
 * everything is compiled and connected.
 * @template {string} Name
 * @param {Record<Name, Side>} sides @param {number} rounds @param {number} times how often each runs in its turn
 * @param {() => Promise<number> | number} [clock]
 * @returns {Promise<Record<Name, number[]>>} what each turn took
 */
export async function inTurns(sides, rounds, times, clock = () => performance.now()) {
  const names = /** @type {Name[]} */ (Object.keys(sides));
  const taken = /** @type {Record<Name, number[]>} */ ({});
  for (const name of names) taken[name] = [];
  for (let round = 0; round <= rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = /** @type {Name} */ (names[(round + turn) % names.length]);
      const run = sides[name].prepare();
      const started = await clock();
      for (let left = times; left > 0; left--) await run();
      const took = (await clock()) - started;
      if (round > 0) taken[name].push(took);
    }
  }
  return taken;
}

/** @param {string} name @param {number} goal @param {number} times @param {Record<"ours" | "bare" | "rival", number[]>} taken @returns {Row} */
function ratioRow(name, goal, times, taken) {
  const ratios = pairs(taken.ours, taken.bare);
  const ratio = median(ratios);
  const met = ratio <= goal;
  return { ...row(name, taken, times), goal: `≤ ${goal} × fetch`, met, ratio, spread: quartiles(ratios) };
}

/**
 * @param {string} name @param {{ ours: number[], bare?: number[], rival?: number[] }} taken @param {number} times
 * @returns {Row}
 */
function row(name, { ours, bare, rival }, times) {
  const each = (/** @type {number[] | undefined} */ list) => (list ? median(list) / times : null);
  const medians = { ours: each(ours), bare: each(bare), rival: each(rival) };
  return { name, unit: "ms", ...medians, goal: "", met: null, ratio: null, spread: null };
}

/** @param {number[]} over @param {number[]} under */
export const pairs = (over, under) => over.map((number, index) => number / (under[index] ?? Number.NaN));

/** @param {number[]} numbers */
export const median = (numbers) => at(numbers, 0.5);

/** @param {number[]} numbers @returns {[number, number]} */
export const quartiles = (numbers) => [at(numbers, 0.25), at(numbers, 0.75)];

/** @param {number[]} numbers @param {number} part */
function at(numbers, part) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.round((sorted.length - 1) * part)] ?? Number.NaN;
}

/** @param {number} count @param {string} word */
const say = (count, word) => `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;
