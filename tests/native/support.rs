//! Drives an engine against the contract's rules, without HTTP and without waiting.

use civitai_permissions::{
    AskId, AskOptions, BaseUrl, Config, Engine, Explanation, Failure, Millis, ModelId, ModelVersions,
    Outcome, RequestId, State, Step, UserId, VersionId, reply_times,
};
use stand_in::{Delivery, Gate, Model, Request, Rule, Session, Site, Version};
use std::collections::BTreeMap;

/// The moment at which worlds begin: 2026-11-20T00:00:00Z.
pub const START: Millis = 1_795_132_800_000;
pub const BASE: &str = "https://civitai.test";

/// An engine, the site that it asks, a clock, and what came of it.
pub struct World {
    pub engine: Engine,
    pub session: Session,
    pub now: Millis,
    /// Every request so far, without the base URL.
    pub sent: Vec<String>,
    pub answers: BTreeMap<(AskId, u32), State>,
    /// The complete ones, and those whose reason was still looked up.
    pub explanations: Vec<Explanation>,
    pub first_words: Vec<Explanation>,
    pub models: Vec<ModelVersions>,
    pub done: Vec<AskId>,
}

pub fn config() -> Config {
    Config::default().base(BaseUrl::parse(BASE).unwrap())
}

pub fn id(number: u32) -> VersionId {
    VersionId::new(number).unwrap()
}

pub fn ids(numbers: impl IntoIterator<Item = u32>) -> Vec<VersionId> {
    numbers.into_iter().map(id).collect()
}

pub fn models(numbers: impl IntoIterator<Item = u32>) -> Vec<ModelId> {
    numbers.into_iter().map(|number| ModelId::new(number).unwrap()).collect()
}

pub fn user(number: u32) -> Option<UserId> {
    Some(UserId::new(number).unwrap())
}

/// Models 1 to 9 hold ten versions each, 10 to 19 those of model 1 and so on; user 100 + n owns model n.
pub fn site(gated: impl Fn(u32) -> bool) -> Site {
    let mut site = Site::empty();
    for model in 1..=9 {
        site.add_model(Model::new(model, 100 + model));
        for id in model * 10..model * 10 + 10 {
            let version = Version::new(id, model);
            site.add_version(if gated(id) { version.gated(Gate::permanent()) } else { version });
        }
    }
    site
}

impl World {
    pub fn new(site: Site) -> Self {
        Self::with(site, config())
    }

    pub fn with(site: Site, config: Config) -> Self {
        Self {
            engine: Engine::new(config, 7),
            session: Session::new(site),
            now: START,
            sent: Vec::new(),
            answers: BTreeMap::new(),
            explanations: Vec::new(),
            first_words: Vec::new(),
            models: Vec::new(),
            done: Vec::new(),
        }
    }

    /// Asks, lets time pass until all is answered, and returns the states in ascending order of ids.
    pub fn check(&mut self, numbers: impl IntoIterator<Item = u32>, user: Option<UserId>) -> Vec<State> {
        let ask = self.ask(numbers, user, false);
        self.run();
        self.states(ask)
    }

    pub fn ask(
        &mut self,
        numbers: impl IntoIterator<Item = u32>,
        user: Option<UserId>,
        fresh: bool,
    ) -> AskId {
        self.engine.check(&ids(numbers), AskOptions::default().user(user).fresh(fresh), self.now)
    }

    pub fn states(&self, ask: AskId) -> Vec<State> {
        self.answers.range((ask, 0)..=(ask, u32::MAX)).map(|(_, state)| *state).collect()
    }

    /// Answers every request as it is sent, until nothing is left to wait for.
    pub fn run(&mut self) {
        for _ in 0..10_000 {
            match self.next() {
                Step::Send { request, url, .. } => {
                    self.land(request, &url);
                }
                Step::Wait(None) => return,
                Step::Wait(Some(until)) => {
                    assert!(until > self.now, "a wait that is over is not a wait");
                    self.now = until;
                }
                _ => {}
            }
        }
        panic!("the engine does not come to rest: {:?}", &self.sent[self.sent.len().saturating_sub(5)..]);
    }

    /// The next step, noted down; requests in `sent`.
    pub fn next(&mut self) -> Step {
        let step = self.engine.step(self.now);
        match &step {
            Step::Send { url, .. } => {
                self.sent.push(url.strip_prefix(BASE).expect("the base URL").to_owned())
            }
            Step::Answer { ask, id, state, .. } => {
                let before = self.answers.insert((*ask, id.get()), *state);
                assert_eq!(before, None, "{id:?} was answered twice");
            }
            Step::Explain { explanation, .. } => {
                if explanation.complete {
                    self.explanations.push(explanation.as_ref().clone());
                } else {
                    self.first_words.push(explanation.as_ref().clone());
                }
            }
            Step::Models { model, .. } => self.models.push(model.as_ref().clone()),
            Step::Done(ask) => {
                assert!(!self.done.contains(ask), "{ask:?} ended twice");
                self.done.push(*ask);
            }
            Step::Abort(_) | Step::Wait(_) => {}
        }
        step
    }

    /// The site answers a request at this moment, and the engine gets the answer.
    pub fn land(&mut self, request: RequestId, url: &str) {
        let (delivery, reply) = self.reply(url);
        self.engine.on_outcome(request, outcome(&delivery, &reply), self.now);
    }

    /// What the site answers at this moment.
    pub fn reply(&mut self, url: &str) -> (Delivery, stand_in::Reply) {
        let target = url.strip_prefix(BASE).expect("the base URL");
        let answer = self.session.answer(&Request::get(target), self.now);
        (answer.delivery, answer.reply)
    }
}

pub const OPEN: State = State::Granted { personal: false };
pub const MINE: State = State::Granted { personal: true };

#[track_caller]
pub fn failure(state: State) -> Failure {
    match state {
        State::Unknown(failure) => failure,
        state => panic!("expected unknown, got {state:?}"),
    }
}

pub fn rule() -> Rule {
    Rule::default()
}

/// One 429.
pub fn limited(seconds: &str) -> Rule {
    Rule {
        status: Some(429),
        times: Some(1),
        headers: [("Retry-After".into(), seconds.into())].into(),
        ..rule()
    }
}

/// What a client sees of a reply.
pub fn outcome<'a>(delivery: &Delivery, reply: &'a stand_in::Reply) -> Outcome<'a> {
    if delivery.cut.is_some() {
        Outcome::NoReply
    } else if delivery.hang {
        Outcome::TimedOut
    } else if delivery.oversize_bytes.is_some() {
        Outcome::TooLarge
    } else {
        let header = |name| reply.header(name);
        let times = reply_times(header("Retry-After"), header("Date"), header("Age"), START);
        let (retry_after, as_of) = (times.retry_after, times.as_of);
        Outcome::Reply { status: reply.status, retry_after, as_of, body: &reply.body }
    }
}

/// Requests that take so long, one after another on a clock of the world's own.
pub struct Line {
    pub latency: Millis,
    under_way: Vec<(Millis, RequestId, String)>,
}

impl Line {
    pub fn new(latency: Millis) -> Self {
        Self { latency, under_way: Vec::new() }
    }

    /// Runs the world until nothing is left to wait for; `note` sees each step and its moment.
    pub fn run(&mut self, world: &mut World, note: &mut dyn FnMut(Millis, &Step)) {
        loop {
            let step = world.next();
            note(world.now, &step);
            match step {
                Step::Send { request, url, .. } => {
                    self.under_way.push((world.now + self.latency, request, url));
                }
                Step::Wait(until) => {
                    let next = self.under_way.iter().map(|(due, ..)| *due).chain(until).min();
                    let Some(next) = next else { return };
                    world.now = next;
                    self.under_way.sort_by_key(|(due, request, _)| (*due, *request));
                    while self.under_way.first().is_some_and(|(due, ..)| *due <= next) {
                        let (_, request, url) = self.under_way.remove(0);
                        world.land(request, &url);
                    }
                }
                _ => {}
            }
        }
    }
}
