// <civitai-lock-badge>: the badge as a custom element. On a server, importing this does nothing.

import { Asker } from "./asker.js";
import { badgeOf, factsOf } from "./badge.js";
import { BADGE, drawBadge, dressBadge, faceOf } from "./draw.js";
import { addLanguage as addWords } from "./languages.js";
import { Later } from "./later.js";
import { watchTips } from "./tip.js";

/** @typedef {import("./asker.js").Explanation} Explanation */
/** @typedef {import("./asker.js").Failure} Failure */
/** @typedef {import("./asker.js").Question & { asker: Asker }} Question */

/**
 * How long the first answer may take before a badge shows that it waits, in milliseconds. Until then the element is left
 * unchanged, so that a front end that hydrates it finds the attributes that it wrote.
 */
const FIRST = 600;
/** How long a badge waits for what is free before it says that it does not know, in milliseconds. */
const PATIENCE = 1500;
/** When it asks again after a failure (doubled each time) and after the end of a gate (clocks differ), in milliseconds. */
const AGAIN = { first: 30_000, longest: 600_000, afterEnd: [1000, 30_000, 120_000] };
/** Failures that do not go away if the same is asked again. */
const LASTING = ["INVALID_ARGUMENT", "REGION_BLOCKED", "UNAUTHORIZED", "WASM_UNAVAILABLE"];

export class LockBadge extends /** @type {typeof HTMLElement} */ (globalThis.HTMLElement ?? Object) {
  static observedAttributes = ["entity-id", "model-id", "user-id", "base-url", "lang", "quiet"];

  /** @type {Explanation | null} */
  #explanation = null;
  /** @type {Failure | null} */
  #failure = null;
  /** What the answer is about. */
  #subject = "";
  /** Whom it is for. @type {string | null} */
  #userId = null;
  /** Whether the answer is kept back, since what is free is still being looked up. */
  #isHeld = true;
  /** @type {import("./badge.js").BadgeState} */
  #state = "pending";
  /** @type {Question | null} */
  #question = null;
  /** @type {Shared | null} */
  #shared = null;
  #isNear = false;
  #isStarting = false;
  /** The author's `lang`; drawing sets the one that the words are in. @type {string | null} */
  #lang = null;
  #isDrawing = false;
  #failures = 0;
  #endsPassed = 0;
  /** @type {number | null} */
  #askAgainAt = null;

  /** What is drawn. */
  get state() {
    return this.#state;
  }

  /** The last answer of the module; null before it, and after a failure. */
  get explanation() {
    return this.#explanation;
  }

  connectedCallback() {
    for (const property of PROPERTIES.keys()) takeOver(this, property);
    this.#shared = sharedBy(this.ownerDocument);
    dressBadge(this);
    connected.add(this);
    this.#shared.sight.observe(this);
    this.#start();
  }

  disconnectedCallback() {
    this.#stop();
    connected.delete(this);
    this.#shared?.sight.unobserve(this);
    this.#shared = null;
  }

  /** @param {string} name @param {string | null} before @param {string | null} value */
  attributeChangedCallback(name, before, value) {
    if (before === value || this.#isDrawing) return;
    if (name === "lang") this.#lang = value;
    if (!this.#shared) return;
    if (name === "lang" || name === "quiet") this.draw();
    else this.#start();
  }

  /** Asks for what the attributes say, once for all that change in one turn. */
  #start() {
    if (this.#isStarting) return;
    this.#isStarting = true;
    queueMicrotask(() => {
      this.#isStarting = false;
      if (!this.#shared) return;
      this.#stop();
      const subject = ["entity-id", "model-id", "base-url"].map((name) => this.getAttribute(name)).join("\n");
      const userId = this.getAttribute("user-id");
      // True where the element was only moved.
      const isSame = subject === this.#subject && userId === this.#userId;
      // A verdict for everybody also holds for another user; any other could be wrong.
      const isForAll = this.#explanation?.state === "granted" && !this.#explanation.personal;
      if (!isSame && !(subject === this.#subject && isForAll)) this.#explanation = null;
      this.#subject = subject;
      this.#userId = userId;
      this.#failure = null;
      this.#isHeld = this.#explanation === null || (isSame && this.#isHeld);
      if (this.hasAttribute("state")) this.draw();
      else this.#shared.later.after(this.#drawFirst, FIRST);
      this.#ask(false);
    });
  }

  #stop() {
    if (this.#question) this.#question.asker.drop(this.#question);
    this.#question = null;
    for (const action of [this.#askAgain, this.#drawFirst, this.#show]) this.#shared?.later.never(action);
    this.#failures = 0;
    this.#endsPassed = 0;
    this.#askAgainAt = null;
  }

  /** @param {boolean} fresh */
  #ask(fresh) {
    const entity = this.getAttribute("entity-id");
    const model = entity === null ? this.getAttribute("model-id") : null;
    if (!this.#shared || (entity === null && model === null)) return;
    const asker = this.#shared.asker(this.getAttribute("base-url"));
    /** @type {Question} */
    const question = {
      ...{ asker, entity, model, fresh, userId: this.getAttribute("user-id"), isNear: this.#isNear },
      receive: (explanation, isFinal) => {
        if (this.#question === question) this.#receive(explanation, isFinal);
      },
      fail: (failure) => {
        if (this.#question === question) this.#fail(failure);
      },
    };
    this.#question = question;
    asker.ask(question);
  }

  #askAgain = () => this.#ask(true);
  #drawFirst = () => this.draw();

  /** @param {boolean} isNear whether it is near the viewport */
  see(isNear) {
    this.#isNear = isNear;
    if (this.#question) this.#question.isNear = isNear;
    if (!isNear) return;
    this.#question?.asker.near(this.#question);
    if (this.#explanation && this.#isHeld) this.#shared?.later.after(this.#show, PATIENCE);
  }

  /** @param {Explanation} explanation @param {boolean} isFinal */
  #receive(explanation, isFinal) {
    // What is shown is complete: the next answer replaces it once that one is complete too.
    if (!isFinal && this.#explanation?.complete && !this.#isHeld) return;
    this.#explanation = explanation;
    this.#failure = null;
    if (isFinal) {
      this.#shared?.later.never(this.#show);
      this.#isHeld = false;
      this.#plan(explanation);
    } else if (this.#isHeld && this.#isNear) {
      this.#shared?.later.after(this.#show, PATIENCE);
    }
    this.draw();
  }

  #show = () => {
    this.#isHeld = false;
    this.draw();
  };

  /** @param {Failure} failure */
  #fail(failure) {
    this.#explanation = null;
    this.#failure = failure;
    this.#isHeld = false;
    this.#planAfter(failure);
    this.draw();
  }

  /** Asks again once a gate has ended, or what is unknown may be known. @param {Explanation} explanation */
  #plan(explanation) {
    const failure = explanation.state === "unknown" ? explanation.error : explanation.incomplete;
    if (failure) return this.#planAfter(failure);
    this.#failures = 0;
    this.#askAgainAt = null;
    const end =
      explanation.state === "denied" && explanation.endsAt ? Date.parse(explanation.endsAt) : Number.NaN;
    const delay = AGAIN.afterEnd[this.#endsPassed];
    if (Number.isNaN(end) || delay === undefined) return;
    const wait = end - Date.now();
    if (wait <= 0) this.#endsPassed += 1;
    this.#shared?.later.after(this.#askAgain, Math.max(0, wait) + delay);
  }

  /** @param {Failure} failure */
  #planAfter({ code, retryAfter = 0 }) {
    if (LASTING.includes(code)) return;
    const wait = Math.max(retryAfter, Math.min(AGAIN.longest, AGAIN.first * 2 ** this.#failures));
    this.#failures += 1;
    this.#askAgainAt = Date.now() + wait;
    this.#shared?.later.after(this.#askAgain, wait);
  }

  draw() {
    /** @type {import("./badge.js").Viewer} */
    const viewer = { mode: this.hasAttribute("user-id") ? "user" : "public" };
    const lang = this.#lang || this.parentElement?.closest("[lang]")?.getAttribute("lang") || "en";
    const facts = this.#facts(viewer);
    const { state } = facts;
    const isEmpty = !this.hasAttribute("entity-id") && !this.hasAttribute("model-id");
    const isSilent = this.hasAttribute("quiet") && (state === "open" || state === "pending");
    this.#isDrawing = true;
    drawBadge(this, badgeOf(facts, viewer, lang, Date.now()), { visible: !isEmpty && !isSilent });
    this.setAttribute("state", state);
    this.#isDrawing = false;
    if (state === this.#state) return;
    this.#state = state;
    this.dispatchEvent(new Event("statechange", { bubbles: true, composed: true }));
  }

  /** @param {import("./badge.js").Viewer} viewer @returns {import("./badge.js").BadgeFacts} */
  #facts(viewer) {
    const again = { askAgainAt: this.#askAgainAt };
    if (this.#failure) return { state: "unknown", error: { ...this.#failure, ...again } };
    if (!this.#explanation || this.#isHeld) return { state: "pending" };
    const facts = factsOf(this.#explanation, viewer);
    return { ...facts, error: facts.error ? { ...facts.error, ...again } : null };
  }
}

/** Properties beside their attributes. */
const PROPERTIES = new Map(
  [
    ...[
      ["entityId", "entity-id"],
      ["modelId", "model-id"],
      ["userId", "user-id"],
      ["baseUrl", "base-url"],
    ],
    ...[
      ["compact", "compact"],
      ["quiet", "quiet"],
    ],
  ].map(([property = "", attribute = ""]) => /** @type {const} */ ([property, attribute])),
);

for (const [property, attribute] of PROPERTIES) {
  const isFlag = property === attribute;
  Object.defineProperty(LockBadge.prototype, property, {
    enumerable: true,
    configurable: true,
    get() {
      return isFlag ? this.hasAttribute(attribute) : this.getAttribute(attribute);
    },
    set(value) {
      if (value === null || value === undefined || (isFlag && !value)) this.removeAttribute(attribute);
      else this.setAttribute(attribute, isFlag ? "" : `${value}`);
    },
  });
}

/** A property that was set before the element was defined hides its accessor. @param {any} badge @param {string} property */
function takeOver(badge, property) {
  if (!Object.hasOwn(badge, property)) return;
  const value = badge[property];
  delete badge[property];
  badge[property] = value;
}

/** Those in a document. @type {Set<LockBadge>} */
const connected = new Set();

/**
 * Adds the words of a language, and draws anew.
 *
 * @param {string} language its primary tag, such as "de"
 * @param {import("./languages.js").Words} words
 */
export function addLanguage(language, words) {
  addWords(language, words);
  for (const badge of connected) badge.draw();
}

/**
 * What the badges of a document share: an {@link Asker} for each base URL, a timer, an observer of the viewport.
 *
 * @typedef {{ asker: (baseUrl: string | null) => Asker, later: Later, sight: IntersectionObserver }} Shared
 */

/** @type {WeakMap<Document, Shared>} */
const documents = new WeakMap();

/** @param {Document} document @returns {Shared} */
function sharedBy(document) {
  const known = documents.get(document);
  if (known) return known;
  /** @type {Map<string | null, Asker>} */
  const askers = new Map();
  const shared = {
    /** @param {string | null} baseUrl */
    asker(baseUrl) {
      const asker =
        askers.get(baseUrl) ?? new Asker(baseUrl, () => import("../../pkg/civitai-permissions.js"));
      askers.set(baseUrl, asker);
      return asker;
    },
    later: new Later(document),
    sight: new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          if (target instanceof LockBadge) target.see(isIntersecting);
        }
      },
      { rootMargin: "400px" },
    ),
  };
  documents.set(document, shared);
  watchTips({ document, badgeAt: (x, y) => badgeAt(document, x, y), badgeOf: badgeBeside });
  return shared;
}

/** @param {Document} document @param {number} x @param {number} y */
function badgeAt(document, x, y) {
  let top = document.elementFromPoint(x, y);
  while (top?.shadowRoot && !(top instanceof LockBadge)) {
    const inner = top.shadowRoot.elementFromPoint(x, y);
    if (!inner || inner === top) break;
    top = inner;
  }
  return top instanceof LockBadge && faceOf(top) ? top : null;
}

/** The badge that has the focus, is in what has it, or follows it. @param {Element} focused */
function badgeBeside(focused) {
  const badge = focused.closest(BADGE) ?? focused.querySelector(BADGE) ?? focused.nextElementSibling;
  return badge instanceof LockBadge ? badge : null;
}

if (globalThis.customElements && !customElements.get(BADGE)) customElements.define(BADGE, LockBadge);
