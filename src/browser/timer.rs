//! Time: the wall clock, a timer that clears itself, and the end of the event loop's turn.

use crate::time::Millis;
use core::cell::RefCell;
use js_sys::Function;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{MessageChannel, MessagePort};

/// The wall clock.
pub(super) fn now() -> Millis {
    js_sys::Date::now() as Millis
}

/// A timer's handle: a number in browsers, an object in Node.
#[derive(Debug)]
pub(super) struct Timer(JsValue);

impl Timer {
    /// Calls a function with a number, after so many milliseconds at the earliest.
    pub(super) fn after(millis: Millis, callback: &JsValue, argument: u32) -> Self {
        Self(set_timeout(callback, millis.min(LONGEST) as i32, argument).unwrap_or_default())
    }
}

impl Drop for Timer {
    /// Also what lets a Node process end: a timer that nobody needs would keep it alive.
    fn drop(&mut self) {
        let _ = clear_timeout(&self.0);
    }
}

/// The longest wait that `setTimeout` takes; a longer one would be over at once.
const LONGEST: Millis = 2_147_483_647;

/// Calls back once the event loop's turn is over, without the milliseconds that `setTimeout` adds. What is there
/// differs: Node, Deno, Bun and workers at the edge have `setImmediate`; Chromium and Firefox `scheduler.postTask`;
/// Safari a `MessageChannel`.
pub(super) fn soon(callback: &JsValue) {
    let _ = set_immediate(callback)
        .or_else(|_| post_task(callback))
        .or_else(|_| post_message(callback))
        .or_else(|_| set_timeout(callback, 0, 0));
}

/// One channel for all, since a new one for each turn is slow to make and to collect.
fn post_message(callback: &JsValue) -> Result<JsValue, JsValue> {
    let callback = callback.dyn_ref::<Function>().ok_or(JsValue::UNDEFINED)?;
    let port = CHANNEL.with_borrow_mut(|channel| match channel {
        Some((port, waiting, _)) => Ok::<_, JsValue>((port.clone(), waiting.clone())),
        None => {
            let pair = MessageChannel::new()?;
            let waiting = Rc::<RefCell<Vec<Function>>>::default();
            let calls = waiting.clone();
            let listener = Closure::new(move || {
                for call in calls.take() {
                    let _ = call.call0(&JsValue::UNDEFINED);
                }
            });
            pair.port1().set_onmessage(Some(listener.as_ref().unchecked_ref()));
            let port = pair.port2();
            *channel = Some((port.clone(), waiting.clone(), listener));
            Ok((port, waiting))
        }
    });
    let (port, waiting) = port?;
    waiting.borrow_mut().push(callback.clone());
    port.post_message(&JsValue::NULL)?;
    Ok(JsValue::UNDEFINED)
}

type Channel = (MessagePort, Rc<RefCell<Vec<Function>>>, Closure<dyn FnMut()>);

thread_local! {
    static CHANNEL: RefCell<Option<Channel>> = const { RefCell::new(None) };
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout, catch)]
    fn set_timeout(callback: &JsValue, millis: i32, argument: u32) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = clearTimeout, catch)]
    fn clear_timeout(handle: &JsValue) -> Result<(), JsValue>;

    #[wasm_bindgen(js_name = setImmediate, catch)]
    fn set_immediate(callback: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = scheduler, js_name = postTask, catch)]
    fn post_task(callback: &JsValue) -> Result<JsValue, JsValue>;
}
