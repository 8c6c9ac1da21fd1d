// What a badge says. Pure: the popup and the tests use it too.

/** @typedef {import("../../protocol.js").VersionAnswer} VersionAnswer */
/** @typedef {import("../../protocol.js").ModelAnswer} ModelAnswer */
/** @typedef {import("../../protocol.js").PageModel} PageModel */
/** @typedef {import("../../protocol.js").Viewer} Viewer */
/** @typedef {import("../../protocol.js").Trouble} Trouble */
/** @typedef {import("../../settings.js").Settings} Settings */
/** @typedef {import("../../settings.js").Surface} Surface */
/** @typedef {(key: string, ...parts: (string | number)[]) => string} Translate */
/** @typedef {{ short: string, name: string, lines: string[] }} Words */

/**
 * The words of a version: `short` for the badge's face, `name` the whole sentence for those who do not see it,
 * `lines` for the tooltip.
 *
 * @param {VersionAnswer} answer
 * @param {Viewer} viewer
 * @param {Translate} t
 * @param {number} now
 * @returns {Words}
 */
export function wordsOf(answer, viewer, t, now) {
  const title = isolated(answer.versionName ?? t("aVersion", answer.versionId));
  const short = shortWords(answer, viewer, t, now);
  const reason = reasonWords(answer, t, now);
  const name = t("sentence", title, [reason, freeWords(answer, t)].filter(Boolean).join(t("semicolon")));
  const lines = [
    reason,
    freeWords(answer, t),
    Number.isFinite(answer.error?.askAgainAt) ? t("askAgainAt", clock(answer.error?.askAgainAt ?? 0, t)) : "",
    viewer.mode === "account" ? t("asAccount") : viewer.mode === "fixed" ? t("asTyped") : t("asPublic"),
  ];
  return { short, name, lines: [title, ...lines.filter(Boolean).map(capital)] };
}

/** @type {(answer: VersionAnswer, viewer: Viewer, t: Translate, now: number) => string} */
function shortWords({ state, gate, endsAt, trials, by, error }, { mode }, t, now) {
  const personal = mode !== "public";
  const early = gate === "earlyAccess";
  const kind = early
    ? t("earlyAccess")
    : gate === "paid"
      ? t("paid")
      : gate === "private"
        ? t("private")
        : t("locked");
  switch (state) {
    case "open":
      return t("noLock");
    case "locked": {
      const opens = endsAt ? t("opens", days(endsAt, t, now)) : "";
      if (personal && gate !== "private")
        return joined(t("locked"), early ? opens || t("earlyAccess") : gate === "paid" ? t("paidLower") : "");
      return gate === "paid" ? t("paidAccess") : joined(kind, opens);
    }
    case "trial":
      return joined(kind, trials === "unlimited" ? t("generationFree") : tries(trials ?? 0, t));
    case "yours":
      return by === "account" ? t("unlockedForYou") : by === "fixed" ? t("unlockedFor") : t("yours");
    case "off":
      return gate === "none" || gate === "unknown" ? t("cannotGenerate") : joined(kind, t("noGeneration"));
    default:
      return error?.code === "REGION_BLOCKED" ? t("regionShort") : t("notKnown");
  }
}

/** The reason, as a clause. @type {(answer: VersionAnswer, t: Translate, now: number) => string} */
function reasonWords({ state, gate, endsAt, by, error }, t, now) {
  if (state === "unknown") return troubleWords(error, t);
  if (state === "open") return t("reasonOpen");
  if (state === "yours") {
    return by === "account" ? t("reasonAccount") : by === "fixed" ? t("reasonFixed") : t("reasonOwn");
  }
  const why =
    gate === "earlyAccess"
      ? endsAt
        ? t("reasonEarly", date(endsAt, t), days(endsAt, t, now, "long"))
        : t("reasonEarlyNoEnd")
      : gate === "paid"
        ? t("reasonPaid")
        : gate === "private"
          ? t("reasonPrivate")
          : t("reasonLocked");
  if (state !== "off") return why;
  return gate === "none" || gate === "unknown" ? t("reasonOff") : `${t("reasonOff")}${t("semicolon")}${why}`;
}

/** What is free though the gate is closed. @type {(answer: VersionAnswer, t: Translate) => string} */
function freeWords({ state, gate, trials }, t) {
  if (state === "trial")
    return trials === "unlimited" ? t("freeGeneration") : t("freeTries", tries(trials ?? 0, t));
  if (state !== "locked" || gate === "private") return "";
  return trials === 0 ? t("noFreeTries") : t("freeUnknown");
}

/** @type {(error: Trouble | null, t: Translate) => string} */
export function troubleWords(error, t) {
  switch (error?.code) {
    case "NETWORK":
    case "TIMEOUT":
      return t("noAnswer");
    case "RATE_LIMITED":
      return t("rateLimited");
    case "REGION_BLOCKED":
      return t("regionBlocked");
    case "STOPPED":
      return t("reloadPage");
    case "HTTP":
      return error.status === 404 ? t("notListed") : t("serverTrouble", `${error.status}`);
    default:
      return t("strangeAnswer");
  }
}

/** @type {(count: number, t: Translate) => string} */
function tries(count, t) {
  return count === 1 ? t("oneTry") : t("tries", new Intl.NumberFormat(t("lang")).format(count));
}

const DAY = 86_400_000;

/** "in 5 days", or hours on the last one. @type {(endsAt: string, t: Translate, now: number, style?: "long" | "narrow") => string} */
function days(endsAt, t, now, style = "narrow") {
  const left = Math.max(0, Date.parse(endsAt) - now);
  const format = new Intl.RelativeTimeFormat(t("lang"), { style, numeric: "always" });
  return left < DAY
    ? format.format(Math.ceil(left / 3_600_000), "hour")
    : format.format(Math.round(left / DAY), "day");
}

/** @type {(endsAt: string, t: Translate) => string} */
function date(endsAt, t) {
  return new Intl.DateTimeFormat(t("lang"), { dateStyle: "long" }).format(new Date(endsAt));
}

/** @type {(moment: number, t: Translate) => string} */
export function clock(moment, t) {
  return new Intl.DateTimeFormat(t("lang"), { timeStyle: "short" }).format(moment);
}

/** @param {...string} parts */
function joined(...parts) {
  return parts.filter(Boolean).join(" · ");
}

/** Creators' words: cut, and kept from turning the words around them. @param {string} text */
export function isolated(text) {
  const letters = [...text.trim()];
  return `\u2068${letters.length > 80 ? `${letters.slice(0, 79).join("")}…` : letters.join("")}\u2069`;
}

/** @param {string} text */
export function capital(text) {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
