// The ways in which an API's replies drift, made from a reply's own shape: nothing here knows what any field means.

/**
 * @typedef {object} Drift
 * @property {string} name such as "items[].modelVersions[].availability: dropped"
 * @property {string} path the field
 * @property {string} kind how it drifts
 * @property {(reply: unknown) => unknown} apply gives the drifted reply and leaves the one it is given as it is
 */

/** @typedef {Record<string, unknown>} Members */

/**
 * What may happen to a field, by the name of the drift. Each gets the holder's own copy and the field's name; it gives
 * false where the value is nothing it could change.
 *
 * @type {Record<string, (holder: Members, name: string, value: unknown) => boolean | void>}
 */
const changes = {
  dropped: (holder, name) => {
    delete holder[name];
  },
  null: (holder, name, value) => put(holder, name, null, value !== null),
  "an empty object": (holder, name) => put(holder, name, {}),
  "an empty list": (holder, name, value) => put(holder, name, [], !isEmptyList(value)),
  "a number": (holder, name, value) => put(holder, name, 7, typeof value !== "number"),
  "a word": (holder, name, value) => put(holder, name, "soon", typeof value !== "string"),
  // A truth value must not turn into the other one: that would be another answer, and not another form.
  "a truth value": (holder, name, value) => put(holder, name, true, typeof value !== "boolean"),
  "a new word": (holder, name, value) => put(holder, name, "SomethingNew", typeof value === "string"),
  "another case": (holder, name, value) =>
    put(
      holder,
      name,
      String(value).toUpperCase(),
      typeof value === "string" && value !== value.toUpperCase(),
    ),
  "as text": (holder, name, value) =>
    put(holder, name, String(value), typeof value === "number" || typeof value === "boolean"),
  "as 0 or 1": (holder, name, value) => put(holder, name, Number(value), typeof value === "boolean"),
  "a fraction": (holder, name, value) => put(holder, name, Number(value) + 0.5, typeof value === "number"),
  "below zero": (holder, name, value) => put(holder, name, -1, typeof value === "number"),
  "a date in milliseconds": (holder, name, value) => put(holder, name, Date.parse(`${value}`), isDate(value)),
  "a date in seconds": (holder, name, value) =>
    put(holder, name, Date.parse(`${value}`) / 1000, isDate(value)),
  "a date in words": (holder, name, value) =>
    put(holder, name, new Date(`${value}`).toUTCString(), isDate(value)),
  renamed: (holder, name, value) => {
    delete holder[name];
    holder[`${name}V2`] = value;
  },
  "in another case's name": (holder, name, value) => {
    const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    if (snake === name) return false;
    delete holder[name];
    holder[snake] = value;
  },
  nested: (holder, name, value) => {
    delete holder[name];
    holder.details = { [name]: value };
  },
  "in an object": (holder, name, value) => put(holder, name, { value }),
  "in a list": (holder, name, value) => put(holder, name, [value]),
};

/** What may happen to a reply as a whole. @type {Record<string, (reply: unknown) => unknown>} */
const wholes = {
  "in data": (data) => ({ data }),
  "in result.data.json": (json) => ({ result: { data: { json } } }),
  "in a list": (reply) => [reply],
  "as text": (reply) => JSON.stringify(reply),
  null: () => null,
  "an empty object": () => ({}),
  "an empty list": () => [],
  false: () => false,
};

/**
 * Every drift of a reply of this shape.
 *
 * @param {unknown} reply
 * @returns {Drift[]}
 */
export function driftsOf(reply) {
  const fields = [...new Set(pathsOf(reply))].flatMap((path) =>
    Object.entries(changes).flatMap(([kind, change]) => {
      const apply = (/** @type {unknown} */ one) => changed(one, path.split("."), change);
      const drift = { name: `${path}: ${kind}`, path, kind, apply };
      return JSON.stringify(apply(reply)) === JSON.stringify(reply) ? [] : [drift];
    }),
  );
  const whole = Object.entries(wholes).map(([kind, apply]) => ({
    name: `the whole reply: ${kind}`,
    path: "",
    kind,
    apply,
  }));
  return [...whole, ...fields];
}

/**
 * The paths of all fields, "items[].modelVersions[].id" for each element alike. Keys that are numbers are one path.
 *
 * @param {unknown} value
 * @param {string} [before]
 * @returns {string[]}
 */
function pathsOf(value, before = "") {
  if (Array.isArray(value)) return value.flatMap((one) => pathsOf(one, `${before}[]`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const path = `${before}${before ? "." : ""}${/^\d+$/.test(name) ? "#" : name}`;
    return [path, ...pathsOf(member, path)];
  });
}

/**
 * A copy with the change made wherever the path leads.
 *
 * @param {unknown} value
 * @param {string[]} path
 * @param {typeof changes[string]} change
 * @returns {unknown}
 */
function changed(value, [step = "", ...rest], change) {
  if (step.startsWith("[]")) {
    const inside = [step.slice(2), ...rest].filter((one, at) => at > 0 || one !== "");
    return Array.isArray(value) ? value.map((one) => changed(one, inside, change)) : value;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const copy = { .../** @type {Members} */ (value) };
  const lists = step.slice(step.replace(/(\[\])+$/, "").length);
  const own = step.slice(0, step.length - lists.length);
  const names = own === "#" ? Object.keys(copy).filter((name) => /^\d+$/.test(name)) : [own];
  for (const name of names) {
    if (!(name in copy)) continue;
    if (rest.length === 0 && lists === "") change(copy, name, copy[name]);
    else copy[name] = changed(copy[name], lists ? [lists, ...rest] : rest, change);
  }
  return copy;
}

/** @param {Members} holder @param {string} name @param {unknown} value @param {boolean} [fits] */
function put(holder, name, value, fits = true) {
  if (!fits) return false;
  holder[name] = value;
}

/** @param {unknown} value */
const isDate = (value) => typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value);

/** @param {unknown} value */
const isEmptyList = (value) => Array.isArray(value) && value.length === 0;
