//! The client under test with everything that must hold of it, whatever happens.

use crate::history::{EDGE, History, Moment};
use civitai_permissions::{
    AskId, BaseUrl, Config, Engine, Explanation, GateKind, Generation, ModelVersions, RequestId, State, Step,
    Trials,
};
use std::collections::{BTreeMap, BTreeSet};

pub const BASE: &str = "https://civitai.test";

/// How long a request may take, and so an answer that comes straight from one.
const REQUEST: u64 = 15_000;

pub struct Client {
    pub engine: Engine,
    pub config: Config,
    /// How far the client's clock is from the real time, and how far it ever went back.
    pub clock: i64,
    pub went_back: u64,
    pub asks: BTreeMap<AskId, Asked>,
    pub flying: BTreeMap<RequestId, Flying>,
    pub finished: Vec<RequestId>,
    /// Requests that met a fault.
    pub harmed: BTreeSet<RequestId>,
    pub paused: bool,
    /// On the client's clock; nothing may be sent before.
    pub not_before: u64,
    pub unanswered: u32,
    /// When the last answered fresh ask began, and the last `clear`.
    pub fresh: BTreeMap<(Option<u32>, u32), Moment>,
    pub cleared: BTreeMap<u32, Moment>,
}

pub struct Asked {
    pub user: Option<u32>,
    pub kind: Kind,
    pub left: BTreeSet<u32>,
    /// Explained, without the reason.
    pub first: BTreeSet<u32>,
    pub opened: Moment,
    pub fresh: bool,
    /// Nothing older than this may be said of an id: what was answered before, or cleared since.
    floor: BTreeMap<u32, Moment>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Check,
    Explain,
    Versions,
}

pub struct Flying {
    pub url: String,
    pub sent: Moment,
}

impl Client {
    pub fn new(config: Config, seed: u64) -> Self {
        Self {
            engine: Engine::new(config.clone(), seed),
            config,
            clock: 0,
            went_back: 0,
            asks: BTreeMap::new(),
            flying: BTreeMap::new(),
            finished: Vec::new(),
            harmed: BTreeSet::new(),
            paused: false,
            not_before: 0,
            unanswered: 0,
            fresh: BTreeMap::new(),
            cleared: BTreeMap::new(),
        }
    }

    pub fn config(max_batch: u16, concurrency: u8, max_age: u64, retries: u8) -> Config {
        let base = BaseUrl::parse(BASE).unwrap();
        Config::default()
            .base(base)
            .max_batch(max_batch)
            .concurrency(concurrency)
            .max_age(max_age)
            .retries(retries)
    }

    pub fn now(&self, real: Moment) -> u64 {
        real.saturating_add_signed(self.clock)
    }

    pub fn opened(
        &mut self,
        ask: AskId,
        kind: Kind,
        user: Option<u32>,
        ids: &[u32],
        fresh: bool,
        opened: Moment,
    ) {
        let left = ids.iter().copied().collect();
        let floor = ids.iter().map(|id| {
            let known = self.fresh.get(&(user, *id)).max(self.cleared.get(id)).copied();
            (*id, if fresh { opened } else { known.unwrap_or(0) })
        });
        let floor = floor.collect();
        let first = BTreeSet::new();
        let before = self.asks.insert(ask, Asked { user, kind, left, first, opened, fresh, floor });
        assert!(before.is_none(), "{ask:?} was given twice");
    }

    pub fn cleared(&mut self, ids: impl IntoIterator<Item = u32>, real: Moment) {
        self.cleared.extend(ids.into_iter().map(|id| (id, real)));
    }

    /// Takes the engine's steps until it waits; returns until when.
    pub fn pump(&mut self, history: &History, real: Moment, note: &mut dyn FnMut(&Step)) -> Option<Moment> {
        for _ in 0..100_000 {
            let step = self.engine.step(self.now(real));
            note(&step);
            match step {
                Step::Send { request, url, personal } => {
                    assert_eq!(personal, url.contains("userId="), "{url}");
                    self.send(request, url, real);
                }
                Step::Abort(request) => {
                    assert!(self.flying.remove(&request).is_some(), "{request:?} is not under way");
                    self.finished.push(request);
                }
                Step::Answer { ask, id, state, .. } => {
                    self.took(ask, Kind::Check, id.get());
                    self.must_be_true(history, ask, id.get(), state, real);
                }
                Step::Explain { ask, explanation } => {
                    let id = explanation.id.get();
                    if explanation.complete {
                        self.took(ask, Kind::Explain, id);
                    } else {
                        self.took_first(ask, id);
                    }
                    self.must_be_true(history, ask, id, explanation.state, real);
                    self.must_explain(history, &explanation, self.asks[&ask].opened, real);
                }
                Step::Models { ask, model } => {
                    self.took(ask, Kind::Versions, model.model_id.get());
                    self.must_list(history, &model, self.asks[&ask].opened, real);
                }
                Step::Done(ask) => {
                    let asked = self.asks.remove(&ask).expect("an ask ends once");
                    assert!(asked.left.is_empty(), "{ask:?} ended without {:?}", asked.left);
                }
                Step::Wait(None) => {
                    assert!(
                        !self.asks.is_empty() || self.flying.is_empty(),
                        "nobody waits for {:?}",
                        self.urls()
                    );
                    assert!(self.asks.is_empty() || !self.flying.is_empty(), "everybody waits for nothing");
                    return None;
                }
                Step::Wait(Some(until)) => {
                    let now = self.now(real);
                    assert!(
                        until > now && until - now <= 3_600_000,
                        "waits {} ms",
                        until as i64 - now as i64
                    );
                    return Some(real + (until - now));
                }
            }
        }
        panic!("the engine does not come to rest");
    }

    /// Whether a reply with status 200 is one that the contract allows to this request.
    pub fn is_whole(&self, request: RequestId, body: &[u8]) -> bool {
        let Ok(reply) = serde_json::from_slice::<serde_json::Value>(body) else { return false };
        let url = &self.flying[&request].url;
        match url.split("entityIds=").nth(1) {
            Some(list) => list.split('&').next().unwrap().split(',').all(|id| reply[id].is_boolean()),
            None => reply.is_object(),
        }
    }

    fn send(&mut self, request: RequestId, url: String, real: Moment) {
        assert!(url.len() <= 8000 && url.starts_with(BASE), "{url}");
        assert!(self.now(real) >= self.not_before, "{url} was sent to a closed gate");
        if let Some(list) = url.split("entityIds=").nth(1) {
            let ids: Vec<u32> =
                list.split('&').next().unwrap().split(',').map(|id| id.parse().unwrap()).collect();
            assert!(
                ids.is_sorted_by(|a, b| a < b) && ids.len() <= usize::from(self.config.max_batch),
                "{url}"
            );
            let user = url.split("userId=").nth(1).map(|rest| rest.split('&').next().unwrap());
            assert_ne!(user, Some("0"), "{url}");
        }
        let again = self.flying.insert(request, Flying { url, sent: real });
        assert!(again.is_none() && !self.finished.contains(&request), "{request:?} is not new");
        assert!(self.flying.len() <= usize::from(self.config.concurrency), "{:?}", self.urls());
    }

    /// An explanation whose reason is still being looked up comes once, before the complete one.
    fn took_first(&mut self, ask: AskId, id: u32) {
        let asked = self.asks.get_mut(&ask).expect("an answer comes to an open ask");
        assert!(asked.kind == Kind::Explain && asked.left.contains(&id), "{id} was explained already");
        assert!(asked.first.insert(id), "{id} was explained twice without its reason");
    }

    fn took(&mut self, ask: AskId, kind: Kind, id: u32) {
        let asked = self.asks.get_mut(&ask).expect("an answer comes to an open ask");
        assert_eq!(asked.kind, kind);
        assert!(asked.left.remove(&id), "{id} was not asked, or was answered already");
    }

    /// The ages that the README states.
    fn must_be_true(&mut self, history: &History, ask: AskId, id: u32, state: State, real: Moment) {
        let Asked { user, opened, fresh, kind, .. } = self.asks[&ask];
        let floor = self.asks[&ask].floor[&id];
        let (granted, edge) = match (state, user) {
            (State::Unknown(failure), _) => {
                let explained = failure.request.is_some_and(|request| self.harmed.contains(&request));
                let paused = failure.request.is_none() && self.paused;
                assert!(explained || paused, "{id} is unknown without a fault: {failure:?}");
                return;
            }
            (State::Granted { personal: false }, _) => (true, EDGE),
            (State::Granted { personal: true }, user) => {
                assert!(user.is_some(), "{id} is personal to nobody");
                (true, 60_000)
            }
            (State::Denied, None) => (false, EDGE),
            (State::Denied, Some(_)) => (false, 60_000),
        };
        let memory = if granted { self.config.max_age } else { self.config.max_age / 5 };
        // A verdict may wait for its reasons as long again.
        let times = if kind == Kind::Explain { 2 } else { 1 };
        let age = memory.max(REQUEST) * times + self.went_back;
        // The CDN cache may hold an older answer; without it, or bypassing it, nothing older counts.
        let (edge, floor) = match history.session.edge {
            Some(_) if !fresh => (edge, 0),
            _ => (0, floor),
        };
        let from = real.saturating_sub(edge + age).max(floor);
        let asked_for = if state == (State::Granted { personal: false }) { None } else { user };
        assert!(
            history.was(asked_for, id, granted, from, real),
            "false verdict: {id} for {user:?} was never {state:?} since {} ms ago",
            real - from
        );
        if fresh {
            let newest = self.fresh.entry((user, id)).or_default();
            *newest = opened.max(*newest);
        }
    }

    fn must_explain(&self, history: &History, explained: &Explanation, opened: Moment, real: Moment) {
        // What is known of a gate may be as old as a list in the CDN cache, cached again as a grant is.
        let from = opened.saturating_sub(EDGE + self.config.max_age + self.slack());
        let id = explained.id.get();
        assert!(history.was_gated(id, explained.gate, from, real), "{explained:?}");
        if let (Some(trials), false) = (explained.free_trials, explained.gate == GateKind::None) {
            assert!(history.had_trials(id, trials, 0, real), "{explained:?}");
        }
        self.must_decide(history, explained, real);
    }

    /// A closed padlock only where nothing was free, "off" only where the site could not generate with it.
    fn must_decide(&self, history: &History, explained: &Explanation, real: Moment) {
        let id = explained.id.get();
        let fits = match (explained.generation, explained.state) {
            (Generation::Unknown, State::Unknown(_)) => true,
            (Generation::Open, State::Granted { personal: false }) => true,
            (Generation::Held, State::Granted { personal: true }) => true,
            (Generation::Off, state) => {
                !matches!(state, State::Unknown(_))
                    && !history.can_generate(id)
                    && explained.can_generate == Some(false)
            }
            (Generation::Free, State::Denied) => history.had_trials(id, Trials::Unlimited, 0, real),
            (Generation::Trial, State::Denied) => {
                explained.free_trials.is_some_and(|trials| history.had_trials(id, trials, 0, real))
            }
            (Generation::Locked, State::Denied) => history.had_nothing_free(id, 0, real),
            (Generation::Gated, State::Denied) => true,
            _ => false,
        };
        assert!(fits && explained.usable == explained.generation.usable(), "{explained:?}");
        // A fault may answer 404 in place of what is there.
        if explained.exists == Some(false) && self.harmed.is_empty() {
            assert!(!history.is_listed(id), "{explained:?}");
        }
    }

    fn must_list(&self, history: &History, listed: &ModelVersions, opened: Moment, real: Moment) {
        if let Some(failure) = listed.failure {
            let gone = failure.status == Some(404);
            let harmed = failure.request.is_some_and(|request| self.harmed.contains(&request));
            assert!(gone || harmed || self.paused, "{listed:?}");
            assert!(listed.versions.is_empty(), "{listed:?}");
            return;
        }
        let from = opened.saturating_sub(EDGE + self.config.max_age + self.slack());
        for version in &listed.versions {
            let id = version.version_id.get();
            assert_eq!(id / 10, listed.model_id.get());
            assert!(history.was_gated(id, version.gate, from, real), "{version:?}");
        }
    }

    /// A request's own time, and what a clock that goes back hides of an age.
    fn slack(&self) -> u64 {
        REQUEST + self.went_back
    }

    fn urls(&self) -> Vec<&str> {
        self.flying.values().map(|flying| flying.url.as_str()).collect()
    }
}
