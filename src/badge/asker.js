// Asks for the badges of one document and one base URL: one checker, few requests.

/** @typedef {import("../js/index.js").Explanation} Explanation */
/** @typedef {typeof import("../js/index.js")} Module */
/** @typedef {{ code: string, status?: number | undefined, retryAfter?: number | undefined }} Failure */

/**
 * What an element wants to know. `entity` or `model` is what its attribute says; `receive` and `fail` bring the answer.
 *
 * @typedef {object} Question
 * @property {string | null} entity
 * @property {string | null} model
 * @property {string | null} userId
 * @property {boolean} isNear whether it is near the viewport
 * @property {boolean} fresh bypass the caches, since the last answer is known to be out of date
 * @property {(explanation: Explanation, isFinal: boolean) => void} receive
 * @property {(failure: Failure) => void} fail
 */

/** @typedef {{ questions: Set<Question>, abort: AbortController, bulk: boolean }} Ask */

/** A list of the API holds so many versions. */
const LIST = 100;

export class Asker {
  #load;
  #baseUrl;
  /** @type {Promise<{ module: Module, checker: InstanceType<Module["PermissionChecker"]> }> | undefined} */
  #started;
  /** Not asked yet. @type {Set<Question>} */
  #waiting = new Set();
  /** @type {Map<Question, Ask>} */
  #underWay = new Map();
  /** Answered but for what is free, since they are far from the viewport. @type {Set<Question>} */
  #gated = new Set();
  #isScheduled = false;

  /** @param {string | null} baseUrl @param {() => Promise<Module>} load */
  constructor(baseUrl, load) {
    this.#baseUrl = baseUrl;
    this.#load = load;
  }

  /** @param {Question} question */
  ask(question) {
    this.#waiting.add(question);
    if (question.isNear) this.#schedule();
  }

  /** Its badge has come near the viewport. @param {Question} question */
  near(question) {
    if (this.#gated.delete(question)) this.#waiting.add(question);
    if (this.#waiting.has(question)) this.#schedule();
  }

  /** Nobody waits for its answer any more; a request that nobody waits for is aborted. @param {Question} question */
  drop(question) {
    this.#waiting.delete(question);
    this.#gated.delete(question);
    const ask = this.#underWay.get(question);
    if (!ask) return;
    this.#end(question, ask);
    if (ask.questions.size === 0) ask.abort.abort();
  }

  /** Questions of one turn are asked together. */
  #schedule() {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#round();
    });
  }

  /** Asks for what is near; far ones that fit into the same requests come along, without a look-up of each. */
  #round() {
    /** @type {Map<string, Question[]>} */
    const groups = new Map();
    for (const question of this.#waiting) {
      const key = JSON.stringify([question.userId, question.fresh]);
      const group = groups.get(key);
      if (group) group.push(question);
      else groups.set(key, [question]);
    }
    for (const group of groups.values()) {
      const near = group.filter(({ isNear }) => isNear);
      const room = (LIST - (near.length % LIST)) % LIST;
      const far = group.filter(({ isNear }) => !isNear).slice(0, room);
      if (near.length > 0) this.#send(near, false);
      if (near.length > 0 && far.length > 0) this.#send(far, true);
    }
  }

  /** @param {Question[]} questions of one user @param {boolean} bulk */
  async #send(questions, bulk) {
    /** @type {Ask} */
    const ask = { questions: new Set(questions), abort: new AbortController(), bulk };
    for (const question of questions) {
      this.#waiting.delete(question);
      this.#underWay.set(question, ask);
    }
    try {
      await this.#run(ask);
    } catch (error) {
      for (const question of [...ask.questions]) this.#fail(question, ask, error);
    }
  }

  #start() {
    const started = this.#load().then((module) => ({
      module,
      checker: new module.PermissionChecker(this.#baseUrl === null ? {} : { baseUrl: this.#baseUrl }),
    }));
    // A failure is not kept: the next question loads the module again.
    started.catch(() => {
      this.#started = undefined;
    });
    return started;
  }

  /** @param {Ask} ask */
  async #run(ask) {
    this.#started ??= this.#start();
    const { module, checker } = await this.#started;
    const [{ userId, fresh } = { userId: null, fresh: false }] = ask.questions;
    const options = { userId, fresh, signal: ask.abort.signal, bulk: ask.bulk };
    const versions = this.#sort(ask, ({ entity }) => entity !== null && module.parseEntityId(entity));
    const models = this.#sort(ask, ({ model }) => model !== null && modelId(model, module));
    if (models.size > 0) {
      for (const { modelId, versions: all, error } of await checker.versions(models.keys(), options)) {
        for (const question of models.get(modelId) ?? []) {
          const [first] = all;
          if (first) add(versions, first.versionId, question);
          else this.#fail(question, ask, error ?? { code: "HTTP", status: 404 });
        }
      }
    }
    for await (const explanations of checker.explainStream(versions.keys(), options)) {
      for (const explanation of explanations) {
        for (const question of versions.get(explanation.entityId) ?? []) {
          if (ask.questions.has(question)) this.#receive(question, ask, explanation);
        }
      }
    }
  }

  /**
   * The questions by the id that each is about. One that names none has failed.
   *
   * @param {Ask} ask @param {(question: Question) => number | false} idOf
   */
  #sort(ask, idOf) {
    /** @type {Map<number, Question[]>} */
    const byId = new Map();
    for (const question of [...ask.questions]) {
      try {
        const id = idOf(question);
        if (id !== false) add(byId, id, question);
      } catch (error) {
        this.#fail(question, ask, error);
      }
    }
    return byId;
  }

  /** @param {Question} question @param {Ask} ask @param {Explanation} explanation */
  #receive(question, ask, explanation) {
    const { complete, generation } = explanation;
    const isFree = !(ask.bulk && generation === "gated");
    if (complete) {
      this.#end(question, ask);
      if (!isFree) {
        this.#gated.add(question);
        if (question.isNear) this.near(question);
      }
    }
    question.receive(explanation, complete && isFree);
  }

  /** @param {Question} question @param {Ask} ask @param {unknown} error */
  #fail(question, ask, error) {
    this.#end(question, ask);
    question.fail(failureOf(error));
  }

  /** @param {Question} question @param {Ask} ask */
  #end(question, ask) {
    ask.questions.delete(question);
    this.#underWay.delete(question);
  }
}

/** @param {Map<number, Question[]>} byId @param {number} id @param {Question} question */
function add(byId, id, question) {
  const known = byId.get(id);
  if (known) known.push(question);
  else byId.set(id, [question]);
}

/** @param {string} text digits, or a link or AIR that names a model @param {Module} module */
function modelId(text, module) {
  const id = /^\s*\d+\s*$/.test(text) ? module.parseEntityId(text) : module.parseLink(text)?.modelId;
  if (id) return id;
  throw { code: "INVALID_ARGUMENT" };
}

/** @param {unknown} error the module's own, or whatever else was thrown @returns {Failure} */
function failureOf(error) {
  const { code, status, retryAfter } = /** @type {Partial<Failure>} */ (error ?? {});
  return { code: code ?? "", status, retryAfter };
}
