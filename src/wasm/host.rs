//! The platform, as `host.js` wraps it: requests, and one timer.

use alloc::string::String;
use alloc::vec::Vec;
use wasm_bindgen::prelude::*;

use crate::time::Millis;

/// What ends or comes: a request's number, its status or one of the events below it, `Retry-After`,
/// the body.
pub(super) type Report = Closure<dyn Fn(u32, u16, Option<String>, Vec<u8>)>;

#[wasm_bindgen(module = "/src/wasm/host.js")]
extern "C" {
    #[derive(Debug)]
    pub(super) type Host;

    /// `timeout`: for one request, in milliseconds. `fetch`: undefined for the global one.
    #[wasm_bindgen(constructor)]
    pub(super) fn new(fetch: &JsValue, timeout: f64, report: &Report) -> Host;

    #[wasm_bindgen(method)]
    pub(super) fn send(this: &Host, request: u32, url: &str);

    #[wasm_bindgen(method)]
    pub(super) fn abort(this: &Host, request: u32);

    #[wasm_bindgen(method)]
    pub(super) fn wait(this: &Host, millis: Option<f64>);

    #[wasm_bindgen(method)]
    pub(super) fn cause(this: &Host, request: u32) -> JsValue;

    #[wasm_bindgen(method)]
    pub(super) fn close(this: &Host);
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Date, js_name = now)]
    fn date_now() -> f64;

    /// From 0 to 1.
    #[wasm_bindgen(js_namespace = Math)]
    pub(super) fn random() -> f64;
}

/// The wall clock.
pub(super) fn now() -> Millis {
    date_now() as Millis
}
