// What a badge says of one version. Pure, and used by the extension, its popup, the element and the demo page.

import { capital, clock, date, isolated, number, relative } from "./format.js";
import { wordsFor } from "./languages.js";

/** The module's decision: may one generate with it now? @typedef {"open" | "free" | "trial" | "held" | "locked" | "off" | "gated" | "unknown"} Generation */
/** What is drawn; README.md and `data-state` use the same names. @typedef {"open" | "free" | "trial" | "locked" | "gated" | "yours" | "off" | "pending" | "unknown"} BadgeState */

/** Why something is not known. `askAgainAt`: when it is asked about again, in milliseconds. @typedef {{ code: string, status?: number | null | undefined, askAgainAt?: number | null | undefined }} Trouble */

/**
 * What a badge is drawn from; a part that is not known is null or absent. {@link factsOf} makes it of an Explanation.
 *
 * @typedef {object} BadgeFacts
 * @property {BadgeState} state
 * @property {number | null} [versionId]
 * @property {string | null} [versionName]
 * @property {"none" | "earlyAccess" | "paid" | "private" | "unknown"} [gate]
 * @property {string | null} [endsAt] ISO 8601: when an early-access gate opens
 * @property {number | "unlimited" | null} [trials] free tries
 * @property {"own" | "account" | "fixed" | "user" | null} [by] whose it is, where the state is "yours"
 * @property {number | null} [asOf] when Civitai gave the verdict, in milliseconds
 * @property {boolean} [complete] false: what is free is still being looked up
 * @property {boolean | null} [exists] false: Civitai lists no such version
 * @property {boolean} [checkpoint]
 * @property {Trouble | null} [error] why nothing is known, or why what is free is not
 */

/**
 * Whom the verdicts are for: anyone, the reader's account, the number that the reader typed, or the user that a page
 * asks for. The number itself is no part of it: a page can read its badges.
 *
 * @typedef {{ mode: "public" | "account" | "fixed" | "user" }} Viewer
 */

/**
 * `text` stands on the badge, `label` is the whole sentence for a screen reader, `lines` fill the tooltip.
 *
 * @typedef {{ state: BadgeState, text: string, label: string, lines: string[], lang: string }} Badge
 */

/**
 * @param {BadgeFacts} facts
 * @param {Viewer} viewer
 * @param {string} lang the page's or the reader's language, such as "en-GB"
 * @param {number} now
 * @param {readonly string[]} [more] further clauses, such as those of {@link othersOf}
 * @returns {Badge}
 */
export function badgeOf(facts, viewer, lang, now, more = []) {
  const say = wordsFor(lang);
  const title = isolated(facts.versionName || say("aVersion", facts.versionId ?? ""));
  const clauses = [...clausesOf(facts, say, now), ...more];
  const sentence = clauses.filter(Boolean).join(say("semicolon"));
  return {
    state: facts.state,
    text: textOf(facts, say, now),
    label: sentence ? say("sentence", title, sentence) : title,
    lines: [title, ...clauses, ...footOf(facts, viewer, say)]
      .filter(Boolean)
      .map((line) => capital(line, say.tag)),
    lang: say.language,
  };
}

/** The few words on the badge itself. @type {(facts: BadgeFacts, say: Say, now: number) => string} */
function textOf({ state, gate, endsAt, trials, by, exists, error }, say, now) {
  switch (state) {
    case "open":
      return say("noLock");
    case "free":
      return say("free");
    case "trial":
      return triesOf(trials, say, ON_BADGE);
    case "locked": {
      if (gate === "private") return say("lockedPrivate");
      if (gate === "paid") return say("lockedPaid");
      const isAhead = gate === "earlyAccess" && endsAt && Date.parse(endsAt) > now;
      return isAhead ? say("lockedOpens", relative(endsAt, now, say.tag, "narrow")) : say("locked");
    }
    case "gated":
      if (exists === false) return say("notListed");
      return say(gate === "earlyAccess" ? "earlyAccess" : gate === "paid" ? "paidAccess" : "limitedAccess");
    case "yours":
      return say(YOURS[by ?? "user"]);
    case "off":
      return say("cannotGenerate");
    case "unknown":
      return say(
        error?.code === "REGION_BLOCKED"
          ? "regionBlocked"
          : error?.code === "STOPPED"
            ? "reloadPage"
            : "notKnown",
      );
    case "pending":
      return "";
  }
}

/** The reason, then what is free. @type {(facts: BadgeFacts, say: Say, now: number) => string[]} */
function clausesOf(facts, say, now) {
  const { state, gate, trials, exists, error, complete } = facts;
  const member = facts.checkpoint ? say("mayNeedMembership") : "";
  switch (state) {
    case "open":
      return [say("hasNoGate"), member];
    case "free":
      return [gateOf(facts, say, now), say("isFree"), member];
    case "trial":
      return [gateOf(facts, say, now), triesOf(trials, say, IN_SENTENCE), member];
    case "locked":
      return [gateOf(facts, say, now), gate === "private" ? "" : say("nothingFree")];
    case "gated":
      if (exists === false) return [say("noSuchVersion")];
      return [
        gateOf(facts, say, now),
        gate === "private" ? "" : say("maybeFree"),
        complete !== false && error ? troubleOf(error, say) : "",
      ];
    case "yours":
      return [say(OPEN_FOR[facts.by ?? "user"])];
    case "off":
      return [say("notOffered"), ...(isGated(gate) ? [gateOf(facts, say, now), say("buyingIsNoHelp")] : [])];
    case "unknown":
      return [say("isNotKnown"), troubleOf(error ?? { code: "" }, say)];
    case "pending":
      return [say("checking")];
  }
}

/** @typedef {keyof import("./languages.js").Words} Key */
const YOURS = /** @satisfies {Record<string, Key>} */ ({
  own: "yours",
  account: "unlockedForYou",
  fixed: "unlockedForThatUser",
  user: "unlocked",
});
const OPEN_FOR = /** @satisfies {Record<string, Key>} */ ({
  own: "ownModel",
  account: "openForAccount",
  fixed: "openForThatUser",
  user: "openForUser",
});
const AS = /** @satisfies {Record<string, Key>} */ ({
  public: "asAnyone",
  account: "asAccount",
  fixed: "asThatUser",
  user: "asUser",
});

/** @type {(gate: BadgeFacts["gate"]) => boolean} */
const isGated = (gate) => gate === "earlyAccess" || gate === "paid" || gate === "private";

/** Why it is denied. @type {(facts: BadgeFacts, say: Say, now: number) => string} */
function gateOf({ gate, endsAt }, say, now) {
  if (gate === "paid") return say("isPaid");
  if (gate === "private") return say("isPrivate");
  if (gate !== "earlyAccess") return say("isLimited");
  if (!endsAt) return say("isEarlyWithoutEnd");
  const day = date(endsAt, say.tag);
  return Date.parse(endsAt) > now
    ? say("isEarly", day, relative(endsAt, now, say.tag))
    : say("isEarlyAndOver", day);
}

/** @type {(trials: BadgeFacts["trials"], say: Say, keys: TriesKeys) => string} */
function triesOf(trials, say, { several, one, some, unlimited }) {
  if (trials === "unlimited") return say(unlimited);
  return trials === 1 ? say(one) : trials ? say(several, number(trials, say.tag)) : say(some);
}

/** @typedef {Record<"several" | "one" | "some" | "unlimited", Key>} TriesKeys */
/** @type {TriesKeys} */
const ON_BADGE = { several: "tries", one: "oneTry", some: "freeTries", unlimited: "unlimitedTries" };
/** @type {TriesKeys} */
const IN_SENTENCE = {
  several: "hasTries",
  one: "hasOneTry",
  some: "hasSomeTries",
  unlimited: "hasUnlimitedTries",
};

/** Why something is not known. @type {(error: Trouble, say: Say) => string} */
function troubleOf({ code, status }, say) {
  switch (code) {
    case "NETWORK":
    case "TIMEOUT":
      return say("noResponse");
    case "RATE_LIMITED":
      return say("rateLimited");
    case "REGION_BLOCKED":
      return say("notInRegion");
    case "UNAUTHORIZED":
      return say("refused", 401);
    case "HTTP":
      return status === 403
        ? say("botProtection")
        : status === 404
          ? say("noSuchVersion")
          : say("serverError", status ?? "");
    case "INVALID_ARGUMENT":
      return say("namesNothing");
    case "WASM_UNAVAILABLE":
      return say("noWasm");
    case "STOPPED":
      return say("wasUpdated");
    default:
      return say("unexpectedReply");
  }
}

/** Whom and when the verdict is for. @type {(facts: BadgeFacts, viewer: Viewer, say: Say) => string[]} */
function footOf({ state, asOf, error }, { mode }, say) {
  if (state === "pending") return [];
  const whom = say(AS[mode]);
  const again = error?.askAgainAt;
  return [
    typeof again === "number" && Number.isFinite(again) ? say("nextCheck", clock(again, say.tag)) : "",
    state === "unknown"
      ? ""
      : typeof asOf === "number"
        ? say("checkedAt", clock(asOf, say.tag), whom)
        : say("checked", whom),
  ];
}

/** @typedef {import("./languages.js").Say} Say */

/**
 * What one reply says of a model's other versions, as clauses for `more`.
 *
 * @param {readonly BadgeFacts[]} versions all of the model
 * @param {number | null | undefined} versionId the one on show
 * @param {string} lang
 * @returns {string[]}
 */
export function othersOf(versions, versionId, lang) {
  const say = wordsFor(lang);
  const locked = versions.filter(({ state }) => state === "locked").length;
  const open = versions.find((version) => version.state === "open" && version.versionId !== versionId);
  if (versions.length < 2) return [];
  return [
    locked > 0 ? say("lockedVersions", number(locked, say.tag), number(versions.length, say.tag)) : "",
    open && versions.some(({ state }) => state !== "open")
      ? say("otherHasNoLock", isolated(open.versionName ?? ""))
      : "",
  ].filter(Boolean);
}

/**
 * The facts of an Explanation of the module, or of a verdict alone.
 *
 * @param {{ entityId: number, generation: Generation, gate?: BadgeFacts["gate"], endsAt?: string | null, freeTrials?: BadgeFacts["trials"],
 *   versionName?: string | null, asOf?: string | null, complete?: boolean, exists?: boolean | null, air?: string | null, ownerId?: number | null,
 *   incomplete?: Trouble | null, error?: Trouble }} explanation
 * @param {Viewer & { id?: number | null }} [viewer] `id`: theirs, to know their own models by
 * @returns {BadgeFacts}
 */
export function factsOf(explanation, viewer = { mode: "public" }) {
  const { generation, ownerId } = explanation;
  const isOwn = viewer.mode === "account" && viewer.id != null && ownerId === viewer.id;
  const error = explanation.error ?? explanation.incomplete ?? null;
  return {
    state: generation === "held" ? "yours" : generation,
    versionId: explanation.entityId,
    versionName: explanation.versionName ?? null,
    gate: explanation.gate ?? "unknown",
    endsAt: explanation.endsAt ?? null,
    trials: explanation.freeTrials ?? null,
    by: generation !== "held" ? null : isOwn ? "own" : viewer.mode === "public" ? "user" : viewer.mode,
    asOf: explanation.asOf ? Date.parse(explanation.asOf) : null,
    complete: explanation.complete ?? true,
    exists: explanation.exists ?? null,
    checkpoint: /^(?:urn:)?air:[^:]*:checkpoint:/i.test(explanation.air ?? ""),
    error: error && { code: error.code, status: error.status ?? null, askAgainAt: error.askAgainAt ?? null },
  };
}
