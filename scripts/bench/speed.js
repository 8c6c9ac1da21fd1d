// What is measured, in Node.js and in browsers alike: the module beside a bare `fetch` that sends the very same
// requests, and beside dataloader + ky (rival.js). They take turns in every round, and each round gives one ratio. A turn
// is one call, so that what slows a process down for a while (compiling, garbage, another program) slows all sides alike.
// Processes also differ from each other, so the rounds of several new processes or pages are pooled.

/**
 * @typedef {(ids: number[]) => Promise<unknown>} Check
 *
 * @typedef {object} Tools
 * @property {(ids: Iterable<number>, options: object) => Promise<unknown>} checkPermissions
 * @property {new (options: object) => { check: (ids: Iterable<number>) => Promise<unknown> }} PermissionChecker
 * @property {(options: { baseUrl: string }) => Check} createRival
 * @property {string} baseUrl
 * @property {number} rounds of the short calls
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
 * @typedef {object} Measured what one process or page has measured for a row
 * @property {string} name
 * @property {string} goal
 * @property {number} most the goal, as a number
 * @property {"bare" | "rival" | null} over what the goal is beside; null: it is about our own milliseconds
 * @property {{ ours: number[], bare?: number[], rival: number[] }} taken
 *
 * @typedef {{ prepare: () => () => Promise<unknown> }} Side makes, untimed, what is run and timed
 */

/** Ids in a call, the goals of `checkPermissions` and of `PermissionChecker.check`. */
const CALLS = /** @type {const} */ ([
  [1, 1.15, 1.3],
  [10, 1.15, 1.3],
  [100, 1.3, 1.4],
  [400, 1.3, 1.4],
  [10_000, 1.4, 1.4],
]);

/** Rounds of what takes long. */
const FEW = 9;

/** Requests under way at once, as the module has them by default. */
const AT_ONCE = 4;

/** Versions of the stand-in's crowd. @param {number} count */
export const crowd = (count) => Array.from({ length: count }, (_, index) => 3_000_001 + index);

/** @param {Tools} tools @returns {Promise<Measured[]>} */
export async function measureCalls(tools) {
  const { checkPermissions, PermissionChecker, createRival, baseUrl } = tools;
  const measured = [];
  for (const [count, most] of CALLS) {
    const ids = crowd(count);
    const ours = () => checkPermissions(ids, { baseUrl });
    const sides = { ...(await others(tools, ids)), ours: { prepare: () => ours } };
    const taken = await inTurns(sides, roundsOf(count, tools));
    measured.push(besideFetch(`a call, ${say(count, "id")}`, most, taken));
  }
  for (const [count, , most] of CALLS) {
    const ids = crowd(count);
    const fresh = (/** @type {() => Check} */ make) => ({
      prepare: () => {
        const check = make();
        return () => check(ids);
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
    const taken = await inTurns(sides, roundsOf(count, tools));
    measured.push(besideFetch(`check, ${say(count, "id")}`, most, taken));
  }
  return measured;
}

/** @param {number} count @param {Tools} tools */
const roundsOf = (count, { rounds }) => (count > 1000 ? Math.min(FEW, rounds) : rounds);

/**
 * CPU time, by whatever measures it here. A turn is ten calls, so that each has its share of the garbage collection.
 * @param {Tools} tools @param {() => Promise<number>} cpu milliseconds so far
 * @returns {Promise<Measured>}
 */
export async function measureCpu(tools, cpu) {
  const { checkPermissions, baseUrl } = tools;
  const ids = crowd(10_000);
  const tenTimes = (/** @type {Side} */ { prepare }) => ({
    prepare: () => async () => {
      for (let left = 10; left > 0; left--) await prepare()();
    },
  });
  const { bare, rival } = await others(tools, ids);
  const ours = { prepare: () => () => checkPermissions(ids, { baseUrl }) };
  const sides = { bare: tenTimes(bare), rival: tenTimes(rival), ours: tenTimes(ours) };
  return besideFetch("CPU, 100,000 verdicts", 1.5, await inTurns(sides, 3, cpu));
}

/** @param {Tools} tools @returns {Promise<Measured[]>} */
export async function measureCache({ PermissionChecker, createRival, baseUrl }) {
  const checker = new PermissionChecker({ baseUrl });
  const rival = createRival({ baseUrl });
  const ids = crowd(10_000);
  await Promise.all([checker.check(ids), rival(ids)]);
  const known = {
    ours: { prepare: () => () => checker.check(ids) },
    rival: { prepare: () => () => rival(ids) },
  };
  const calls = Array.from({ length: 10_000 }, (_, index) => [3_000_001 + (index % 2000)]);
  const many = {
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
  };
  return [
    {
      ...{ name: "10,000 known ids", goal: "≤ 8 ms", most: 8, over: null },
      taken: await inTurns(known, 3 * FEW),
    },
    {
      ...{
        name: "10,000 calls for 2,000 ids at once",
        goal: "below dataloader + ky",
        most: 1,
        over: "rival",
      },
      taken: await inTurns(many, FEW),
    },
  ];
}

/** @param {string} name @param {number} most @param {Measured["taken"]} taken @returns {Measured} */
const besideFetch = (name, most, taken) => ({ name, goal: `≤ ${most} × fetch`, most, over: "bare", taken });

/**
 * The rows of the table, from the rounds of all processes or pages together.
 * @param {Measured[][]} runs each with the same names @returns {Row[]}
 */
export function pooled(runs) {
  const [first = []] = runs;
  return first.map(({ name, goal, most, over }, index) => {
    const all = (/** @type {"ours" | "bare" | "rival"} */ side) =>
      runs.flatMap((run) => run[index]?.taken[side] ?? []);
    const [ours, bare, rival] = [all("ours"), all("bare"), all("rival")];
    const ratios = pairs(ours, over === "bare" ? bare : rival);
    const ratio = over ? median(ratios) : null;
    const figures = { ours: median(ours), bare: bare.length ? median(bare) : null, rival: median(rival) };
    const met = over === "rival" ? median(ratios) < most : (ratio ?? figures.ours) <= most;
    return { name, unit: "ms", goal, met, ...figures, ratio, spread: quartiles(ratios) };
  });
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
    const rounds = count > 10_000 ? 3 : count > 100 ? FEW : 50;
    const times = await inTurns({ ours: side(make.ours), rival: side(make.rival), ...extra }, rounds);
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
 * Times each side once in every round. Over the rounds, each side is in every place, and after every other side, equally
 * often, because a call may be slowed by what the one before it left behind: garbage to collect, or an open socket.
 * A quarter as many rounds run first, without being measured, so that all code is compiled and all connections are open.
 * @template {string} Name
 * @param {Record<Name, Side>} sides @param {number} rounds
 * @param {() => Promise<number> | number} [clock]
 * @returns {Promise<Record<Name, number[]>>} what each turn took
 */
export async function inTurns(sides, rounds, clock = () => performance.now()) {
  const names = /** @type {Name[]} */ (Object.keys(sides));
  const taken = /** @type {Record<Name, number[]>} */ ({});
  for (const name of names) taken[name] = [];
  for (let round = -Math.ceil(rounds / 4); round < rounds; round++) {
    for (const name of orderOf(names, round)) {
      const run = sides[name].prepare();
      const started = await clock();
      await run();
      const took = (await clock()) - started;
      if (round >= 0) taken[name].push(took);
    }
  }
  return taken;
}

/**
 * Each round begins with another side, and every other cycle of rounds goes backwards.
 * @template Name
 * @param {Name[]} names @param {number} round
 */
function orderOf(names, round) {
  const cycle = Math.floor(round / names.length);
  const first = round - cycle * names.length;
  const order = [...names.slice(first), ...names.slice(0, first)];
  return cycle % 2 ? order.reverse() : order;
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
