// All that changes while a page is open, in one module.

import { readSettings } from "../settings.js";

/** @typedef {import("../protocol.js").ModelAnswer} ModelAnswer */
/** @typedef {import("../protocol.js").VersionAnswer} VersionAnswer */
/** @typedef {import("./find/places.js").Place} Place */
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
  /** Whom the answers are for. @type {import("../protocol.js").Viewer} */
  viewer: { mode: "public" },
  /** What the page says of itself. @type {import("./find/page-facts.js").PageFacts} */
  facts: { session: null, model: null },
  /** Whether creators see their pages as others do. */
  asPublic: false,
  /** What the latest look at the page found. @type {Place[]} */
  places: [],
  /** The places of the title and of the version buttons, also where they must not be touched yet. @type {Place[]} */
  ofModel: [],
  /** Those that must not be touched yet: they are asked about, and not drawn. @type {Place[]} */
  waiting: [],
  /** Links that only the popup lists. @type {import("./find/places.js").Listed[]} */
  listed: [],
  /** How many links need a place and have none. */
  lost: 0,
  /** Our badges in the document. @type {Map<HTMLElement, Placed>} */
  placed: new Map(),
  /** How many elements have taken our badges away again and again. */
  keptOut: 0,
};
