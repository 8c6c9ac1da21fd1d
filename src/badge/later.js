// Does things at their time with one timer, and none while the document is hidden.

/** A timer cannot wait longer than about 24 days. */
const LONGEST = 2_000_000_000;

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

  /** @param {() => void} action @param {number} moment in milliseconds; in place of an earlier one */
  at(action, moment) {
    this.#due.set(action, moment);
    this.#arm();
  }

  /** @param {() => void} action */
  never(action) {
    if (this.#due.delete(action)) this.#arm();
  }

  #arm() {
    clearTimeout(this.#timer);
    if (this.#document.hidden || this.#due.size === 0) return;
    const wait = Math.min(...this.#due.values()) - Date.now();
    this.#timer = setTimeout(() => this.#run(), Math.min(LONGEST, Math.max(0, wait)));
  }

  #run() {
    const now = Date.now();
    const due = [...this.#due].filter(([, moment]) => moment <= now);
    for (const [action] of due) this.#due.delete(action);
    for (const [action] of due) action();
    this.#arm();
  }
}
