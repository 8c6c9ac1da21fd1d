//! Drives an engine: steps out become requests and waits, their ends go in as outcomes.
//!
//! The state is never borrowed across a call into JavaScript: anything called may call back.

use super::host::{Host, Report, now, random};
use super::hosts;
use crate::catalog::{Explanation, ModelVersions};
use crate::engine::{Ask, AskId, Config, Engine, Gate, Outcome, RequestId, State, Step};
use crate::time::{Millis, retry_after};
use crate::version_id::VersionId;
use alloc::boxed::Box;
use alloc::rc::{Rc, Weak};
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};
use core::fmt;
use wasm_bindgen::prelude::*;

/// How requests are sent.
pub(super) struct Transport {
    /// The `fetch` to use instead of the global one.
    pub(super) fetch: JsValue,
    /// Whether asks wait for the end of the event loop's turn, so that they share requests.
    pub(super) joins: bool,
}

/// What can be asked.
pub(super) enum Question<'a> {
    Check { ask: Ask<'a>, others: bool },
    Explain { ask: Ask<'a>, bulk: bool },
    Versions { models: &'a [VersionId], fresh: bool, bulk: bool },
}

pub(super) enum Answer {
    Verdict(VersionId, State),
    Explanation(Box<Explanation>),
    Model(Box<ModelVersions>),
}

/// Who asks.
pub(super) trait Caller: Clone {
    fn answer(&self, answer: Answer, host: &Host);
    /// After the last answer.
    fn done(&self);
}

pub(super) struct Driver<C> {
    state: RefCell<Inner<C>>,
    joins: bool,
    /// Where requests go, for messages.
    pub(super) base: String,
    /// The host's gate, shared by all drivers.
    gate: Rc<Cell<Gate>>,
    host: Host,
    /// Called by the host.
    _report: Report,
    me: Weak<Self>,
}

struct Inner<C> {
    engine: Engine,
    /// In ascending order.
    asks: Vec<Asked<C>>,
    wake: Option<Millis>,
}

/// Who waits; as long as anybody does, the driver lives.
struct Asked<C> {
    id: AskId,
    caller: C,
    _driver: Rc<Driver<C>>,
}

/// The moment of a wake at the end of this turn.
const SOON: Millis = 0;

// What the host reports in place of a status.
const WOKEN: u16 = 0;
const NO_REPLY: u16 = 1;
const TIMED_OUT: u16 = 2;
const TOO_LARGE: u16 = 3;

impl<C: Caller + 'static> Driver<C> {
    /// A request takes as long as the config's patience at most.
    pub(super) fn new(config: Config, transport: Transport) -> Rc<Self> {
        let seed = (random() * 9e15) as u64;
        let base = String::from(config.base.as_str());
        Rc::new_cyclic(|me: &Weak<Self>| {
            let driver = me.clone();
            let report: Report = Closure::new(move |request, status, header, body: Vec<u8>| {
                if let Some(driver) = driver.upgrade() {
                    driver.reported(RequestId(request), status, header, &body);
                }
            });
            Self {
                gate: hosts::gate_of(&base),
                base,
                joins: transport.joins,
                host: Host::new(&transport.fetch, config.patience as f64, &report),
                _report: report,
                me: me.clone(),
                state: RefCell::new(Inner {
                    engine: Engine::new(config, seed),
                    asks: Vec::new(),
                    wake: None,
                }),
            }
        })
    }

    pub(super) fn ask(self: &Rc<Self>, question: Question<'_>, caller: C) -> AskId {
        let now = now();
        let id = self.with(|inner| {
            let id = match question {
                Question::Check { ask, others: true } => inner.engine.ask_of_others(ask, now),
                Question::Check { ask, others: false } => inner.engine.ask(ask, now),
                Question::Explain { ask, bulk } => inner.engine.explain(ask, bulk, now),
                Question::Versions { models, fresh, bulk } => inner.engine.versions(models, fresh, bulk, now),
            };
            inner.asks.push(Asked { id, caller, _driver: self.clone() });
            id
        });
        if self.joins {
            self.wake_at(SOON, now);
        } else {
            self.pump();
        }
        id
    }

    /// Ends an ask that nobody waits for any more.
    pub(super) fn forget(&self, ask: AskId) {
        let asked = self.leave(ask);
        self.with(|inner| inner.engine.cancel(ask));
        self.pump();
        drop(asked);
    }

    /// The engine, with the host's gate as all drivers know it.
    pub(super) fn engine<T: Default>(&self, use_it: impl FnOnce(&mut Engine) -> T) -> T {
        self.with(|inner| {
            inner.engine.set_gate(self.gate.get());
            let result = use_it(&mut inner.engine);
            self.gate.set(inner.engine.gate());
            result
        })
    }

    /// Does what the engine says until it says to wait.
    fn pump(&self) {
        // Asks of this turn are still coming.
        if self.with(|inner| inner.wake == Some(SOON)) {
            return;
        }
        // Whoever is answered last may have been what kept the driver alive.
        let _alive = self.me.upgrade();
        loop {
            let now = now();
            let Some(step) = self.engine(|engine| Some(engine.step(now))) else { return };
            match step {
                Step::Send { request, url } => self.host.send(request.get(), &url),
                Step::Abort(request) => self.host.abort(request.get()),
                Step::Answer { ask, id, state } => self.answer(ask, Answer::Verdict(id, state)),
                Step::Explain { ask, explanation } => self.answer(ask, Answer::Explanation(explanation)),
                Step::Models { ask, model } => self.answer(ask, Answer::Model(model)),
                Step::Done(ask) => {
                    if let Some(asked) = self.leave(ask) {
                        asked.caller.done();
                    }
                }
                Step::Wait(None) => {
                    self.with(|inner| inner.wake = None);
                    return self.host.wait(None);
                }
                Step::Wait(Some(moment)) => return self.wake_at(moment, now),
            }
        }
    }

    /// A request has ended, or a wait.
    fn reported(&self, request: RequestId, status: u16, header: Option<String>, body: &[u8]) {
        let now = now();
        let outcome = match status {
            WOKEN => {
                self.with(|inner| inner.wake = None);
                return self.pump();
            }
            NO_REPLY => Outcome::NoReply,
            TIMED_OUT => Outcome::TimedOut,
            TOO_LARGE => Outcome::TooLarge,
            status => {
                let retry_after = header.and_then(|header| retry_after(&header, now));
                Outcome::Reply { status, retry_after, body }
            }
        };
        self.engine(|engine| engine.on_outcome(request, outcome, now));
        self.pump();
    }

    fn answer(&self, ask: AskId, answer: Answer) {
        let caller = self.with(|inner| Some(inner.asks.get(inner.place_of(ask)?)?.caller.clone()));
        if let Some(caller) = caller {
            caller.answer(answer, &self.host);
        }
    }

    /// To be dropped by the caller: the driver may end with it.
    fn leave(&self, ask: AskId) -> Option<Asked<C>> {
        self.with(|inner| Some(inner.asks.remove(inner.place_of(ask)?)))
    }

    /// Steps again at this moment; a wait that is set already for it stays.
    fn wake_at(&self, moment: Millis, now: Millis) {
        let set = self.with(|inner| {
            let set = inner.wake.is_some_and(|set| set == moment || set == SOON);
            if !set {
                inner.wake = Some(moment);
            }
            set
        });
        if !set {
            self.host.wait(Some(moment.saturating_sub(now) as f64));
        }
    }

    /// The one place where the state is borrowed, never twice: a panic about that would cost a kilobyte.
    fn with<T: Default>(&self, use_it: impl FnOnce(&mut Inner<C>) -> T) -> T {
        self.state.try_borrow_mut().map(|mut inner| use_it(&mut inner)).unwrap_or_default()
    }
}

impl<C> Inner<C> {
    fn place_of(&self, ask: AskId) -> Option<usize> {
        self.asks.binary_search_by_key(&ask, |asked| asked.id).ok()
    }
}

impl<C> fmt::Debug for Driver<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.base)
    }
}

impl<C> Drop for Driver<C> {
    fn drop(&mut self) {
        self.host.close();
    }
}
