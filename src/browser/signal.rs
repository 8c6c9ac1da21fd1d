//! The caller's `AbortSignal`, by its shape: it may come from another realm or a polyfill.
//!
//! One listener for each signal, however many calls share it: from the eleventh on, Node warns of a leak.

use super::errors::{Reason, invalid};
use super::ids::shown;
use super::numbered::{Numbered, bound};
use core::cell::RefCell;
use js_sys::{Function, JsString, WeakMap};
use wasm_bindgen::prelude::*;

/// A signal that was given.
pub(super) struct Signal(SignalLike);

impl Signal {
    pub(super) fn read(value: JsValue) -> Result<Self, JsValue> {
        let signal: &SignalLike = value.unchecked_ref();
        let fits = value.is_object()
            && signal.aborted()?.as_bool().is_some()
            && signal.adder()?.is_function()
            && signal.remover()?.is_function();
        if fits {
            Ok(Self(value.unchecked_into()))
        } else {
            Err(invalid(Reason::Option, &["signal is ", &shown(&value), ": expected an AbortSignal"]))
        }
    }

    /// The reason, as an error, if it has fired.
    pub(super) fn check(&self) -> Result<(), JsValue> {
        if self.0.aborted()?.is_truthy() { Err(self.0.reason()?) } else { Ok(()) }
    }

    /// Calls back with the reason when it fires, until the listener is dropped.
    pub(super) fn listen(self, hear: impl Fn(JsValue) + 'static) -> Result<Listener, JsValue> {
        let known = HEARD.with_borrow(|heard| heard.numbers.get(self.0.unchecked_ref())).as_f64();
        let signal = match known {
            Some(number) => number as u64,
            None => self.share()?,
        };
        let call = HEARD.with_borrow_mut(|heard| {
            heard.signals.get_mut(signal).map(|shared| shared.calls.add(Box::new(hear)))
        });
        Ok(Listener { signal, call: call.unwrap_or_default() })
    }

    /// Begins to listen for all calls that have this signal.
    fn share(self) -> Result<u64, JsValue> {
        let Self(signal) = self;
        let number = HEARD.with_borrow_mut(|heard| {
            let shared = Shared { signal: signal.clone(), calls: Numbered::new(), listener: None };
            heard.signals.add(shared)
        });
        let listener = FIRE.with(|fire| bound(fire, number));
        HEARD.with_borrow_mut(|heard| {
            heard.numbers.set(signal.unchecked_ref(), &(number as f64).into());
            if let Some(shared) = heard.signals.get_mut(number) {
                shared.listener = Some(listener.clone());
            }
        });
        let added = ABORT.with(|abort| signal.add_event_listener(abort, &listener));
        added.map(|()| number).inspect_err(|_| stop(number))
    }
}

/// Listens until it is dropped.
#[derive(Debug)]
pub(super) struct Listener {
    signal: u64,
    call: u64,
}

impl Drop for Listener {
    fn drop(&mut self) {
        let (call, empty) = HEARD.with_borrow_mut(|heard| match heard.signals.get_mut(self.signal) {
            Some(shared) => (shared.calls.remove(self.call), shared.calls.is_empty()),
            None => (None, false),
        });
        drop(call);
        if empty {
            stop(self.signal);
        }
    }
}

/// By no `this`: what wraps a signal may call its listeners with another. Who leaves meanwhile hears it in vain.
fn fire(signal: u64) {
    let fired = HEARD.with_borrow_mut(|heard| {
        let shared = heard.signals.get_mut(signal)?;
        Some((shared.calls.take_all(), shared.signal.clone()))
    });
    stop(signal);
    if let Some((calls, signal)) = fired {
        for (_, hear) in calls {
            hear(signal.reason().unwrap_or_else(|thrown| thrown));
        }
    }
}

fn stop(signal: u64) {
    let shared = HEARD.with_borrow_mut(|heard| {
        let shared = heard.signals.remove(signal)?;
        heard.numbers.delete(shared.signal.unchecked_ref());
        Some(shared)
    });
    if let Some(Shared { signal, listener: Some(listener), .. }) = shared {
        let _ = ABORT.with(|abort| signal.remove_event_listener(abort, &listener));
    }
}

struct Heard {
    /// Of signals.
    numbers: WeakMap,
    signals: Numbered<Shared>,
}

struct Shared {
    signal: SignalLike,
    calls: Numbered<Box<dyn Fn(JsValue)>>,
    /// What was added to the signal.
    listener: Option<Function>,
}

thread_local! {
    static ABORT: JsString = JsString::from("abort");
    static HEARD: RefCell<Heard> =
        RefCell::new(Heard { numbers: WeakMap::new(), signals: Numbered::new() });
    static FIRE: Closure<dyn Fn(f64)> = Closure::new(|signal| fire(signal as u64));
}

#[wasm_bindgen]
extern "C" {
    #[derive(Clone)]
    type SignalLike;
    #[wasm_bindgen(method, getter, structural, catch)]
    fn aborted(this: &SignalLike) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, structural, catch)]
    fn reason(this: &SignalLike) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, structural, catch, js_name = addEventListener)]
    fn adder(this: &SignalLike) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, structural, catch, js_name = removeEventListener)]
    fn remover(this: &SignalLike) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch, js_name = addEventListener)]
    fn add_event_listener(this: &SignalLike, event: &JsString, listener: &Function) -> Result<(), JsValue>;
    #[wasm_bindgen(method, structural, catch, js_name = removeEventListener)]
    fn remove_event_listener(this: &SignalLike, event: &JsString, listener: &Function)
    -> Result<(), JsValue>;

}
