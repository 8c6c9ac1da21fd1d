//! The caller's `AbortSignal`, by its shape: it may come from another realm or a polyfill.
//!
//! One listener for each signal, however many calls share it: from the eleventh on, Node warns of a leak.

use super::errors::{Reason, invalid};
use super::ids::shown;
use super::shape;
use core::cell::RefCell;
use js_sys::{Function, Object, WeakMap};
use std::collections::HashMap;
use wasm_bindgen::prelude::*;

/// A signal that was given.
pub(super) struct Signal(JsValue);

impl Signal {
    pub(super) fn read(value: JsValue) -> Result<Self, JsValue> {
        let fits = value.is_object()
            && shape::get(&value, "aborted")?.as_bool().is_some()
            && shape::method(&value, "addEventListener")?.is_some()
            && shape::method(&value, "removeEventListener")?.is_some();
        if fits {
            Ok(Self(value))
        } else {
            Err(invalid(Reason::Option, &["signal is ", &shown(&value), ": expected an AbortSignal"]))
        }
    }

    /// The reason, as an error, if it has fired.
    pub(super) fn check(&self) -> Result<(), JsValue> {
        if shape::get(&self.0, "aborted")?.is_truthy() { Err(shape::get(&self.0, "reason")?) } else { Ok(()) }
    }

    /// Calls back with the reason when it fires, until the listener is dropped.
    pub(super) fn listen(self, hear: impl Fn(JsValue) + 'static) -> Result<Listener, JsValue> {
        let key = self.0.unchecked_ref::<Object>();
        let (signal, first) = HEARD.with_borrow_mut(|heard| match heard.numbers.get(key).as_f64() {
            Some(number) => (number as u32, false),
            None => {
                heard.latest = heard.latest.wrapping_add(1);
                heard.numbers.set(key, &heard.latest.into());
                (heard.latest, true)
            }
        });
        if first {
            let callback = Closure::new(move || fire(signal));
            let shared = Shared { signal: self.0.clone(), calls: Vec::new(), callback };
            let function = shared.callback.as_ref().clone();
            HEARD.with_borrow_mut(|heard| heard.signals.insert(signal, shared));
            let added = shape::call(&self.0, "addEventListener", &[&JsValue::from_str("abort"), &function]);
            if let Err(thrown) = added {
                stop(signal);
                return Err(thrown);
            }
        }
        let call = HEARD.with_borrow_mut(|heard| {
            heard.latest = heard.latest.wrapping_add(1);
            let call = heard.latest;
            if let Some(shared) = heard.signals.get_mut(&signal) {
                shared.calls.push((call, Box::new(hear)));
            }
            call
        });
        Ok(Listener { signal, call })
    }
}

/// Listens until it is dropped.
#[derive(Debug)]
pub(super) struct Listener {
    signal: u32,
    call: u32,
}

impl Drop for Listener {
    fn drop(&mut self) {
        let (call, empty) = HEARD.with_borrow_mut(|heard| match heard.signals.get_mut(&self.signal) {
            Some(shared) => {
                // In ascending order of their numbers.
                let place = shared.calls.binary_search_by_key(&self.call, |(call, _)| *call);
                (place.ok().map(|place| shared.calls.remove(place)), shared.calls.is_empty())
            }
            None => (None, false),
        });
        drop(call);
        if empty {
            stop(self.signal);
        }
    }
}

/// By no `this`: what wraps a signal may call its listeners with another. Who leaves meanwhile is not called.
fn fire(signal: u32) {
    loop {
        let next = HEARD.with_borrow_mut(|heard| {
            let shared = heard.signals.get_mut(&signal)?;
            let (_, hear) = if shared.calls.is_empty() { return None } else { shared.calls.remove(0) };
            Some((hear, shared.signal.clone()))
        });
        let Some((hear, signal)) = next else { return stop(signal) };
        hear(shape::get(&signal, "reason").unwrap_or_else(|thrown| thrown));
    }
}

fn stop(signal: u32) {
    let shared = HEARD.with_borrow_mut(|heard| {
        let shared = heard.signals.remove(&signal);
        if let Some(shared) = &shared {
            heard.numbers.delete(shared.signal.unchecked_ref());
        }
        shared
    });
    if let Some(Shared { signal, callback, .. }) = shared {
        let function: &Function = callback.as_ref().unchecked_ref();
        let _ = shape::call(&signal, "removeEventListener", &[&JsValue::from_str("abort"), function]);
    }
}

#[derive(Default)]
struct Heard {
    numbers: WeakMap,
    latest: u32,
    signals: HashMap<u32, Shared>,
}

type Hear = Box<dyn Fn(JsValue)>;

struct Shared {
    signal: JsValue,
    callback: Closure<dyn FnMut()>,
    /// In the order in which they came.
    calls: Vec<(u32, Hear)>,
}

thread_local! {
    static HEARD: RefCell<Heard> = RefCell::default();
}
