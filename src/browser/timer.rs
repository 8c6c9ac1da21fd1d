//! Time: the wall clock, a timer that clears itself, and the end of the event loop's turn.

use super::numbered::{Numbered, bound};
use super::shape;
use crate::time::Millis;
use core::cell::RefCell;
use wasm_bindgen::prelude::*;
use web_sys::{MessageChannel, MessagePort};

/// The wall clock.
pub(super) fn now() -> Millis {
    js_sys::Date::now() as Millis
}

/// Calls back, unless it is dropped before.
#[derive(Debug)]
pub(super) struct Timer {
    /// A number in browsers, an object in Node.
    handle: JsValue,
    number: u64,
}

impl Timer {
    /// Calls back after so many milliseconds at the earliest, [`LONGEST`] at most.
    pub(super) fn after(millis: Millis, call: impl FnOnce() + 'static) -> Self {
        let number = CALLS.with_borrow_mut(|calls| calls.add(Box::new(call)));
        let millis = millis.min(LONGEST) as i32;
        let handle = CALL_BACK.with(|call_back| set_timeout(call_back.as_ref(), millis, number as f64));
        Self { handle: handle.unwrap_or_default(), number }
    }
}

impl Drop for Timer {
    /// Also what lets a Node process end: a timer that nobody needs would keep it alive.
    fn drop(&mut self) {
        drop(CALLS.with_borrow_mut(|calls| calls.remove(self.number)));
        let _ = clear_timeout(&self.handle);
    }
}

/// The longest wait that `setTimeout` takes; a longer one would be over at once.
pub(super) const LONGEST: Millis = 2_147_483_647;

/// Calls back once the event loop's turn is over, without the milliseconds that `setTimeout` adds. What is there
/// differs: Node, Deno, Bun and workers at the edge have `setImmediate`; Chromium and Firefox `scheduler.postTask`;
/// Safari a `MessageChannel`.
pub(super) fn soon(call: impl FnOnce() + 'static) {
    let number = CALLS.with_borrow_mut(|calls| calls.add(Box::new(call)));
    let bound = CALL_BACK.with(|call_back| bound(call_back, number));
    let number = number as f64;
    let _ = set_immediate(&bound)
        .or_else(|_| post_task(&bound))
        .or_else(|_| post_message(number))
        .or_else(|_| set_timeout(&bound, 0, number));
}

/// One channel for all, since a new one for each turn is slow to make and to collect.
fn post_message(number: f64) -> Result<JsValue, JsValue> {
    let port = CHANNEL.with_borrow_mut(|channel| match channel {
        Some((port, _)) => Ok::<_, JsValue>(port.clone()),
        None => {
            let pair = MessageChannel::new()?;
            let listener = Closure::new(|event: JsValue| {
                let number = shape::get(&event, "data").ok().and_then(|number| number.as_f64());
                call_back(number.unwrap_or_default());
            });
            pair.port1().set_onmessage(Some(listener.as_ref().unchecked_ref()));
            let (port, _) = channel.insert((pair.port2(), listener));
            Ok(port.clone())
        }
    })?;
    port.post_message(&number.into())?;
    Ok(JsValue::UNDEFINED)
}

fn call_back(number: f64) {
    let call = CALLS.with_borrow_mut(|calls| calls.remove(number as u64));
    if let Some(call) = call {
        call();
    }
}

thread_local! {
    /// What timers and ends of turns call.
    static CALLS: RefCell<Numbered<Box<dyn FnOnce()>>> = const { RefCell::new(Numbered::new()) };
    static CALL_BACK: Closure<dyn Fn(f64)> = Closure::new(call_back);
    static CHANNEL: RefCell<Option<Channel>> = const { RefCell::new(None) };
}

/// Its port to post to, and what listens at the other.
type Channel = (MessagePort, Closure<dyn Fn(JsValue)>);

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout, catch)]
    fn set_timeout(callback: &JsValue, millis: i32, argument: f64) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = clearTimeout, catch)]
    fn clear_timeout(handle: &JsValue) -> Result<(), JsValue>;

    #[wasm_bindgen(js_name = setImmediate, catch)]
    fn set_immediate(callback: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = scheduler, js_name = postTask, catch)]
    fn post_task(callback: &JsValue) -> Result<JsValue, JsValue>;
}
