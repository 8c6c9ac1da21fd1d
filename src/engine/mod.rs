//! The client as a state machine: asks and outcomes in, steps out. No clock, no randomness, no I/O.
//!
//! Read in this order: this file says what goes in and out; `ask` what a caller gets; `rules` what an
//! answer means; `cell` what is remembered and joined; `lane` who waits to be asked together;
//! `batch` what is sent; `gate` when nothing is; `queue` keeps the steps until they are taken.

use crate::api::base_url::BaseUrl;
use crate::failure::RequestId;
use crate::id::{UserId, VersionId};
use crate::index::Index;
use crate::time::{Millis, SECOND};
use crate::verdict::{Explanation, ModelVersions, State};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

mod ask;
mod batch;
mod cell;
mod decision;
mod facts;
mod lane;
mod pause;
mod queue;
mod reasons;
mod rules;
mod snapshot;

use ask::Opened;
use batch::{Batch, Split};
use cell::Cell;
pub(crate) use facts::Catalog;
use lane::Lane;
pub use pause::Pause;
use queue::Queue;

/// How an engine behaves.
///
/// # Examples
/// ```
/// use civitai_permissions::Config;
/// let config = Config::default().max_batch(50).retries(1);
/// assert_eq!((config.max_batch, config.concurrency), (50, 4));
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Config {
    /// Where the API is. Default `https://civitai.com`.
    pub base: BaseUrl,
    /// Ids in one request. Default 200.
    pub max_batch: u16,
    /// Requests under way at once. Default 4.
    pub concurrency: u8,
    /// How long a grant is reused, in milliseconds; a denial a fifth of it. Default 300,000, the CDN's own
    /// `s-maxage` (contract §1.7); 0 caches nothing.
    pub max_age: Millis,
    /// Retries of a request after a transient failure. Default 3. Splitting a rejected batch is no retry.
    pub retries: u8,
    /// How long a call waits while the host's pause lasts, all its pauses together, in milliseconds; what
    /// would wait longer fails at once. Default 15,000.
    pub patience: Millis,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            base: BaseUrl::default(),
            max_batch: 200,
            concurrency: 4,
            max_age: 300 * SECOND,
            retries: 3,
            patience: 15 * SECOND,
        }
    }
}

impl Config {
    /// Sets [`base`](Self::base).
    #[must_use]
    pub fn base(self, base: BaseUrl) -> Self {
        Self { base, ..self }
    }

    /// Sets [`max_batch`](Self::max_batch).
    #[must_use]
    pub fn max_batch(self, max_batch: u16) -> Self {
        Self { max_batch, ..self }
    }

    /// Sets [`concurrency`](Self::concurrency).
    #[must_use]
    pub fn concurrency(self, concurrency: u8) -> Self {
        Self { concurrency, ..self }
    }

    /// Sets [`max_age`](Self::max_age).
    #[must_use]
    pub fn max_age(self, max_age: Millis) -> Self {
        Self { max_age, ..self }
    }

    /// Sets [`retries`](Self::retries).
    #[must_use]
    pub fn retries(self, retries: u8) -> Self {
        Self { retries, ..self }
    }

    /// Sets [`patience`](Self::patience).
    #[must_use]
    pub fn patience(self, patience: Millis) -> Self {
        Self { patience, ..self }
    }
}

/// How one caller asks. The default: anonymously, from the cache where possible, with all look-ups.
///
/// # Examples
/// ```
/// use civitai_permissions::{AskOptions, UserId};
/// let options = AskOptions::default().user(UserId::new(12345)).fresh(true);
/// assert!(options.fresh && !options.bulk);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AskOptions {
    /// On whose behalf; `None`: anonymously.
    pub user: Option<UserId>,
    /// Bypass our cache and the CDN's.
    pub fresh: bool,
    /// The caller knows that none of these versions is the user's own: no look-up of owners. A denial that
    /// rests on that is not cached.
    pub not_owned: bool,
    /// Lists only: no request for each denied version or missing model.
    pub bulk: bool,
}

impl AskOptions {
    /// Sets [`user`](Self::user).
    #[must_use]
    pub const fn user(self, user: Option<UserId>) -> Self {
        Self { user, ..self }
    }

    /// Sets [`fresh`](Self::fresh).
    #[must_use]
    pub const fn fresh(self, fresh: bool) -> Self {
        Self { fresh, ..self }
    }

    /// Sets [`not_owned`](Self::not_owned).
    #[must_use]
    pub const fn not_owned(self, not_owned: bool) -> Self {
        Self { not_owned, ..self }
    }

    /// Sets [`bulk`](Self::bulk).
    #[must_use]
    pub const fn bulk(self, bulk: bool) -> Self {
        Self { bulk, ..self }
    }
}

/// One caller's question.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AskId(pub(crate) u32);

impl AskId {
    /// The ask's number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// How a request ended.
#[derive(Debug, Clone, Copy)]
pub enum Outcome<'a> {
    /// The server answered.
    Reply {
        /// The status.
        status: u16,
        /// What `Retry-After` says, see [`reply_times`](crate::reply_times).
        retry_after: Option<Millis>,
        /// When the origin wrote it, see [`reply_times`](crate::reply_times).
        as_of: Option<Millis>,
        /// The whole body.
        body: &'a [u8],
    },
    /// No answer came, or none that may be read.
    NoReply,
    /// No answer came in time.
    TimedOut,
    /// The body is longer than any answer can be.
    TooLarge,
}

/// What a driver has to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Send a GET without credentials and without headers of our own; report with [`Engine::on_outcome`].
    Send {
        /// Under this number.
        request: RequestId,
        /// To this address.
        url: String,
        /// It carries a user's id: follow no redirect, which could lead to another host.
        personal: bool,
    },
    /// Nobody waits for it any more; no outcome is due.
    Abort(RequestId),
    /// An answer to [`Engine::check`].
    Answer {
        /// For this caller.
        ask: AskId,
        /// About this version.
        id: VersionId,
        /// The verdict.
        state: State,
        /// When Civitai gave it, by its own clock.
        as_of: Option<Millis>,
    },
    /// An answer to [`Engine::explain`]: each version once with `complete: false` as soon as its verdict is
    /// known, if its reason takes longer, and once with `complete: true`.
    Explain {
        /// For this caller.
        ask: AskId,
        /// What is known.
        explanation: Box<Explanation>,
    },
    /// An answer to [`Engine::versions`].
    Models {
        /// For this caller.
        ask: AskId,
        /// What is known.
        model: Box<ModelVersions>,
    },
    /// Once per ask, after its last answer.
    Done(AskId),
    /// Nothing to do until this moment, or, if `None`, until the next event.
    Wait(Option<Millis>),
}

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
    /// Questions, known and under way; `index` finds them and the asks.
    cells: Vec<Cell>,
    free: Vec<u32>,
    index: Index,
    /// How many cells hold a verdict, and where the search for one to forget goes on.
    remembered: usize,
    hand: usize,
    catalog: Catalog,
    opened: Vec<Option<Opened>>,
    /// Free places in `opened`.
    vacant: Vec<u32>,
    next_ask: u32,
    /// Explanations with something new, by ask and id.
    news: Queue<(u32, u32)>,
    /// What waits to be put into a request, requests that wait for another try, requests under way.
    lanes: Vec<Lane>,
    waiting: Vec<Batch>,
    flying: Vec<Batch>,
    /// Which lane comes next.
    turn: usize,
    splits: Vec<Split>,
    next_split: u32,
    next_request: u32,
    /// Tries that may still be repeated; answers earn them back.
    budget: u8,
    pause: Pause,
    /// How long the gate has been shut altogether once it opens, and the moment up to which that counts.
    shut: Millis,
    shut_until: Millis,
    random: u64,
    /// The last moment that was told.
    now: Millis,
    out: Queue<Step>,
}

impl Engine {
    /// An engine that knows nothing. The seed feeds the jitter, so that every run can be replayed.
    #[must_use]
    pub fn new(config: Config, seed: u64) -> Self {
        let budget = batch::RETRY_BUDGET.max(config.retries);
        Self {
            config,
            cells: Vec::new(),
            free: Vec::new(),
            index: Index::default(),
            remembered: 0,
            hand: 0,
            catalog: Catalog::default(),
            opened: Vec::new(),
            vacant: Vec::new(),
            next_ask: 0,
            news: Queue::new(),
            lanes: Vec::new(),
            turn: 0,
            waiting: Vec::new(),
            flying: Vec::new(),
            splits: Vec::new(),
            next_split: 0,
            next_request: 0,
            budget,
            pause: Pause::default(),
            shut: 0,
            shut_until: 0,
            random: seed | 1,
            now: 0,
            out: Queue::new(),
        }
    }

    /// What to do next. Call it until it says [`Step::Wait`], after every event and when a wait is over.
    pub fn step(&mut self, now: Millis) -> Step {
        self.now = now;
        while self.out.is_empty() {
            self.explain_news(now);
            if !self.out.is_empty() {
                break;
            }
            self.plan(now);
            // What was given up is news again.
            if self.news.is_empty() {
                break;
            }
        }
        self.out.pop_front().unwrap_or_else(|| Step::Wait(self.next_event(now)))
    }

    /// Reports how a request ended. Requests that are not under way (repeated or aborted ones) are
    /// ignored.
    pub fn on_outcome(&mut self, request: RequestId, outcome: Outcome<'_>, now: Millis) {
        self.now = now;
        let place = self.flying.iter().position(|batch| batch.request == request.0);
        if let Some(place) = place {
            let batch = self.flying.swap_remove(place);
            self.landed(batch, outcome, now);
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

    /// xorshift64 (Marsaglia 2003): for jitter and for addresses that nobody shares.
    fn random(&mut self) -> u64 {
        for (left, by) in [(true, 13), (false, 7), (true, 17)] {
            self.random ^= if left { self.random << by } else { self.random >> by };
        }
        self.random
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_is_the_generator_that_its_author_published() {
        let mut engine = Engine::new(Config::default(), 0);
        assert_eq!([engine.random(), engine.random()], [1_082_269_761, 1_152_992_998_833_853_505]);
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
        assert_eq!((engine.cells.len(), engine.opened.len()), (1, 1));
    }
}
