// Options that can be nothing but right, judged without the wasm, which would have to start for that.

/** @param {number} least @param {number} most */
const whole = (least, most) => (/** @type {any} */ value) =>
  Number.isInteger(value) && value >= least && value <= most;

/** Whether a value of these options is plainly right. @type {Record<string, (value: any) => boolean>} */
export const plain = {
  baseUrl: (value) => {
    const text = value?.href ?? value;
    return typeof text === "string" && /^https?:\/\/[a-z\d.-]+(:\d+)?\/?$/.test(text);
  },
  maxBatchSize: whole(1, 10_000),
  concurrency: whole(1, 16),
  maxAge: whole(0, Number.MAX_SAFE_INTEGER),
  timeout: whole(1, 2 ** 31 - 1),
  retries: whole(0, 10),
  fetch: (value) => typeof value === "function",
};

const { hasOwn, prototype } = Object;

/** @param {any} options */
export function arePlain(options = {}) {
  const above = Object.getPrototypeOf(options ?? 0);
  if (above !== prototype && above !== null) return false;
  return Object.entries(options).every(
    ([name, value]) => hasOwn(plain, name) && (value === undefined || plain[name]?.(value)),
  );
}

/** Inherited ones as well, but not what somebody's library put on `Object.prototype`. @param {any} options */
export function copied(options) {
  const own = Object.keys(plain).filter(
    (name) => options[name] !== undefined && (hasOwn(options, name) || !(name in prototype)),
  );
  return Object.fromEntries(own.map((name) => [name, options[name]]));
}
