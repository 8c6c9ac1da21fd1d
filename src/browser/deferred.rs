//! The promise of a call, settled from here.

use super::shape;
use core::cell::RefCell;
use js_sys::{Function, Object, Promise};
use wasm_bindgen::prelude::*;

thread_local! {
    static MAKE: RefCell<Option<Make>> = const { RefCell::new(None) };
}

/// Takes the function that makes a promise with what settles it: after a trap its maker finds those that are still
/// open in the wasm's table of JavaScript's values, and rejects them.
pub(super) fn make_with(make: Function) {
    MAKE.set(Some(make.unchecked_into()));
}

impl Deferred {
    pub(super) fn new() -> Self {
        match MAKE.with_borrow(Clone::clone) {
            Some(make) => make.call(),
            None => Self::plain().unchecked_into(),
        }
    }

    /// What `wasm-pack build` alone gives.
    fn plain() -> JsValue {
        let made = Object::new();
        let promise = Promise::new(&mut |resolve, reject| {
            shape::set(&made, "resolve", &resolve);
            shape::set(&made, "reject", &reject);
        });
        shape::set(&made, "promise", &promise);
        made.into()
    }

    pub(super) fn settle(&self, end: Result<JsValue, JsValue>) {
        match end {
            Ok(answer) => self.resolve(&answer),
            Err(reason) => self.reject(&reason),
        }
    }
}

#[wasm_bindgen]
extern "C" {
    /// A function of ours, which throws nothing.
    #[derive(Clone)]
    type Make;
    #[wasm_bindgen(method, structural)]
    fn call(this: &Make) -> Deferred;

    pub(super) type Deferred;
    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn promise(this: &Deferred) -> Promise;
    #[wasm_bindgen(method, structural)]
    fn resolve(this: &Deferred, answer: &JsValue);
    #[wasm_bindgen(method, structural)]
    fn reject(this: &Deferred, reason: &JsValue);
}
