// What a list of explanations says: in words for people, as text for programs.

import { moment, relative } from "../badge/format.js";

/** @typedef {import("../js/types.js").Explanation} Explanation */

/** May one generate with it now? @param {Explanation} explanation */
export function usableWords({ usable, generation, freeTrials, exists }) {
  if (usable === null && exists === false) return "Not listed";
  if (usable === null) return generation === "gated" ? "Perhaps" : "Not known";
  if (!usable) return "No";
  if (generation === "free") return "Yes, free";
  if (generation === "held") return "Yes, unlocked";
  if (generation !== "trial") return "Yes";
  if (freeTrials === "unlimited") return "Yes, unlimited free tries";
  return freeTrials === 1 ? "Yes, 1 free try" : `Yes, ${freeTrials ?? "with"} free tries`;
}

/** Why, or why not. @param {Explanation} explanation */
export function reasonWords(explanation) {
  const { state, generation, gate, exists, complete, incomplete } = explanation;
  if (state === "unknown") return failureWords(explanation.error);
  if (generation === "open") return "No lock";
  if (generation === "off") return "Civitai does not offer generation with it";
  if (exists === false) return "Civitai lists no such version";
  if (gate === "earlyAccess") return "Early access";
  if (gate === "paid") return "Permanent paid access";
  if (gate === "private") return "Private";
  if (incomplete) return `Denied; the reason is not known: ${failureWords(incomplete)}`;
  return complete ? "Denied; the reason is not known" : "Denied; the reason is being looked up";
}

/** A failure in a few words, and what to do. @param {{ code: string, status?: number, retryAfter?: number, message?: string, cause?: unknown }} error */
export function failureWords({ code, status, retryAfter, message = "", cause }) {
  switch (code) {
    case "NETWORK":
      return `no response${platformCode(cause)}; try again later`;
    case "TIMEOUT":
      return "no response in time; try again later";
    case "RATE_LIMITED":
      return retryAfter === undefined
        ? "Civitai asks for fewer requests; try again later"
        : `Civitai asks for fewer requests; try again in ${Math.ceil(retryAfter / 1000)} s`;
    case "REGION_BLOCKED":
      return "Civitai is not available in this region";
    case "HTTP":
      return status === 404
        ? "Civitai lists no such model or version"
        : `Civitai reports an error (${status}); try again later`;
    case "INVALID_RESPONSE":
      return "Civitai’s reply was unexpected; try again later";
    default:
      return message || code;
  }
}

/** Node.js says why no response came, as in ": ECONNREFUSED"; browsers do not. @param {any} cause what `fetch` rejected with */
function platformCode(cause) {
  const code = cause?.cause?.code;
  return /^[A-Z_\d]{1,40}$/.test(code ?? "") ? `: ${code}` : "";
}

/** When it opens: "in 5 days" and "3 Dec 2026, 14:05"; null where no end is ahead, or would not help. @param {Explanation} explanation @param {number} now @param {string} [lang] */
export function opensWords({ endsAt, state, generation }, now, lang = "en") {
  if (state !== "denied" || generation === "off" || !endsAt || !(Date.parse(endsAt) > now)) return null;
  return { relative: relative(endsAt, now, lang), exact: moment(endsAt, lang) };
}

/**
 * "5 of 7 usable now, the next one opens in 3 days."
 *
 * @param {readonly Explanation[]} explanations
 * @param {number} now
 * @param {string} [lang]
 * @param {number} [missing] how many versions have no answer at all
 */
export function summaryWords(explanations, now, lang = "en", missing = 0) {
  const { usable, not, open: unsure } = counted(explanations);
  const open = unsure + missing;
  const ends = explanations
    .filter((one) => one.usable !== true)
    .flatMap((one) => (opensWords(one, now, lang) ? [Date.parse(one.endsAt ?? "")] : []));
  const next = ends.length > 0 ? `, the next one opens ${relative(Math.min(...ends), now, lang)}` : "";
  const number = (/** @type {number} */ count) => count.toLocaleString(lang);
  const rest = open > 0 ? ` ${number(open)} not known.` : "";
  const all = usable + not + open;
  const head =
    usable === all && all > 1
      ? `All ${number(all)} usable now`
      : `${number(usable)} of ${number(all)} usable now`;
  return `${head}${next}.${rest}`;
}

/** How many are usable, not usable, and neither for certain. @param {readonly Explanation[]} explanations */
export function counted(explanations) {
  const count = (/** @type {boolean | null} */ value) =>
    explanations.filter(({ usable }) => usable === value).length;
  return { usable: count(true), not: count(false), open: count(null) };
}

/** The page of a version. @param {Pick<Explanation, "entityId" | "modelId">} explanation */
export function pageOf({ entityId, modelId }) {
  return modelId === null
    ? `https://civitai.com/model-versions/${entityId}`
    : `https://civitai.com/models/${modelId}?modelVersionId=${entityId}`;
}

/** The AIRs of what is usable, one a line; the short form where the long one is not known. @param {readonly Explanation[]} explanations */
export function usableAirs(explanations) {
  return explanations
    .filter(({ usable, air, modelId }) => usable && (air ?? modelId) !== null)
    .map(({ entityId, modelId, air }) => `${air ?? `civitai:${modelId}@${entityId}`}\n`)
    .join("");
}

/**
 * Every field of every explanation, and what was asked; an undefined `userId` is left out. A member is never taken away or given another meaning without
 * a new major version.
 *
 * @param {readonly Explanation[]} explanations
 * @param {{ userId: number | null | undefined, skipped?: readonly { text: string, source: string }[] }} asked
 */
export function toJson(explanations, { userId, skipped = [] }) {
  return `${JSON.stringify({ userId, versions: explanations, skipped }, null, 2)}\n`;
}

/** The columns of {@link toCsv}; new ones are added at the end. */
const COLUMNS = /** @type {const} */ ([
  ["version_id", "entityId"],
  ["state", "state"],
  ["usable", "usable"],
  ["generation", "generation"],
  ["gate", "gate"],
  ["ends_at", "endsAt"],
  ["free_trials", "freeTrials"],
  ["can_generate", "canGenerate"],
  ["exists", "exists"],
  ["model_id", "modelId"],
  ["model_name", "modelName"],
  ["version_name", "versionName"],
  ["owner_id", "ownerId"],
  ["air", "air"],
  ["as_of", "asOf"],
]);

/** RFC 4180; empty: not known. The last column is the code of a failure. @param {readonly Explanation[]} explanations */
export function toCsv(explanations) {
  const head = [...COLUMNS.map(([name]) => name), "error"];
  const rows = explanations.map((one) => [
    ...COLUMNS.map(([, field]) => one[field]),
    (one.state === "unknown" ? one.error : one.incomplete)?.code ?? null,
  ]);
  return [head, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

const FORMULA = /^(?=[\t\r\n])|(?<=^|[;\t\r\n])(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/g;

/** @param {string | number | boolean | null} value */
function cell(value) {
  if (value === null) return "";
  // A spreadsheet would run a name that begins like a formula; ours are data. Where a semicolon or a tab separates
  // cells, as in many countries, what follows one begins a cell too, whatever quotes stand around.
  const text = typeof value === "string" ? value.replace(FORMULA, "'") : `${value}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
