//! Drives an engine: steps become requests and timers, what comes of them is reported as outcomes.
//!
//! The state is never borrowed across a call into JavaScript: whatever is called may call back.

use super::answers;
use super::asked::{Answer, Asked, Slot};
use super::fetch::{Ended, Request};
use super::pauses;
use super::separate;
use super::timer::{self, Timer, now};
use crate::engine::{AskId, AskOptions, Config, Engine, Pause, Step, distinct};
use crate::failure::RequestId;
use crate::id::{ModelId, VersionId};
use crate::table::Table;
use crate::time::Millis;
use crate::verdict;
use core::cell::{Cell, RefCell};
use core::fmt;
use core::task::Waker;
use js_sys::Function;
use std::rc::{Rc, Weak};
use wasm_bindgen::JsValue;

/// How requests are sent.
#[derive(Clone)]
pub(super) struct Transport {
    /// The `fetch` to use instead of the global one.
    pub(super) fetch: Option<Function>,
    /// For one request, headers and body, in milliseconds.
    pub(super) timeout: Millis,
    /// Whether asks wait for the end of the event loop's turn, so that they share requests.
    pub(super) joins: bool,
}

/// What can be asked.
#[derive(Clone, Copy)]
pub(super) enum Question<'a> {
    Check(&'a [VersionId]),
    Explain(&'a [VersionId]),
    /// With what a page tells of them.
    OnPage(&'a [VersionId], &'a str),
    Versions(&'a [ModelId]),
}

impl Question<'_> {
    fn put(self, engine: &mut Engine, options: AskOptions, now: Millis) -> AskId {
        match self {
            Self::Check(ids) => engine.check(ids, options, now),
            Self::Explain(ids) => engine.explain(ids, options, now),
            Self::OnPage(ids, page) => engine.explain_on_page(ids, page.as_bytes(), options, now),
            Self::Versions(models) => engine.versions(models, options, now),
        }
    }
}

fn missing<T: Copy + Into<u32>>(ids: &[T], is_missing: impl Fn(u32) -> bool) -> Vec<T> {
    ids.iter().copied().filter(|id| is_missing((*id).into())).collect()
}

pub(super) struct Client {
    state: RefCell<State>,
    config: Config,
    transport: Transport,
    /// Whose cache takes what this one learns.
    cache: Option<Rc<Self>>,
    /// Where requests go, for messages.
    pub(super) base: String,
    /// The host's, shared by all clients.
    pause: Rc<Cell<Pause>>,
    me: Weak<Self>,
}

struct State {
    engine: Engine,
    /// Who waits, or has not fetched everything yet.
    asks: Table<Rc<Slot>>,
    requests: Vec<UnderWay>,
    /// What requests that failed threw, the latest last, while anybody may ask for it.
    causes: Vec<(RequestId, JsValue)>,
    /// Asks of this turn are still coming.
    joining: bool,
    /// Callers have left: what nobody waits for is ended soon, for all that leave at once.
    leaving: bool,
    wake: Option<(Millis, Timer)>,
}

struct UnderWay {
    id: RequestId,
    request: Rc<Request>,
    _timer: Timer,
}

/// Of what failed requests threw, the latest.
const CAUSES: usize = 64;

impl Client {
    pub(super) fn new(config: Config, transport: Transport) -> Rc<Self> {
        Self::with_cache(config, transport, None)
    }

    fn with_cache(config: Config, transport: Transport, cache: Option<Rc<Self>>) -> Rc<Self> {
        let seed = (js_sys::Math::random() * 9e15) as u64;
        let pause = pauses::pause_of(&config.base, transport.fetch.as_ref());
        Rc::new_cyclic(|me| Self {
            pause,
            base: config.base.as_str().to_owned(),
            transport,
            cache,
            me: me.clone(),
            state: RefCell::new(State {
                engine: Engine::new(config.clone(), seed),
                asks: Table::default(),
                requests: Vec::new(),
                causes: Vec::new(),
                joining: false,
                leaving: false,
                wake: None,
            }),
            config,
        })
    }

    /// A callback that does nothing once the client is gone.
    fn callback(&self, call: impl FnOnce(&Self) + 'static) -> impl FnOnce() + 'static {
        let me = self.me.clone();
        move || {
            if let Some(client) = me.upgrade() {
                call(&client);
            }
        }
    }

    /// The verdicts of these versions, if the cache holds all of them.
    pub(super) fn known(
        &self,
        ids: &[VersionId],
        options: AskOptions,
    ) -> Option<Vec<(VersionId, verdict::State)>> {
        self.with(|state| state.engine.known(ids, options, now()))
    }

    /// Asks; the answers come to the handle.
    pub(super) fn ask(self: &Rc<Self>, question: Question<'_>, options: AskOptions) -> Asked {
        if self.transport.joins && separate::is_on() {
            self.apart(question, options)
        } else {
            self.begin(question, options)
        }
    }

    /// Asks with a client of its own for what the cache does not hold.
    fn apart(self: &Rc<Self>, question: Question<'_>, options: AskOptions) -> Asked {
        let transport = Transport { joins: false, ..self.transport.clone() };
        let own = Self::with_cache(self.config.clone(), transport, Some(self.clone()));
        let cached = self.cached(question, options);
        let known = distinct(&cached.iter().map(Answer::id).collect::<Vec<_>>(), |id| id);
        let unknown = |id: u32| known.binary_search(&id).is_err();
        let asked = match question {
            Question::Check(ids) => own.begin(Question::Check(&missing(ids, unknown)), options),
            Question::Explain(ids) => own.begin(Question::Explain(&missing(ids, unknown)), options),
            Question::OnPage(ids, page) => own.begin(Question::OnPage(&missing(ids, unknown), page), options),
            Question::Versions(models) => own.begin(Question::Versions(&missing(models, unknown)), options),
        };
        asked.put_first(cached);
        asked
    }

    /// What the cache holds: asked for, and taken back as soon as a request would be needed.
    fn cached(&self, question: Question<'_>, options: AskOptions) -> Vec<Answer> {
        let now = now();
        self.engine(|engine| {
            let of = question.put(engine, options, now);
            let mut cached = Vec::new();
            loop {
                match engine.step(now) {
                    Step::Answer { id, state, .. } => cached.push(Answer::Verdict(id, state)),
                    Step::Explain { explanation, .. } => cached.push(Answer::Explanation(explanation)),
                    Step::Models { model, .. } => cached.push(Answer::Model(model)),
                    Step::Done(_) | Step::Abort(_) => {}
                    Step::Send { .. } | Step::Wait(_) => break,
                }
            }
            engine.cancel(of);
            while !matches!(engine.step(now), Step::Wait(_)) {}
            cached.retain(Answer::is_known);
            cached
        })
    }

    fn begin(self: &Rc<Self>, question: Question<'_>, options: AskOptions) -> Asked {
        let now = now();
        let slot = Rc::new(Slot::default());
        let (id, join) = self.with(|state| {
            let id = question.put(&mut state.engine, options, now);
            state.asks.insert(id.key(), slot.clone());
            let join = self.transport.joins && !state.joining;
            state.joining |= join;
            (id, join)
        });
        if join {
            timer::soon(self.callback(|client| {
                client.with(|state| state.joining = false);
                client.pump();
            }));
        }
        self.pump();
        Asked::new(self.clone(), id, slot)
    }

    /// Ends an ask that nobody waits for any more.
    pub(super) fn forget(&self, ask: AskId) {
        let first = self.with(|state| {
            state.engine.cancel(ask);
            !core::mem::replace(&mut state.leaving, true)
        });
        self.leave(ask);
        if first {
            let pump = self.callback(|client| {
                client.with(|state| state.leaving = false);
                client.pump();
            });
            wasm_bindgen_futures::spawn_local(async { pump() });
        }
    }

    /// An ask has ended, and its answers were fetched.
    pub(super) fn leave(&self, ask: AskId) {
        let left = self.with(|state| {
            let slot = state.asks.remove(ask.key());
            let causes =
                if state.asks.entries().is_empty() { core::mem::take(&mut state.causes) } else { Vec::new() };
            (slot, causes)
        });
        drop(left);
    }

    /// Ends all asks: every waiting call is rejected with this.
    pub(super) fn end(&self, reason: &JsValue) {
        let asks = self.with(|state| state.asks.take_all());
        for (ask, slot) in asks {
            slot.reject(reason.clone());
            self.forget(AskId(ask as u32));
        }
    }

    /// What a request that failed threw.
    pub(super) fn cause(&self, request: Option<RequestId>) -> Option<JsValue> {
        let request = request?;
        self.with(|state| state.causes.iter().find(|(of, _)| *of == request).map(|(_, cause)| cause.clone()))
    }

    /// The engine, with the host's pause as all clients know it.
    pub(super) fn engine<T>(&self, use_it: impl FnOnce(&mut Engine) -> T) -> T {
        self.with(|state| {
            state.engine.set_pause(self.pause.get());
            let result = use_it(&mut state.engine);
            self.pause.set(state.engine.pause());
            result
        })
    }

    /// Does what the engine says until it says to wait.
    fn pump(&self) {
        self.pump_after(0);
    }

    /// The same, where it is at least this late. A timer that ended proves it, also to a clock that a test stopped.
    fn pump_after(&self, moment: Millis) {
        while !self.with(|state| state.joining) {
            let now = now().max(moment);
            let (woken, done, step) = self.with(|state| {
                state.engine.set_pause(self.pause.get());
                let all = state.step(now);
                self.pause.set(state.engine.pause());
                all
            });
            woken.into_iter().for_each(Waker::wake);
            if !done.is_empty() {
                self.hand_on();
                answers::settle(done.iter().filter_map(|slot| slot.close()));
            }
            match step {
                Step::Send { request, url, personal } => self.send(request, url, personal),
                Step::Abort(request) => {
                    if let Some(request) = self.take(request) {
                        request.abort();
                    }
                }
                Step::Wait(moment) => return self.wake_at(moment, now),
                // The state has seen to them.
                Step::Answer { .. } | Step::Explain { .. } | Step::Models { .. } | Step::Done(_) => {}
            }
        }
    }

    /// Gives what was learned to the cache that outlives this client.
    fn hand_on(&self) {
        if let Some(cache) = &self.cache {
            let now = now();
            let learned = self.engine(|engine| engine.snapshot(now));
            cache.engine(|engine| engine.restore(&learned, now));
        }
    }

    fn send(&self, id: RequestId, url: String, personal: bool) {
        let request = match Request::new(self.transport.fetch.clone(), url, personal) {
            Ok(request) => Rc::new(request),
            Err(thrown) => return self.report(id, &Ended::NoReply(thrown)),
        };
        let late = self.callback(move |client| client.landed(id, &Ended::TimedOut));
        let _timer = Timer::after(self.transport.timeout, late);
        let under_way = UnderWay { id, request: request.clone(), _timer };
        self.with(|state| state.requests.push(under_way));
        let me = self.me.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let ended = request.send().await;
            if let Some(client) = me.upgrade() {
                client.landed(id, &ended);
            }
        });
    }

    fn landed(&self, id: RequestId, ended: &Ended) {
        let Some(request) = self.take(id) else { return };
        if !matches!(ended, Ended::Reply { .. }) {
            request.abort();
        }
        self.report(id, ended);
        self.pump();
    }

    fn report(&self, id: RequestId, ended: &Ended) {
        if let Ended::NoReply(cause) = ended {
            self.with(|state| {
                if state.causes.len() >= CAUSES {
                    state.causes.remove(0);
                }
                state.causes.push((id, cause.clone()));
            });
        }
        let now = now();
        self.engine(|engine| engine.on_outcome(id, ended.outcome(), now));
    }

    fn take(&self, id: RequestId) -> Option<Rc<Request>> {
        let under_way = self.with(|state| {
            let place = state.requests.iter().position(|under_way| under_way.id == id)?;
            Some(state.requests.swap_remove(place))
        });
        under_way.map(|under_way| under_way.request)
    }

    /// Steps again at this moment; a timer that is set already for it stays.
    fn wake_at(&self, moment: Option<Millis>, now: Millis) {
        let set = self.with(|state| state.wake.as_ref().map(|(set, _)| *set));
        if set != moment {
            let timer = moment.map(|moment| {
                let wait = moment.saturating_sub(now).min(timer::LONGEST);
                let wake = self.callback(move |client| {
                    drop(client.with(|state| state.wake.take()));
                    client.pump_after(now + wait);
                });
                (moment, Timer::after(wait, wake))
            });
            drop(self.with(|state| core::mem::replace(&mut state.wake, timer)));
        }
    }

    /// The one place where the state is borrowed.
    fn with<T>(&self, use_it: impl FnOnce(&mut State) -> T) -> T {
        use_it(&mut self.state.borrow_mut())
    }
}

impl State {
    /// The engine's next step that is no answer; answers are put into their slots. Before it come who is to be woken
    /// for those, and the asks that are done.
    fn step(&mut self, now: Millis) -> (Vec<Waker>, Vec<Rc<Slot>>, Step) {
        let (mut woken, mut done) = (Vec::new(), Vec::new());
        // Answers come in runs, each for one ask.
        let mut run: Option<(AskId, Option<Rc<Slot>>)> = None;
        loop {
            let (ask, answer) = match self.engine.step(now) {
                Step::Answer { ask, id, state, .. } => (ask, Answer::Verdict(id, state)),
                Step::Explain { ask, explanation } => (ask, Answer::Explanation(explanation)),
                Step::Models { ask, model } => (ask, Answer::Model(model)),
                Step::Done(ask) => {
                    done.extend(self.asks.get(ask.key()).cloned());
                    continue;
                }
                step => return (woken, done, step),
            };
            if run.as_ref().is_none_or(|(of, _)| *of != ask) {
                run = Some((ask, self.asks.get(ask.key()).cloned()));
            }
            if let Some((_, Some(slot))) = &run {
                woken.extend(slot.put(answer));
            }
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Client").field(&self.base).finish()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        for under_way in self.state.get_mut().requests.drain(..) {
            under_way.request.abort();
        }
    }
}
