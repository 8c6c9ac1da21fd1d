//! JavaScript's values by name and shape: what a caller hands in may come from another realm, so
//! nothing asks for its class.

use crate::time::Millis;
use js_sys::{Array, Function, Reflect};
use wasm_bindgen::prelude::*;

/// A property; a getter may throw.
pub(super) fn get(value: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    Reflect::get(value, &JsValue::from_str(name))
}

/// The property if it is a function.
pub(super) fn method(value: &JsValue, name: &str) -> Result<Option<Function>, JsValue> {
    Ok(get(value, name)?.dyn_into().ok())
}

/// Calls a method with what it takes.
pub(super) fn call(value: &JsValue, name: &str, args: &[&JsValue]) -> Result<JsValue, JsValue> {
    let list = Array::new();
    for arg in args {
        list.push(arg);
    }
    Reflect::apply(get(value, name)?.unchecked_ref::<Function>(), value, &list)
}

/// Sets a property of an object of ours, which cannot fail.
pub(super) fn set(object: &JsValue, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &JsValue::from_str(name), value);
}

/// A global by name, looked up each time: tests and polyfills replace them.
pub(super) fn global(name: &str) -> Option<JsValue> {
    get(&js_sys::global(), name).ok()
}

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

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout, catch)]
    fn set_timeout(callback: &JsValue, millis: i32, argument: u32) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = clearTimeout, catch)]
    fn clear_timeout(handle: &JsValue) -> Result<(), JsValue>;
}
