//! The client as a state machine: asks and outcomes in, steps out. No clock, no randomness, no I/O.
//!
//! ```text
//!            check, explain, versions                                    cancel
//!                       │                                                  │
//!                       ▼                 known and not too old            ▼
//!   ┌─ asks ──── wants an answer ───────────────────────────────▶ answered, or forgotten
//!   │                   │                                                  ▲
//!   │                   ▼                                                  │
//!   │             ┌─ question ─┐   joins work that is under way            │
//!   │             │   QUEUED   │◀──────────────────────────────┐           │
//!   │             └─────┬──────┘                               │           │
//!   │                   │ a lane's turn, no pause, room        │           │
//!   │                   ▼                                      │           │
//!   │             ┌────────────┐  retry, split in halves       │           │
//!   │             │  IN BATCH  │◀───────────┐                  │           │
//!   │             └─────┬──────┘            │                  │           │
//!   │    Step::Send     │    on_outcome     │                  │           │
//!   │                   ├── transient, rejected, pause ────────┘           │
//!   │                   ├── denied for a user in a mixed batch ─┐          │
//!   │                   │                                       ▼          │
//!   │                   │                     ┌─────────────────────────┐  │
//!   │                   │                     │ AT OWNERS (owner_rule)  │  │
//!   │                   │                     └──┬───────────────────┬──┘  │
//!   │                   │     own or alone: QUEUED again        somebody's │
//!   │                   ▼                                            ▼     │
//!   └─ news ◀──── settled: cached, and told to all who wait ───────────────┘
//! ```
//!
//! Each part owns its state in a file of its own: [`asks`] who wants what, [`questions`] what is cached and joined,
//! [`lanes`] what is asked together, [`requests`] what is under way, [`splitting`] which id is to blame, [`pause`] when a
//! host may be asked, [`facts`] what replies have said. The decisions are pure functions: [`age`], [`owner_rule`],
//! [`reasons`], [`decision`]. What needs two of them is here.
//!
//! # Examples
//! One denied version on its way through the diagram:
//! ```
//! use civitai_permissions::{AskOptions, Config, Engine, Generation, Outcome, State, Step, VersionId};
//! let mut engine = Engine::new(Config::default(), 1);
//! let ids: Vec<_> = VersionId::new(2402203).into_iter().collect();
//! let ask = engine.explain(&ids, AskOptions::default(), 0);
//! let reply = |body| Outcome::Reply { status: 200, retry_after: None, as_of: None, body };
//!
//! // Queued in two lanes, in two batches, both under way.
//! let Step::Send { request: check, url, .. } = engine.step(0) else { panic!() };
//! assert!(url.ends_with("/permissions/check?entityIds=2402203"));
//! let Step::Send { request: list, .. } = engine.step(0) else { panic!() };
//! assert_eq!(engine.step(0), Step::Wait(None));
//!
//! // Denied: told at once, while its terms are asked for.
//! engine.on_outcome(check, reply(br#"{"2402203":false}"#), 200);
//! let Step::Explain { explanation, .. } = engine.step(200) else { panic!() };
//! assert_eq!((explanation.generation, explanation.complete), (Generation::Gated, false));
//! let Step::Send { request: mini, .. } = engine.step(200) else { panic!() };
//!
//! // Its list, then its terms: told once more, and the ask has ended.
//! engine.on_outcome(list, reply(br#"{"items":[{"id":827184,"modelVersions":[{"id":2402203,"paidAccess":{"permanent":true}}]}]}"#), 300);
//! assert_eq!(engine.step(300), Step::Wait(None));
//! engine.on_outcome(mini, reply(br#"{"checkPermission":true,"freeTrialLimit":10}"#), 400);
//! let Step::Explain { explanation, .. } = engine.step(400) else { panic!() };
//! assert_eq!((explanation.generation, explanation.complete), (Generation::Trial, true));
//! assert_eq!(engine.step(400), Step::Done(ask));
//!
//! // Cached: the same answer without a request.
//! engine.check(&ids, AskOptions::default(), 500);
//! assert!(matches!(engine.step(500), Step::Answer { state: State::Denied, .. }));
//! ```

use crate::api::check;
use crate::api::query::{Bypass, Question, Topic};
use crate::failure::{Code, Failure, RequestId};
use crate::id::{ModelId, UserId, VersionId};
use crate::time::{MINUTE, Millis, SECOND};
use crate::verdict::State;
use std::collections::{HashSet, VecDeque};

mod age;
mod asks;
mod config;
mod decision;
mod facts;
mod lanes;
mod owner_rule;
mod pause;
mod questions;
mod reasons;
mod requests;
mod shelf;
mod snapshot;
mod splitting;
mod step;
mod table;

use age::Copies;
use asks::{Asks, Item, Kind, Verdict};
pub use config::{AskOptions, Config};
use facts::{Facts, Sight};
use lanes::{Entry, LaneKey, Lanes};
use owner_rule::Company;
pub use pause::Pause;
use pause::Pauses;
use questions::{Answer, Failed, Place, Questions, Ticket, Waiter};
use reasons::{LookUp, Next, Reasons};
use requests::{Batch, Meaning, Requests};
use splitting::{Cause, Half, Splits};
pub use step::{AskId, Outcome, Step};

/// The client without its I/O. See the 30-line driver in `examples/native/src/bin/ureq.rs`.
///
/// # Examples
/// ```
/// use civitai_permissions::{AskOptions, Config, Engine, Outcome, State, Step, VersionId};
/// let mut engine = Engine::new(Config::default(), 1);
/// let ids: Vec<_> = [2514310, 2402203].into_iter().filter_map(VersionId::new).collect();
/// engine.check(&ids, AskOptions::default(), 0);
/// let mut granted = Vec::new();
/// loop {
///     match engine.step(0) {
///         Step::Send { request, url, .. } => {
///             assert_eq!(url, "https://civitai.com/api/v1/permissions/check?entityIds=2402203,2514310");
///             let body = br#"{"2514310":true,"2402203":false}"#;
///             engine.on_outcome(request, Outcome::Reply { status: 200, retry_after: None, as_of: None, body }, 0);
///         }
///         Step::Answer { id, state: State::Granted { .. }, .. } => granted.push(id.get()),
///         Step::Wait(_) => break,
///         _ => {}
///     }
/// }
/// assert_eq!(granted, [2514310]);
/// ```
#[derive(Debug)]
pub struct Engine {
    config: Config,
    asks: Asks,
    questions: Questions,
    lanes: Lanes,
    requests: Requests,
    splits: Splits,
    pause: Pause,
    pauses: Pauses,
    facts: Facts,
    chance: Chance,
    /// The last moment that was seen.
    now: Millis,
    out: VecDeque<Step>,
}

/// What a question was answered with.
type Told = Result<Answer, Failure>;

/// What goes in.
impl Engine {
    /// An engine that knows nothing. The seed feeds the jitter, so that every run can be replayed.
    #[must_use]
    pub fn new(config: Config, seed: u64) -> Self {
        Self {
            asks: Asks::default(),
            questions: Questions::default(),
            lanes: Lanes::default(),
            requests: Requests::new(config.retries),
            splits: Splits::default(),
            pause: Pause::default(),
            pauses: Pauses::default(),
            facts: Facts::default(),
            chance: Chance(seed | 1),
            now: 0,
            out: VecDeque::new(),
            config,
        }
    }

    /// Asks which of these versions the user may generate with, as far as gates go.
    pub fn check(&mut self, ids: &[VersionId], options: AskOptions, now: Millis) -> AskId {
        let ids = distinct(ids);
        let ask = self.open(Kind::Check, options, ids.len(), &[], now);
        for id in ids {
            self.start_check(ask, id, options, now);
        }
        ask
    }

    /// Asks the same, with reasons.
    pub fn explain(&mut self, ids: &[VersionId], options: AskOptions, now: Millis) -> AskId {
        let ids = distinct(ids);
        let ask = self.open(Kind::Explain, options, ids.len(), &ids, now);
        for id in ids {
            self.start_check(ask, id, options, now);
            self.look_up(ask, Question::VersionList(id), options, now);
        }
        ask
    }

    /// Asks which versions these models have.
    pub fn versions(&mut self, models: &[ModelId], options: AskOptions, now: Millis) -> AskId {
        let models = distinct(models);
        let ask = self.open(Kind::Versions, options, models.len(), &[], now);
        for model in models {
            self.want(Waiter::Ask(ask), Question::ModelList(model), options.fresh, now);
        }
        ask
    }

    /// Ends an ask without further answers; what nobody else waits for is aborted.
    pub fn cancel(&mut self, ask: AskId) {
        self.out.retain(|step| step.ask() != Some(ask));
        let Some(waits) = self.asks.close(ask) else { return };
        for ticket in waits {
            self.leave(ticket);
        }
        self.abort_unwanted();
    }

    /// Forgets what is cached of these versions, or everything. Who waits still gets an answer, but what was sent
    /// before is not cached, and nobody joins it.
    pub fn clear(&mut self, ids: Option<&[VersionId]>) {
        let ids: Option<HashSet<VersionId>> = ids.map(|ids| ids.iter().copied().collect());
        match &ids {
            None => self.facts = Facts::default(),
            Some(ids) => ids.iter().for_each(|id| self.facts.forget(*id)),
        }
        self.questions.clear(ids.as_ref());
    }

    /// Reports how a request ended. Requests that are not under way (repeated or aborted ones) are
    /// ignored.
    pub fn on_outcome(&mut self, request: RequestId, outcome: Outcome<'_>, now: Millis) {
        self.observe(now);
        if let Some(batch) = self.requests.landed(request) {
            self.landed(batch, outcome, now);
        }
    }

    /// What to do next. Call it until it says [`Step::Wait`], after every event and when a wait is over.
    pub fn step(&mut self, now: Millis) -> Step {
        self.observe(now);
        loop {
            if let Some(step) = self.out.pop_front() {
                return step;
            }
            self.explain_news(now);
            if self.out.is_empty() {
                self.plan(now);
            }
            if self.out.is_empty() && !self.asks.have_news() {
                return Step::Wait(self.next_event(now));
            }
        }
    }

    /// The pause of the host that is asked; copy it between engines that ask the same host.
    #[must_use]
    pub fn pause(&self) -> Pause {
        self.pause
    }

    /// Takes over what another engine learned of the host.
    pub fn set_pause(&mut self, pause: Pause) {
        self.pause = pause;
    }

    /// What is cached and still holds, as text for [`Engine::restore`]: verdicts, facts, failures and the pause.
    #[must_use]
    pub fn snapshot(&self, now: Millis) -> String {
        snapshot::write(self, now)
    }

    /// Takes back what [`Engine::snapshot`] wrote; `false`, with nothing changed, for the text of
    /// another version, of another base URL, or a damaged one. What is known already stays.
    pub fn restore(&mut self, snapshot: &str, now: Millis) -> bool {
        snapshot::read(self, snapshot, now).is_some()
    }
}

/// Who gets which answer.
impl Engine {
    fn open(
        &mut self,
        kind: Kind,
        options: AskOptions,
        count: usize,
        explained: &[VersionId],
        now: Millis,
    ) -> AskId {
        self.observe(now);
        let ask = self.asks.open(kind, options, self.pauses.before(now), count, explained);
        self.questions.reserve(count.min(MOST_QUESTIONS));
        if count == 0 && self.asks.close(ask).is_some() {
            self.out.push_back(Step::Done(ask));
        }
        ask
    }

    /// Every id is asked anonymously first: a grant to an anonymous user is a grant to all.
    fn start_check(&mut self, ask: AskId, id: VersionId, options: AskOptions, now: Millis) {
        let AskOptions { user, fresh, .. } = options;
        let (waiter, anonymous) = (Waiter::Ask(ask), Question::Check { user: None, id });
        if user.is_some() && !fresh && self.recall(anonymous, now).is_none_or(|answer| !answer.yes) {
            let own = Question::Check { user, id };
            if let Some(answer) = self.recall(own, now) {
                return self.tell(waiter, own, Ok(answer), now);
            }
        }
        self.want(waiter, anonymous, fresh, now);
    }

    /// Asks a look-up for an explanation, unless it failed a moment ago.
    fn look_up(&mut self, ask: AskId, question: Question, options: AskOptions, now: Millis) {
        let failure = if options.fresh { None } else { self.questions.failure(question, now) };
        match failure {
            Some(failure) if self.recall(question, now).is_none() => {
                self.tell(Waiter::Ask(ask), question, Err(failure), now);
            }
            _ => self.want(Waiter::Ask(ask), question, options.fresh, now),
        }
    }

    /// Answers a waiter from the cache, or lets it wait for the answer.
    fn want(&mut self, waiter: Waiter, question: Question, fresh: bool, now: Millis) {
        let known = if fresh { None } else { self.recall(question, now) };
        if let Some(answer) = known {
            return self.tell(waiter, question, Ok(answer), now);
        }
        if self.asks.are_too_many() || self.questions.working() >= MOST_QUESTIONS {
            return self.tell(waiter, question, Err(TOO_MANY), now);
        }
        let paused = match waiter {
            Waiter::Ask(ask) => self.asks.get(ask).map_or(0, |ask| ask.paused),
            Waiter::Denied(ticket) => self.questions.work(ticket).map_or(0, |work| work.paused),
        };
        let end = self.facts.gate_end(question);
        let joined = self.questions.under_way(question).filter(|ticket| {
            // A fresh ask joins no request that was sent before it, and nobody one from before the end of a gate.
            self.questions.work(*ticket).is_some_and(|work| match work.request {
                None => !fresh || work.copies == Copies::None,
                Some(_) => !fresh && !age::outlived(work.sent, end, now),
            })
        });
        let ticket = match joined {
            Some(ticket) => {
                if let Some(work) = self.questions.work_mut(ticket) {
                    work.join(waiter, paused);
                }
                ticket
            }
            None => {
                let copies = age::copies(fresh, end, now);
                let ticket = self.questions.begin(question, copies, waiter, paused);
                self.enqueue(ticket, Company::Mixed);
                ticket
            }
        };
        match waiter {
            Waiter::Ask(ask) => self.asks.note_wait(ask, ticket),
            Waiter::Denied(denied) => {
                if let Some(work) = self.questions.work_mut(denied) {
                    work.place = Place::AtOwners(Some(ticket));
                }
            }
        }
    }

    /// What is cached, if it is not too old to be true.
    fn recall(&self, question: Question, now: Millis) -> Option<Answer> {
        self.questions.answer(question).filter(|answer| self.holds(question, answer, now)).copied()
    }

    fn holds(&self, question: Question, answer: &Answer, now: Millis) -> bool {
        let lifetime = age::lifetime(answer.yes, self.facts.tell_terms(question), self.config.max_age);
        (!answer.yes || self.facts.hold(question))
            && age::holds(answer, lifetime, self.facts.gate_end(question), now)
    }

    /// Ends the work on a question: caches the answer and tells it to all who wait.
    fn settle(&mut self, ticket: Ticket, told: Told, now: Millis) {
        let Some(question) = self.questions.question(ticket) else { return };
        if self.config.max_age > 0 && !self.questions.is_forgotten(ticket) {
            match told {
                // Without a request it rests on what only those who wait know.
                Ok(answer) if answer.request != 0 => self.questions.remember(question, answer),
                Err(failure) if !matches!(question, Question::Check { .. }) => {
                    let until = now.saturating_add(age::rest(&failure));
                    self.questions.remember_failure(question, Failed { failure, at: now, until });
                }
                _ => {}
            }
        }
        let Some(work) = self.questions.end(ticket) else { return };
        for waiter in work.waiters() {
            self.tell(waiter, question, told, now);
        }
    }

    /// Hands an answer to one who waits for it.
    fn tell(&mut self, waiter: Waiter, question: Question, told: Told, now: Millis) {
        let ask = match waiter {
            Waiter::Denied(ticket) => return self.owner_told(ticket, told, now),
            Waiter::Ask(ask) => ask,
        };
        let Some(&asks::Ask { kind, options, .. }) = self.asks.get(ask) else { return };
        match question {
            Question::Check { user, id } => {
                let state = match told {
                    Err(failure) => State::Unknown(failure),
                    Ok(answer) if answer.yes => State::Granted { personal: user.is_some() },
                    Ok(_) if user == options.user => State::Denied,
                    Ok(_) => {
                        let own = Question::Check { user: options.user, id };
                        return self.want(waiter, own, options.fresh, now);
                    }
                };
                let as_of = told.ok().and_then(|answer| answer.as_of);
                if kind == Kind::Check {
                    self.answer(ask, Step::Answer { ask, id, state, as_of });
                } else if let Some(item) = self.asks.item(ask, id) {
                    item.verdict = Some(Verdict { state, as_of, came: now });
                    self.asks.note_news(ask, id);
                }
            }
            Question::ModelList(id) if !options.bulk && told.is_ok_and(|answer| !answer.yes) => {
                self.want(waiter, Question::Model(id), options.fresh, now);
            }
            Question::ModelList(id) | Question::Model(id) => {
                let failure = match told {
                    Ok(answer) => (!answer.yes).then_some(NOT_FOUND),
                    Err(failure) => Some(failure),
                };
                let model = Box::new(self.facts.summary(id, failure, now));
                self.answer(ask, Step::Models { ask, model });
            }
            Question::VersionList(id) | Question::Version(id) | Question::Mini(id) => {
                if let Some(item) = self.asks.item(ask, id) {
                    *item.reasons.of(question.topic()) = match told {
                        Ok(Answer { yes: true, sent, .. }) => LookUp::Found { sent },
                        Ok(_) => LookUp::Absent,
                        Err(failure) => LookUp::Failed(failure),
                    };
                    self.asks.note_news(ask, id);
                }
            }
        }
    }

    /// The last answer about one id.
    fn answer(&mut self, ask: AskId, step: Step) {
        self.out.push_back(step);
        if self.asks.answered(ask) {
            self.out.push_back(Step::Done(ask));
        }
    }

    /// Asks for what explanations still lack, and gives out those with something new.
    fn explain_news(&mut self, now: Millis) {
        while let Some((ask, id)) = self.asks.next_news() {
            self.explain_one(ask, id, now);
        }
    }

    fn explain_one(&mut self, ask: AskId, id: VersionId, now: Millis) {
        let Some(&asks::Ask { options, .. }) = self.asks.get(ask) else { return };
        let Some(&mut Item { verdict: Some(verdict), reasons, told, .. }) = self.asks.item(ask, id) else {
            return;
        };
        let mut reasons = reasons;
        if reasons.mini.found().is_some_and(|sent| self.is_outdated(id, sent, now)) {
            reasons.mini = LookUp::NotAsked;
        }
        let sight = self.sight(id, &reasons, options.fresh, now);
        let (known, gate_known) = (self.facts.know(id), self.facts.know_gate(id, sight, now));
        let next = reasons::next(verdict.state, &reasons, options.bulk, known, gate_known);
        if let Next::Ask(look_up) = next {
            if let Some(item) = self.asks.item(ask, id) {
                *item.reasons.of(look_up) = LookUp::Asked;
            }
            let question = if look_up == Topic::Mini { Question::Mini(id) } else { Question::Version(id) };
            self.look_up(ask, question, options, now);
            // The cache may have answered.
            if self.asks.item(ask, id).is_some_and(|item| item.has_news()) {
                return;
            }
        }
        let complete = next == Next::Complete;
        if complete && !matches!(verdict.state, State::Unknown(_)) && self.is_old(id, verdict.came, now) {
            // The look-ups took so long that the verdict is no longer news.
            if let Some(item) = self.asks.item(ask, id) {
                item.verdict = None;
            }
            return self.start_check(ask, id, options, now);
        }
        if told && !complete {
            return;
        }
        if let Some(item) = self.asks.item(ask, id) {
            item.told = true;
        }
        let mut explanation = Box::new(self.facts.explain(id, verdict.state, sight, now));
        explanation.complete = complete;
        explanation.incomplete = reasons.failure();
        explanation.exists = reasons.exists();
        explanation.as_of = verdict.as_of;
        let step = Step::Explain { ask, explanation };
        if complete { self.answer(ask, step) } else { self.out.push_back(step) }
    }

    /// Cached terms came before the list, which now says otherwise than it did then.
    fn is_outdated(&self, id: VersionId, sent: Millis, now: Millis) -> bool {
        !self.facts.hold(Question::Mini(id)) && !self.is_new(sent, now)
    }

    /// Whether a look-up is no older than any answer is.
    fn is_new(&self, sent: Millis, now: Millis) -> bool {
        now.saturating_sub(sent) <= self.config.max_age.max(self.config.patience)
    }

    /// Which look-ups an explanation may speak from.
    fn sight(&self, id: VersionId, reasons: &Reasons, fresh: bool, now: Millis) -> Sight {
        // Cached terms serve though nobody asked for them.
        let cached = if fresh { None } else { self.recall(Question::Mini(id), now) };
        let mini = reasons.mini.found().or(cached.filter(|answer| answer.yes).map(|answer| answer.sent));
        Sight {
            row: reasons.tell_row(),
            listed: reasons.list.found().is_some(),
            mini: mini.is_some(),
            mini_is_new: mini.is_some_and(|sent| self.is_new(sent, now)),
        }
    }

    /// Whether an answer that was asked for then has waited too long for others to be given now.
    fn is_old(&self, id: VersionId, sent: Millis, now: Millis) -> bool {
        let longest = self.config.patience.max(self.config.max_age / 5);
        age::is_old(sent, longest, self.facts.gate_end(Question::Version(id)), now)
    }
}

/// What a denial on behalf of a user means: see [`owner_rule`].
impl Engine {
    /// Hands out the answers to a request; returns the questions without one.
    fn answered(
        &mut self,
        batch: &Batch,
        answers: &[Option<bool>],
        as_of: Option<Millis>,
        now: Millis,
    ) -> Vec<Ticket> {
        let user = match batch.lane.topic {
            Topic::Check { user } if batch.tickets.len() > 1 => user,
            _ => None,
        };
        let (mut missing, mut denied) = (Vec::new(), Vec::new());
        for (ticket, answer) in batch.tickets.iter().zip(answers) {
            let Some(sent) = self.questions.work(*ticket).map(|work| work.sent) else { continue };
            match (answer, user) {
                (None, _) => missing.push(*ticket),
                (Some(false), Some(_)) => denied.push(*ticket),
                (Some(yes), _) => {
                    self.settle(*ticket, Ok(Answer { yes: *yes, sent, as_of, request: batch.request }), now);
                }
            }
        }
        if let Some(user) = user {
            denied.retain(|ticket| self.keep_wanted(*ticket));
            let several = denied.len() > 1;
            for ticket in denied {
                self.denied_in_batch(ticket, several, user, as_of, now);
            }
        }
        missing
    }

    fn denied_in_batch(
        &mut self,
        ticket: Ticket,
        several: bool,
        user: UserId,
        as_of: Option<Millis>,
        now: Millis,
    ) {
        let owner = self.question_version(ticket).and_then(|id| self.facts.owner_of(id));
        let not_owned = self.questions.work(ticket).is_some_and(|work| {
            let knows = |waiter| match waiter {
                Waiter::Ask(ask) => self.asks.get(ask).is_none_or(|ask| ask.options.not_owned),
                Waiter::Denied(_) => false,
            };
            work.waiters().all(knows)
        });
        let Some(work) = self.questions.work_mut(ticket) else { return };
        work.as_of = as_of;
        let next = owner_rule::after_denial(work.company, several, owner, user, not_owned);
        self.follow(ticket, next, now);
    }

    /// The list of owners has answered for a denied question.
    fn owner_told(&mut self, ticket: Ticket, told: Told, now: Millis) {
        let Some(work) = self.questions.work(ticket) else { return };
        let Some(Question::Check { user: Some(user), id }) = self.questions.question(ticket) else { return };
        if !matches!(work.place, Place::AtOwners(_)) {
            return;
        }
        // A later step that fails leaves the id unknown, never denied.
        if let Err(failure) = told {
            return self.settle(ticket, Err(failure), now);
        }
        let old = self.is_old(id, work.sent, now);
        self.follow(ticket, owner_rule::after_owner(self.facts.owner_of(id), user, old), now);
    }

    fn follow(&mut self, ticket: Ticket, next: owner_rule::Next, now: Millis) {
        let Some(work) = self.questions.work_mut(ticket) else { return };
        let request = work.request.unwrap_or_default();
        let denial = Answer { yes: false, sent: work.sent, as_of: work.as_of, request };
        match next {
            owner_rule::Next::Denied => self.settle(ticket, Ok(denial), now),
            owner_rule::Next::DeniedForThem => self.settle(ticket, Ok(Answer { request: 0, ..denial }), now),
            owner_rule::Next::Ask(company) => self.enqueue(ticket, company),
            owner_rule::Next::LookUpOwner => {
                work.place = Place::AtOwners(None);
                if let Some(id) = self.question_version(ticket) {
                    self.want(Waiter::Denied(ticket), Question::VersionList(id), false, now);
                }
            }
        }
    }

    fn question_version(&self, ticket: Ticket) -> Option<VersionId> {
        self.questions.question(ticket)?.version()
    }
}

/// What is sent, and what comes of it.
impl Engine {
    /// Notes the time. A clock that was set back takes everything with it that waits for a moment.
    fn observe(&mut self, now: Millis) {
        self.pause.observe(now);
        let back = self.now.saturating_sub(now);
        if back > 0 {
            self.requests.clock_went_back(back);
            self.pauses.clock_went_back(back);
        }
        self.now = now;
    }

    /// Puts a question into the lane of those that it may be asked with.
    fn enqueue(&mut self, ticket: Ticket, company: Company) {
        let Some(question) = self.questions.question(ticket) else { return };
        let Some(work) = self.questions.work_mut(ticket) else { return };
        work.place = Place::Queued;
        work.company = company;
        let key = LaneKey { topic: question.topic(), company, copies: work.copies };
        self.lanes.push(key, Entry { number: question.number(), ticket });
    }

    /// Sends what may be sent.
    fn plan(&mut self, now: Millis) {
        let left = self.pause.left(now);
        if self.pauses.count(left, now) || left > self.config.patience {
            self.give_up(now);
        }
        // One at a time: what a driver reports in between may begin a pause.
        if left == 0 && self.requests.have_room(self.config.concurrency) {
            if let Some(batch) = self.requests.take_due(now).or_else(|| self.next_batch()) {
                self.send(batch, now);
            }
        }
    }

    /// When there will be something to send.
    fn next_event(&self, now: Millis) -> Option<Millis> {
        if !self.requests.have_room(self.config.concurrency) {
            return None;
        }
        let is_queued = self.lanes.entries().any(|entry| is_queued(&self.questions, entry));
        let queued = is_queued.then_some(0);
        let wait = self.requests.next_due(now).into_iter().chain(queued).min()?;
        Some(now.saturating_add(wait.max(self.pause.left(now))))
    }

    /// The questions of the lane whose turn it is, as many as fit into a request.
    fn next_batch(&mut self) -> Option<Batch> {
        while let Some((key, mut lane)) = self.lanes.take_next() {
            let capacity = match key.company {
                Company::Alone => 1,
                Company::Mixed | Company::Own => key.topic.capacity(&self.config.base, self.config.max_batch),
            };
            let mut drawn = Vec::new();
            while drawn.len() < capacity {
                let Some(entry) = lane.draw() else { break };
                // Those that were dropped since are left out.
                if is_queued(&self.questions, &entry) {
                    drawn.push(entry);
                }
            }
            drawn.sort_unstable_by_key(|entry| entry.number);
            let (mut tickets, mut last) = (Vec::with_capacity(drawn.len()), 0);
            for entry in drawn {
                // A question from before a `clear` may stand beside its successor: one request each.
                if entry.number == last {
                    lane.push(entry);
                } else {
                    tickets.push(entry.ticket);
                    last = entry.number;
                }
            }
            self.lanes.put_back(key, lane);
            if !tickets.is_empty() {
                return Some(Batch::new(key, tickets));
            }
        }
        None
    }

    fn send(&mut self, mut batch: Batch, now: Millis) {
        batch.request = self.requests.number();
        let topic = batch.lane.topic;
        let (mut ids, mut copies) = (Vec::with_capacity(batch.tickets.len()), batch.lane.copies);
        for ticket in &batch.tickets {
            let Some(question) = self.questions.question(*ticket) else { continue };
            ids.push(question.number());
            if let Some(work) = self.questions.work_mut(*ticket) {
                work.place = Place::InBatch;
                work.request = Some(batch.request);
                work.sent = now;
            }
            // A gate may have opened since they were queued.
            let end = self.facts.gate_end(question);
            if copies == Copies::Any && age::copies(false, end, now) == Copies::AfterEnd {
                copies = Copies::AfterEnd;
            }
        }
        let bypass = match (copies, batch.tries, topic) {
            // Two engines may have one seed, but not at one time.
            (Copies::None, ..) => Bypass::Unique(self.chance.next() ^ now),
            (_, 1.., _) => Bypass::Retry(now / (30 * SECOND), batch.tries),
            (Copies::AfterEnd, ..) | (.., Topic::Check { user: Some(_) }) => Bypass::Span(now / MINUTE),
            _ => Bypass::Never,
        };
        let url = topic.url(&self.config.base, &ids, bypass);
        let personal = matches!(topic, Topic::Check { user: Some(_) });
        self.out.push_back(Step::Send { request: RequestId(batch.request), url, personal });
        self.requests.sent(batch);
    }

    /// A request has ended.
    fn landed(&mut self, batch: Batch, outcome: Outcome<'_>, now: Millis) {
        let meaning =
            requests::meaning(&outcome, batch.lane.topic, batch.tickets.len(), batch.split.is_some());
        let (status, retry_after, as_of, body) = match outcome {
            Outcome::Reply { status, retry_after, as_of, body } => (Some(status), retry_after, as_of, body),
            _ => (None, None, None, &[][..]),
        };
        let failure = |code| batch.failure(code, status, retry_after);
        match meaning {
            Meaning::Silent => {
                let failure = failure(Code::Network);
                self.pause.silent(now, self.chance.next());
                return self.try_again(batch, failure, now);
            }
            Meaning::Limited => {
                let failure = failure(Code::RateLimited);
                self.pause.limited(status.unwrap_or_default(), retry_after, now, self.chance.next());
                return self.try_again(batch, failure, now);
            }
            _ if status.is_some() => self.pause.heard(),
            _ => {}
        }
        match meaning {
            Meaning::Answers => match self.read(&batch, body) {
                Some(answers) => self.took(batch, &answers, as_of, status, now),
                None => {
                    let failure = failure(Code::InvalidResponse);
                    self.try_again(batch, failure, now);
                }
            },
            Meaning::Absent => self.took(batch, &[Some(false)], as_of, status, now),
            Meaning::EndsAll(code) => {
                let failure = failure(code);
                self.end_all(failure, now);
            }
            Meaning::Split(cause) => {
                // Of a body beyond the limit the status is not known.
                let code = if status.is_some() { Code::Http } else { Code::InvalidResponse };
                let failure = failure(code);
                self.rejected(batch, cause, failure, now);
            }
            Meaning::Transient(code) => {
                let failure = failure(code);
                self.try_again(batch, failure, now);
            }
            Meaning::Final | Meaning::Silent | Meaning::Limited => {
                let failure = failure(Code::Http);
                self.fail(batch, failure, now);
            }
        }
    }

    fn read(&mut self, batch: &Batch, body: &[u8]) -> Option<Vec<Option<bool>>> {
        let questions = batch.tickets.iter().filter_map(|ticket| self.questions.question(*ticket));
        let ids: Vec<u32> = questions.map(Question::number).collect();
        if matches!(batch.lane.topic, Topic::Check { .. }) {
            return check::read(&ids, body);
        }
        let present = self.facts.learn(batch.lane.topic, &ids, body)?;
        Some(present.into_iter().map(Some).collect())
    }

    fn took(
        &mut self,
        mut batch: Batch,
        answers: &[Option<bool>],
        as_of: Option<Millis>,
        status: Option<u16>,
        now: Millis,
    ) {
        self.requests.earn();
        self.take_lists(&batch, answers, as_of);
        let forgotten = batch.tickets.iter().filter(|ticket| self.questions.is_forgotten(**ticket));
        let forgotten: Vec<Question> =
            forgotten.filter_map(|ticket| self.questions.question(*ticket)).collect();
        let missing = self.answered(&batch, answers, as_of, now);
        for question in forgotten {
            self.facts.forget_told(question);
        }
        self.half_ended(batch.split.take(), Half::Answered, now);
        if !missing.is_empty() {
            batch.tickets = missing;
            let failure = batch.failure(Code::InvalidResponse, status, None);
            self.try_again(batch, failure, now);
        }
    }

    /// A list of models says of their versions what a list by versions does.
    fn take_lists(&mut self, batch: &Batch, answers: &[Option<bool>], as_of: Option<Millis>) {
        for (ticket, answer) in batch.tickets.iter().zip(answers) {
            let Some(sent) = self.questions.work(*ticket).map(|work| work.sent) else { continue };
            match self.questions.question(*ticket) {
                Some(Question::VersionList(id)) if *answer == Some(false) => self.facts.left_the_list(id),
                Some(Question::ModelList(id))
                    if *answer == Some(true)
                        && self.config.max_age > 0
                        && !self.questions.is_forgotten(*ticket) =>
                {
                    let answer = Answer { yes: true, sent, as_of, request: batch.request };
                    for version in self.facts.versions_of(id) {
                        self.questions.remember(Question::VersionList(version), answer);
                    }
                }
                _ => {}
            }
        }
    }

    /// Retries, if there are retries left.
    fn try_again(&mut self, mut batch: Batch, failure: Failure, now: Millis) {
        batch.tickets.retain(|ticket| self.keep_wanted(*ticket));
        if batch.tickets.is_empty() {
            return self.half_ended(batch.split, Half::Unwanted, now);
        }
        if !self.requests.may_retry(&batch, self.config.retries) {
            return self.fail(batch, failure, now);
        }
        let is_list = matches!(batch.lane.topic, Topic::VersionList | Topic::ModelList);
        if failure.code == Code::Timeout && is_list && batch.tries > 0 && batch.tickets.len() > 1 {
            // Late again: a shorter list may be in time.
            return self.rejected(batch, Cause::TooLarge, failure, now);
        }
        // Where the server said how long, the host's pause keeps the time.
        let at_once = failure.code == Code::RateLimited;
        self.requests.retry(batch, failure, at_once, now, self.chance.next());
    }

    /// A batch was rejected. 400 and 500 stick in the CDN cache (contract §1.7): once more past it, then in halves.
    fn rejected(&mut self, mut batch: Batch, cause: Cause, failure: Failure, now: Millis) {
        if cause == Cause::TooLarge {
            self.half_ended(batch.split.take(), Half::Unwanted, now);
            return self.halve(batch, cause, failure);
        }
        if let Some(split) = batch.split.take() {
            return self.half_ended(Some(split), Half::Rejected(batch, failure), now);
        }
        if !batch.suspect && self.requests.may_retry(&batch, self.config.retries) {
            batch.suspect = true;
            return self.try_again(batch, failure, now);
        }
        self.halve(batch, cause, failure);
    }

    fn halve(&mut self, mut batch: Batch, cause: Cause, failure: Failure) {
        batch.tickets.retain(|ticket| self.keep_wanted(*ticket));
        if batch.tickets.len() < 2 {
            // Those that it shared the batch with have left.
            batch.last = Some(failure);
            if !batch.tickets.is_empty() {
                self.requests.wait(batch);
            }
            return;
        }
        let lower = batch.tickets.drain(..batch.tickets.len() / 2).collect();
        let upper = std::mem::take(&mut batch.tickets);
        let tries = if failure.code == Code::Timeout { batch.tries + 1 } else { 1 };
        let split = self.splits.open(cause);
        for tickets in [lower, upper] {
            self.requests.wait(batch.half(tickets, split, tries, failure));
        }
    }

    fn half_ended(&mut self, split: Option<u32>, half: Half, now: Millis) {
        let Some(ended) = split.and_then(|split| self.splits.half_ended(split, half)) else { return };
        for (mut batch, failure) in ended.rejected {
            batch.tickets.retain(|ticket| self.keep_wanted(*ticket));
            if ended.go_on && batch.tickets.len() > 1 {
                self.halve(batch, Cause::Rejected, failure);
            } else {
                self.fail(batch, failure, now);
            }
        }
    }

    fn fail(&mut self, batch: Batch, failure: Failure, now: Millis) {
        for ticket in batch.tickets {
            self.settle(ticket, Err(failure), now);
        }
        self.half_ended(batch.split, Half::Lost, now);
    }

    /// The pause outlasts some callers' patience: of what is not under way, theirs fails now.
    fn give_up(&mut self, now: Millis) {
        let failure = self.pause.failure(now);
        for batch in self.requests.take_waiting() {
            if batch.tickets.iter().any(|ticket| self.has_patience(*ticket)) {
                self.requests.wait(batch);
            } else {
                let request = batch.last.and_then(|last| last.request);
                self.fail(batch, Failure { request, ..failure }, now);
            }
        }
        for (key, mut lane) in self.lanes.take_all() {
            let waiting = lane.entries().filter(|entry| is_queued(&self.questions, entry));
            let gone: Vec<Ticket> =
                waiting.map(|entry| entry.ticket).filter(|ticket| !self.has_patience(*ticket)).collect();
            for ticket in gone {
                self.settle(ticket, Err(failure), now);
            }
            lane.retain(|entry| is_queued(&self.questions, entry));
            self.lanes.put_back(key, lane);
        }
    }

    /// Whether a caller still waits for the end of the pause.
    fn has_patience(&self, ticket: Ticket) -> bool {
        let work = self.questions.work(ticket);
        work.is_some_and(|work| self.pauses.are_bearable(work.paused, self.config.patience))
    }

    /// 401 and 451 hold for everything that could be asked.
    fn end_all(&mut self, failure: Failure, now: Millis) {
        let (under_way, _) = self.requests.take_unwanted(|_| false);
        self.out.extend(under_way.iter().map(|batch| Step::Abort(RequestId(batch.request))));
        self.lanes.take_all();
        self.splits.clear();
        for ticket in self.questions.tickets() {
            self.settle(ticket, Err(failure), now);
        }
    }

    /// One who waited has left. What nobody waits for is not asked; what is part of a request stays until nobody waits
    /// for the request.
    fn leave(&mut self, ticket: Ticket) {
        let Some(work) = self.questions.work_mut(ticket) else { return };
        work.leave(|waiter| match waiter {
            Waiter::Ask(ask) => !self.asks.is_open(*ask),
            Waiter::Denied(_) => false,
        });
        let place = work.place;
        if self.questions.is_wanted(ticket) || place == Place::InBatch {
            return;
        }
        self.questions.end(ticket);
        if let Place::AtOwners(Some(owners)) = place {
            self.leave(owners);
        }
    }

    /// Takes requests back that nobody waits for any more.
    fn abort_unwanted(&mut self) {
        let questions = &self.questions;
        let is_wanted = |batch: &Batch| batch.tickets.iter().any(|ticket| questions.is_wanted(*ticket));
        let (under_way, waiting) = self.requests.take_unwanted(is_wanted);
        self.out.extend(under_way.iter().map(|batch| Step::Abort(RequestId(batch.request))));
        for batch in under_way.into_iter().chain(waiting) {
            for ticket in batch.tickets {
                self.questions.end(ticket);
            }
            self.half_ended(batch.split, Half::Unwanted, self.now);
        }
    }

    /// Whether somebody waits for a question; one that nobody waits for is dropped.
    fn keep_wanted(&mut self, ticket: Ticket) -> bool {
        let wanted = self.questions.is_wanted(ticket);
        if !wanted {
            self.questions.end(ticket);
        }
        wanted
    }
}

/// Whether a question still waits in a lane.
fn is_queued(questions: &Questions, entry: &Entry) -> bool {
    questions.work(entry.ticket).is_some_and(|work| work.place == Place::Queued)
}

/// These ids, each once, in ascending order.
fn distinct<T: Copy + Ord>(ids: &[T]) -> Vec<T> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    ids
}

const NOT_FOUND: Failure = Failure { code: Code::Http, status: Some(404), retry_after: None, request: None };

/// Questions that may be asked at once; each takes some 300 bytes.
const MOST_QUESTIONS: usize = 1_000_000;

/// More is asked than memory has room for.
const TOO_MANY: Failure =
    Failure { code: Code::InvalidArgument, status: None, retry_after: None, request: None };

/// xorshift64 (Marsaglia 2003): for jitter and for addresses that nobody shares.
#[derive(Debug)]
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_is_the_generator_that_its_author_published() {
        let mut chance = Chance(1);
        assert_eq!([chance.next(), chance.next()], [1_082_269_761, 1_152_992_998_833_853_505]);
    }

    #[test]
    fn asks_and_requests_are_counted() {
        let mut engine = Engine::new(Config::default(), 0);
        let ids: Vec<VersionId> = VersionId::new(1).into_iter().collect();
        let fresh = AskOptions::default().fresh(true);
        assert_eq!([0; 3].map(|now| engine.check(&ids, fresh, now).get()), [0, 1, 2]);
        let mut numbers = Vec::new();
        for _ in 0..2 {
            while let Step::Send { request, .. } = engine.step(0) {
                numbers.push(request.get());
            }
            engine.check(&ids, fresh, 0);
        }
        assert_eq!(numbers, [1, 2]);
    }

    #[test]
    fn what_is_neither_known_nor_asked_takes_no_room() {
        let mut engine = Engine::new(Config { max_age: 0, ..Config::default() }, 0);
        for id in 1..=50 {
            let ids: Vec<VersionId> = VersionId::new(id).into_iter().collect();
            engine.check(&ids, AskOptions::default(), 0);
            while let Step::Send { request, .. } = engine.step(0) {
                let body = format!(r#"{{"{id}":true}}"#);
                let reply =
                    Outcome::Reply { status: 200, retry_after: None, as_of: None, body: body.as_bytes() };
                engine.on_outcome(request, reply, 0);
            }
            while engine.step(0) != Step::Wait(None) {}
        }
        assert_eq!(engine.questions.cached().count(), 0);
        assert!(engine.questions.tickets().is_empty());
    }
}
