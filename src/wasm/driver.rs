//! Drives an engine: steps out become requests and timers, their ends go in as outcomes.
//!
//! The state is never borrowed across a call into JavaScript: anything called may call back.

use super::asked::{Answer, Asked, Slot};
use super::fetch::{self, Ended};
use super::hosts;
use super::js::{self, Timer};
use crate::engine::{Ask, AskId, Config, Engine, Gate, Outcome, RequestId, Step};
use crate::time::Millis;
use crate::version_id::VersionId;
use core::cell::{Cell, RefCell};
use core::fmt;
use js_sys::Function;
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;
use web_sys::AbortController;

/// How requests are sent.
pub(super) struct Transport {
    /// The `fetch` to use instead of the global one.
    pub(super) fetch: Option<Function>,
    /// For one request, headers and body, in milliseconds.
    pub(super) timeout: Millis,
    /// Whether asks wait for the end of the event loop's turn, so that they share requests.
    pub(super) joins: bool,
}

/// What can be asked.
pub(super) enum Question<'a> {
    Check(Ask<'a>),
    Explain { ask: Ask<'a>, bulk: bool },
    Versions { models: &'a [VersionId], fresh: bool, bulk: bool },
}

pub(super) struct Driver {
    state: RefCell<Inner>,
    transport: Transport,
    /// Where requests go, for messages.
    pub(super) base: String,
    /// The host's gate, shared by all drivers.
    gate: Rc<Cell<Gate>>,
    me: Weak<Self>,
    on_wake: Closure<dyn FnMut()>,
    on_timeout: Closure<dyn FnMut(u32)>,
}

struct Inner {
    engine: Engine,
    /// Who waits, in ascending order of asks.
    asks: Vec<(AskId, Rc<Slot>)>,
    flights: Vec<Flight>,
    /// What requests that failed threw, while anybody may ask for it.
    causes: Vec<(RequestId, JsValue)>,
    wake: Option<(Millis, Timer)>,
}

struct Flight {
    request: RequestId,
    controller: AbortController,
    _timer: Timer,
}

/// Of the causes, the latest.
const CAUSES: usize = 64;

/// The moment of a wake at the end of this turn.
const SOON: Millis = 0;

impl Driver {
    pub(super) fn new(config: Config, transport: Transport) -> Rc<Self> {
        let seed = (js_sys::Math::random() * 9e15) as u64;
        let base = config.base.as_str().to_owned();
        Rc::new_cyclic(|me: &Weak<Self>| {
            let (waking, late) = (me.clone(), me.clone());
            Self {
                gate: hosts::gate_of(&base),
                base,
                transport,
                me: me.clone(),
                on_wake: Closure::new(move || {
                    if let Some(driver) = waking.upgrade() {
                        drop(driver.with(|inner| inner.wake.take()));
                        driver.pump();
                    }
                }),
                on_timeout: Closure::new(move |request| {
                    if let Some(driver) = late.upgrade() {
                        driver.timed_out(RequestId(request));
                    }
                }),
                state: RefCell::new(Inner {
                    engine: Engine::new(config, seed),
                    asks: Vec::new(),
                    flights: Vec::new(),
                    causes: Vec::new(),
                    wake: None,
                }),
            }
        })
    }

    /// Asks; the answers come to the handle.
    pub(super) fn ask(self: &Rc<Self>, question: Question<'_>) -> Asked {
        let now = js::now();
        let slot = Rc::new(Slot::default());
        let id = self.with(|inner| {
            let id = match question {
                Question::Check(ask) => inner.engine.ask(ask, now),
                Question::Explain { ask, bulk } => inner.engine.explain(ask, bulk, now),
                Question::Versions { models, fresh, bulk } => inner.engine.versions(models, fresh, bulk, now),
            };
            inner.asks.push((id, slot.clone()));
            id
        });
        if self.transport.joins {
            self.wake_at(SOON, now);
        } else {
            self.pump();
        }
        Asked { driver: self.clone(), id, slot, listener: None }
    }

    /// Ends an ask that nobody waits for any more.
    pub(super) fn forget(&self, ask: AskId) {
        let causes = self.with(|inner| {
            inner.engine.cancel(ask);
            if let Ok(place) = inner.asks.binary_search_by_key(&ask, |(id, _)| *id) {
                inner.asks.remove(place);
            }
            if inner.asks.is_empty() { core::mem::take(&mut inner.causes) } else { Vec::new() }
        });
        drop(causes);
        self.pump();
    }

    /// Ends all asks: whoever waits is rejected with this.
    pub(super) fn end(&self, reason: &JsValue) {
        let asks = self.with(|inner| core::mem::take(&mut inner.asks));
        for (ask, slot) in asks {
            slot.reject(reason.clone());
            self.forget(ask);
        }
    }

    /// The platform's own error of a request that failed.
    pub(super) fn cause(&self, request: Option<RequestId>) -> Option<JsValue> {
        self.with(|inner| {
            inner.causes.iter().find(|(of, _)| Some(*of) == request).map(|(_, cause)| cause.clone())
        })
    }

    /// The engine, with the host's gate as all drivers know it.
    pub(super) fn engine<T>(&self, use_it: impl FnOnce(&mut Engine) -> T) -> T {
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
        if self.with(|inner| matches!(inner.wake, Some((SOON, _)))) {
            return;
        }
        loop {
            let now = js::now();
            match self.engine(|engine| engine.step(now)) {
                Step::Send { request, url } => self.send(request, url),
                Step::Abort(request) => self.abort(request),
                Step::Answer { ask, id, state } => {
                    self.slot(ask, |slot| slot.put(Answer::Verdict(id, state)))
                }
                Step::Explain { ask, explanation } => {
                    self.slot(ask, |slot| slot.put(Answer::Explanation(explanation)))
                }
                Step::Models { ask, model } => self.slot(ask, |slot| slot.put(Answer::Model(model))),
                Step::Done(ask) => self.slot(ask, Slot::close),
                Step::Wait(None) => return drop(self.with(|inner| inner.wake.take())),
                Step::Wait(Some(moment)) => return self.wake_at(moment, now),
            }
        }
    }

    fn send(&self, request: RequestId, url: String) {
        let controller = match AbortController::new() {
            Ok(controller) => controller,
            Err(error) => return self.told(request, &Ended::NoReply(error)),
        };
        let _timer = Timer::after(self.transport.timeout, self.on_timeout.as_ref(), request.get());
        let flight = Flight { request, controller: controller.clone(), _timer };
        self.with(|inner| inner.flights.push(flight));
        let (me, fetch) = (self.me.clone(), self.transport.fetch.clone());
        wasm_bindgen_futures::spawn_local(async move {
            // Taken back before its turn came.
            if controller.signal().aborted() {
                return;
            }
            let ended = fetch::get(fetch, url, controller).await;
            if let Some(driver) = me.upgrade() {
                driver.landed(request, &ended);
            }
        });
    }

    fn landed(&self, request: RequestId, ended: &Ended) {
        if self.take_flight(request).is_some() {
            self.told(request, ended);
            self.pump();
        }
    }

    fn told(&self, request: RequestId, ended: &Ended) {
        let now = js::now();
        if let Ended::NoReply(cause) = ended {
            self.with(|inner| {
                if inner.causes.len() >= CAUSES {
                    inner.causes.remove(0);
                }
                inner.causes.push((request, cause.clone()));
            });
        }
        self.engine(|engine| engine.on_outcome(request, ended.outcome(now), now));
    }

    fn timed_out(&self, request: RequestId) {
        if let Some(flight) = self.take_flight(request) {
            flight.controller.abort();
            let now = js::now();
            self.engine(|engine| engine.on_outcome(request, Outcome::TimedOut, now));
            self.pump();
        }
    }

    fn abort(&self, request: RequestId) {
        if let Some(flight) = self.take_flight(request) {
            flight.controller.abort();
        }
    }

    fn take_flight(&self, request: RequestId) -> Option<Flight> {
        self.with(|inner| {
            let place = inner.flights.iter().position(|flight| flight.request == request)?;
            Some(inner.flights.swap_remove(place))
        })
    }

    fn slot(&self, ask: AskId, use_it: impl FnOnce(&Slot)) {
        let slot = self.with(|inner| {
            let place = inner.asks.binary_search_by_key(&ask, |(id, _)| *id).ok()?;
            inner.asks.get(place).map(|(_, slot)| slot.clone())
        });
        if let Some(slot) = slot {
            use_it(&slot);
        }
    }

    /// Steps again at this moment; a wait that is set already for it stays.
    fn wake_at(&self, moment: Millis, now: Millis) {
        let set =
            self.with(|inner| inner.wake.as_ref().is_some_and(|(set, _)| *set == moment || *set == SOON));
        if set {
            return;
        }
        let timer = Timer::after(moment.saturating_sub(now), self.on_wake.as_ref(), 0);
        drop(self.with(|inner| inner.wake.replace((moment, timer))));
    }

    /// The one place where the state is borrowed.
    fn with<T>(&self, use_it: impl FnOnce(&mut Inner) -> T) -> T {
        use_it(&mut self.state.borrow_mut())
    }
}

impl fmt::Debug for Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.base)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        for flight in self.state.get_mut().flights.drain(..) {
            flight.controller.abort();
        }
    }
}
