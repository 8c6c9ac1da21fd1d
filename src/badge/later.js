// Does things after a while with one timer, and none while the document is hidden.

import { now } from "./clock.js";

/** So often the clock is looked at, in milliseconds: a timer may stand still while the machine sleeps. */
const LOOK = 60_000;

export class Later {
  /** @type {Map<() => void, number>} */
  #due = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #document;

  /** @param {Document} document */
  constructor(document) {
    this.#document = document;
    document.addEventListener("visibilitychange", () => this.#arm());
  }

  /** @param {() => void} action in place of the same one that was to come earlier @param {number} wait milliseconds */
  after(action, wait) {
    this.#due.set(action, now() + wait);
    this.#arm();
  }

  /** @param {() => void} action */
  never(action) {
    if (this.#due.delete(action)) this.#arm();
  }

  #arm() {
    clearTimeout(this.#timer);
    if (this.#document.hidden || this.#due.size === 0) return;
    const wait = Math.min(...this.#due.values()) - now();
    this.#timer = setTimeout(() => this.#run(), Math.min(LOOK, Math.max(0, wait)));
  }

  #run() {
    const moment = now();
    const due = [...this.#due].filter(([, at]) => at <= moment);
    for (const [action] of due) this.#due.delete(action);
    for (const [action] of due) action();
    this.#arm();
  }
}
