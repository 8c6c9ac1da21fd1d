// All that changes while a page is open, in one module.

import { readSettings } from "../settings.js";

/** @typedef {import("../protocol.js").ModelAnswer} ModelAnswer */
/** @typedef {import("../protocol.js").VersionAnswer} VersionAnswer */
/** @typedef {import("./find/places.js").Place} Place */
/** @typedef {import("./find/links.js").Target} Target */
/** @typedef {{ answer: ModelAnswer, at: number }} Kept */
/** @typedef {{ models: Set<number>, versions: Set<number> }} Ids */
/** @typedef {{ place: Place, answer: VersionAnswer | null }} Placed */

export const state = {
  /** Whether the page may be touched. */
  started: false,
  /** Whether the extension was updated under this page: nothing can be asked any more. */
  stopped: false,
  /** Whether the page was begun without the announcer. */
  begunWithout: false,
  /** What the person chose. @type {import("../settings.js").PageSettings} */
  settings: readSettings(null),
  /** Who the answers speak of. @type {import("../protocol.js").Viewer} */
  viewer: { mode: "public" },
  /** What the page says of itself. @type {import("./find/page-facts.js").PageFacts} */
  facts: { session: null, model: null },
  /** Whether creators see their pages as others do. */
  asPublic: false,
  /** Models by id, as the background answered. @type {Map<number, Kept>} */
  models: new Map(),
  /** Versions that no model's list holds. @type {Map<number, { answer: VersionAnswer, at: number }>} */
  alone: new Map(),
  /** What the next round asks. @type {Ids} */
  wanted: { models: new Set(), versions: new Set() },
  /** What is being asked. @type {Ids} */
  underWay: { models: new Set(), versions: new Set() },
  /** Our badges in the document. @type {Map<HTMLElement, Placed>} */
  placed: new Map(),
  /** How many links there are, those that only the popup lists, and how often a badge was not wanted. */
  counts: { links: 0, listed: /** @type {Target[]} */ ([]), keptOut: 0 },
};
