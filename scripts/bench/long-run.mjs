// A long run in one process: does memory stay flat, the wasm's own included? Prints what it holds, in kB,
// after each tenth, as JSON: `node --expose-gc scripts/bench/long-run.mjs 200000`.

/** @type {WebAssembly.Memory | undefined} */
let memory;

// The only way to the module's memory, which nothing else needs.
WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
  construct(Instance, args) {
    const instance = Reflect.construct(Instance, args);
    memory = instance.exports.memory;
    return instance;
  },
});

const { checkPermissions, PermissionChecker } = await import("civitai-permissions");

const checks = Number(process.argv[2] ?? 200_000);
const atOnce = 100;
const idsEach = 5;

/** Grants most, denies some, fails now and then. @type {any} */
const fetch = async (/** @type {string} */ url) => {
  const ids = new URL(url).searchParams.get("entityIds")?.split(",") ?? [];
  if (Number(ids[0]) % 11 === 0) return new Response("", { status: 404 });
  return Response.json(Object.fromEntries(ids.map((id) => [id, Number(id) % 5 !== 0])));
};

const checker = new PermissionChecker({ fetch });
for (let done = 0; done < checks; done += atOnce) {
  const calls = Array.from({ length: atOnce }, (_, nth) => {
    const first = (done + nth) * idsEach + 1;
    const ids = Array.from({ length: idsEach }, (_, more) => first + more);
    const { signal } = new AbortController();
    return nth % 20 === 0 ? checkPermissions(ids, { fetch, signal }) : checker.check(ids, { signal });
  });
  await Promise.allSettled(calls);
  if ((done + atOnce) % (checks / 10) === 0) report(done + atOnce);
}

/** @param {number} done */
function report(done) {
  globalThis.gc?.();
  const kilobytes = (/** @type {number} */ bytes) => Math.round(bytes / 1024);
  const { heapUsed } = process.memoryUsage();
  console.log(
    JSON.stringify({ done, wasm: kilobytes(memory?.buffer.byteLength ?? 0), heap: kilobytes(heapUsed) }),
  );
}
