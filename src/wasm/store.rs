//! The engines of this module, by number, and one gate per host that they share: what one is told to do,
//! all do.

use crate::engine::{Config, Engine, Outcome, Pause, Step};
use crate::failure::RequestId;
use crate::text::cut;
use crate::time::{Millis, reply_times};
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};
use core::str::from_utf8;

/// Does something with an engine, under its host's gate as all engines know it; nothing, where it is closed.
pub(super) fn with<T: Default>(engine: u32, use_it: impl FnOnce(&mut Engine) -> T) -> T {
    let Some(opened) = opened(engine) else { return T::default() };
    // Never borrowed twice, nor is the store: a panic about that would cost a kilobyte.
    let Ok(mut engine) = opened.engine.try_borrow_mut() else { return T::default() };
    engine.set_pause(opened.gate.get());
    let result = use_it(&mut engine);
    opened.gate.set(engine.pause());
    result
}

/// A new engine, and its number: never 0, and nobody else's afterwards.
pub(super) fn open(config: Config, host: &[u8], seed: f64) -> u32 {
    store(|store| {
        store.latest += 1;
        let engine = RefCell::new(Engine::new(config, seed as u64));
        let opened = Rc::new(Opened { engine, gate: store.gate_of(host) });
        store.engines.push((store.latest, opened));
        store.latest
    })
}

pub(super) fn close(engine: u32) {
    store(|store| store.engines.retain(|(number, _)| *number != engine));
}

/// What to do next; a closed engine only waits.
pub(super) fn step(engine: u32, now: Millis) -> Step {
    loop {
        match with(engine, |engine| Some(engine.step(now))) {
            Some(Step::Explain { explanation, .. }) if !explanation.complete => {}
            step => return step.unwrap_or(Step::Wait(None)),
        }
    }
}

/// How a request ended: with a status, or with an event below it. Of an answer `Retry-After` is the first line,
/// and the body what follows.
pub(super) fn outcome(engine: u32, request: u32, status: u16, answer: &[u8], now: Millis) {
    let outcome = match status {
        NO_REPLY => Outcome::NoReply,
        TIMED_OUT => Outcome::TimedOut,
        TOO_LARGE => Outcome::TooLarge,
        status => {
            let (header, body) = cut(answer, b'\n');
            let retry_after = reply_times(from_utf8(header).ok(), None, None, now).retry_after;
            Outcome::Reply { status, retry_after, as_of: None, body: body.unwrap_or_default() }
        }
    };
    with(engine, |engine| engine.on_outcome(RequestId(request), outcome, now));
}

// What `driver.js` reports in place of a status.
const NO_REPLY: u16 = 1;
const TIMED_OUT: u16 = 2;
const TOO_LARGE: u16 = 3;

fn opened(engine: u32) -> Option<Rc<Opened>> {
    store(|store| {
        store.engines.iter().find(|(number, _)| *number == engine).map(|(_, opened)| opened.clone())
    })
}

#[derive(Debug)]
struct Store {
    latest: u32,
    engines: Vec<(u32, Rc<Opened>)>,
    gates: Vec<(Vec<u8>, SharedGate)>,
}

#[derive(Debug)]
struct Opened {
    /// By itself: if one traps, the others go on.
    engine: RefCell<Engine>,
    gate: SharedGate,
}

type SharedGate = Rc<Cell<Pause>>;

impl Store {
    const fn new() -> Self {
        Self { latest: 0, engines: Vec::new(), gates: Vec::new() }
    }

    fn gate_of(&mut self, host: &[u8]) -> SharedGate {
        if let Some((_, gate)) = self.gates.iter().find(|(of, _)| of == host) {
            return gate.clone();
        }
        if self.gates.len() >= HOSTS {
            let order = |(_, gate): &(Vec<u8>, SharedGate)| (Rc::strong_count(gate), gate.get().until);
            let first = self.gates.iter().enumerate().min_by_key(|(_, of)| order(of));
            if let Some((place, _)) = first {
                self.gates.swap_remove(place);
            }
        }
        let gate = SharedGate::default();
        self.gates.push((host.to_vec(), gate.clone()));
        gate
    }
}

/// From so many on, one that nobody holds makes room for a new one, and of those the one that opens first.
const HOSTS: usize = 256;

fn store<T: Default>(use_it: impl FnOnce(&mut Store) -> T) -> T {
    STORE.with(|store| store.try_borrow_mut().map(|mut store| use_it(&mut store)).unwrap_or_default())
}

#[cfg(not(feature = "lean"))]
std::thread_local! {
    static STORE: RefCell<Store> = const { RefCell::new(Store::new()) };
}

#[cfg(feature = "lean")]
static STORE: OneThread = OneThread(RefCell::new(Store::new()));

/// Without std there is no `thread_local!`.
#[cfg(feature = "lean")]
struct OneThread(RefCell<Store>);

// SAFETY: the npm module is built without atomics, so that there is one thread.
#[cfg(feature = "lean")]
#[allow(unsafe_code, reason = "one thread shares nothing")]
unsafe impl Sync for OneThread {}

#[cfg(feature = "lean")]
impl OneThread {
    fn with<T>(&self, use_it: impl FnOnce(&RefCell<Store>) -> T) -> T {
        use_it(&self.0)
    }
}
