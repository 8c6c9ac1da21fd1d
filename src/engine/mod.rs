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
//!   └─ news ◀──── settled: cached, and reported to all ───────────────────┘
//! ```
//!
//! Each part owns its state in a file of its own: `asks` who wants what, `questions` what is cached and joined, `lanes`
//! what is asked together, `requests` what is under way, `splitting` which id is to blame, `pause` when a host may be
//! asked, `facts` what replies have said. The decisions are pure functions: `age`, `owner_rule`, `reasons`, `decision`.
//! What needs two of them is here (what goes in), in `answering` (who gets which answer) and in `sending` (what is
//! sent, and what comes of it).
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
//! // Denied: explained at once, while its terms are asked for.
//! engine.on_outcome(check, reply(br#"{"2402203":false}"#), 200);
//! let Step::Explain { explanation, .. } = engine.step(200) else { panic!() };
//! assert_eq!((explanation.generation, explanation.complete), (Generation::Gated, false));
//! let Step::Send { request: mini, .. } = engine.step(200) else { panic!() };
//!
//! // Its list, then its terms: explained once more, and the ask has ended.
//! engine.on_outcome(list, reply(br#"{"items":[{"id":827184,"modelVersions":[{"id":2402203,"paidAccess":{"permanent":true}}]}]}"#), 300);
//! assert_eq!(engine.step(300), Step::Wait(None));
//! engine.on_outcome(mini, reply(br#"{"canGenerate":true,"checkPermission":true,"freeTrialLimit":10}"#), 400);
//! let Step::Explain { explanation, .. } = engine.step(400) else { panic!() };
//! assert_eq!((explanation.generation, explanation.complete), (Generation::Trial, true));
//! assert_eq!(engine.step(400), Step::Done(ask));
//!
//! // Cached: the same answer without a request.
//! engine.check(&ids, AskOptions::default(), 500);
//! assert!(matches!(engine.step(500), Step::Answer { state: State::Denied, .. }));
//! ```

use crate::api::query::Question;
use crate::failure::RequestId;
use crate::id::{ModelId, VersionId};
use crate::time::Millis;
use std::collections::VecDeque;
use std::rc::Rc;

mod age;
mod answering;
mod asks;
mod config;
mod decision;
mod facts;
mod lanes;
mod order;
mod owner_rule;
mod pause;
mod questions;
mod reasons;
mod requests;
mod sending;
mod shelf;
mod snapshot;
mod splitting;
mod step;

use asks::{Asks, Kind};
pub use config::{AskOptions, Config};
use facts::Facts;
use lanes::Lanes;
pub(crate) use order::distinct;
pub use pause::Pause;
use pause::Pauses;
use questions::{Questions, Waiter};
use reasons::Reasons;
use requests::Requests;
use splitting::Splits;
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
        let ids = distinct(ids, VersionId::get);
        let ask = self.open(Kind::Check, options, ids.len(), &[], now);
        self.forget_failures(&ids, options);
        for id in ids {
            self.start_check(ask, id, options, now);
        }
        ask
    }

    /// Asks the same, with reasons.
    pub fn explain(&mut self, ids: &[VersionId], options: AskOptions, now: Millis) -> AskId {
        self.explain_on_page(ids, b"", options, now)
    }

    /// Asks the same of versions that a page of Civitai's describes. `page` is what it tells, in the form of a list of
    /// models whose versions have the fields of `mini/{id}` too. It takes the place of both look-ups, for this ask
    /// only: a page may be wrong, and nothing of it is cached.
    pub fn explain_on_page(
        &mut self,
        ids: &[VersionId],
        page: &[u8],
        options: AskOptions,
        now: Millis,
    ) -> AskId {
        let ids = distinct(ids, VersionId::get);
        let ask = self.open(Kind::Explain, options, ids.len(), &ids, now);
        self.forget_failures(&ids, options);
        let page = Rc::new(Facts::of_page(page));
        self.asks.put_page(ask, page.clone());
        for id in ids {
            self.start_check(ask, id, options, now);
            match self.asks.item(ask, id) {
                Some(item) if page.know(id) => item.reasons = Reasons::given(now),
                _ => self.look_up(ask, Question::VersionList(id), options, now),
            }
        }
        ask
    }

    /// A caller who wants fresh answers must not get from the cache that an older look-up failed or found nothing:
    /// a check and a bulk explanation do not repeat the look-ups for single versions.
    fn forget_failures(&mut self, ids: &[VersionId], options: AskOptions) {
        for id in ids.iter().filter(|_| options.fresh) {
            self.questions.forget_failure(Question::Mini(*id));
            self.questions.forget_failure(Question::Version(*id));
        }
    }

    /// Asks which versions these models have.
    pub fn versions(&mut self, models: &[ModelId], options: AskOptions, now: Millis) -> AskId {
        let models = distinct(models, ModelId::get);
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
        let ids = ids.map(|ids| distinct(ids, VersionId::get));
        match &ids {
            None => self.facts = Facts::default(),
            Some(ids) => ids.iter().for_each(|id| self.facts.forget(*id)),
        }
        self.questions.clear(ids.as_deref());
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
    use crate::failure::Code;
    use crate::id::UserId;
    use crate::verdict::State;

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

    /// 200 calls of 100,000 ids, while the server was unanswered, took 3 GB.
    #[test]
    fn more_ids_than_memory_has_room_for_are_refused() {
        let mut engine = Engine::new(Config::default(), 0);
        let ids: Vec<VersionId> = (1..=3).filter_map(VersionId::new).collect();
        let options = AskOptions::default();
        let many = engine.asks.open(Kind::Check, options, 0, asks::MOST_WAITING, &[]);
        engine.explain(&ids, options, 0);
        let mut refused = 0;
        while let Step::Explain { explanation, .. } = engine.step(0) {
            let State::Unknown(failure) = explanation.state else { panic!("{explanation:?}") };
            assert_eq!((failure.code, explanation.complete), (Code::InvalidArgument, true));
            assert!(failure.reason().contains("at most 4,000,000 ids, 1,000,000 of them different; wait"));
            refused += 1;
        }
        assert_eq!(refused, 3);
        engine.cancel(many);
        engine.check(&ids, options, 0);
        while engine.step(0) == Step::Done(AskId(1)) {}
        assert!(matches!(engine.step(0), Step::Wait(None)));
        assert_eq!(engine.questions.working(), 3);
    }

    /// Without an ask the cache gives the same verdicts as with one, or none if one is not known.
    #[test]
    fn known_verdicts_are_those_that_an_ask_gets() {
        let mut engine = Engine::new(Config::default(), 0);
        let ids = |numbers: &[u32]| -> Vec<VersionId> {
            numbers.iter().filter_map(|number| VersionId::new(*number)).collect()
        };
        let (anybody, buyer) = (AskOptions::default(), AskOptions::default().user(UserId::new(5)));
        let asked = |engine: &mut Engine, options: AskOptions| {
            engine.check(&ids(&[1, 2]), options, 0);
            let mut verdicts = Vec::new();
            loop {
                match engine.step(0) {
                    Step::Send { request, url, .. } => {
                        let body: &[u8] = match (url.contains("models"), url.contains("userId")) {
                            (true, _) => {
                                br#"{"items":[{"id":7,"user":{"id":8},"modelVersions":[{"id":2}]}]}"#
                            }
                            (_, true) => br#"{"1":true,"2":true}"#,
                            _ => br#"{"1":true,"2":false}"#,
                        };
                        let reply = Outcome::Reply { status: 200, retry_after: None, as_of: None, body };
                        engine.on_outcome(request, reply, 0);
                    }
                    Step::Answer { id, state, .. } => verdicts.push((id, state)),
                    Step::Wait(_) => return verdicts,
                    _ => {}
                }
            }
        };
        assert_eq!(engine.known(&ids(&[1]), anybody, 0), None);
        for options in [anybody, buyer] {
            let verdicts = asked(&mut engine, options);
            assert_eq!(verdicts.len(), 2);
            assert_eq!(engine.known(&ids(&[1, 2]), options, 0), Some(verdicts));
        }
        let personal = State::Granted { personal: true };
        let known = engine.known(&ids(&[2, 2]), buyer, 0).unwrap_or_default();
        assert_eq!(known.iter().map(|(_, state)| *state).collect::<Vec<_>>(), [personal; 2]);
        assert_eq!(engine.known(&ids(&[1, 3]), anybody, 0), None);
        assert_eq!(engine.known(&ids(&[1]), anybody.fresh(true), 0), None);
        assert_eq!(
            engine.known(&ids(&[1]), AskOptions::default().user(UserId::new(6)), 0).map(|all| all.len()),
            Some(1)
        );
        assert_eq!(engine.known(&ids(&[2]), AskOptions::default().user(UserId::new(6)), 0), None);
        assert_eq!(engine.known(&ids(&[1]), anybody, 300_000), None, "too old");
        assert_eq!(engine.known(&[], anybody, 0), Some(Vec::new()));
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
