//! The platform, for front ends in Rust: `driver.js`, the clock, and chance.

use alloc::string::String;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/wasm/driver.js")]
extern "C" {
    #[derive(Debug)]
    pub(super) type Driver;

    /// `timeout`: for one request, in milliseconds.
    #[wasm_bindgen(constructor)]
    pub(super) fn new(timeout: f64, step: &JsValue, report: &JsValue) -> Driver;

    #[wasm_bindgen(method)]
    pub(super) fn soon(this: &Driver);

    #[wasm_bindgen(method)]
    pub(super) fn pump(this: &Driver);

    #[wasm_bindgen(method)]
    pub(super) fn close(this: &Driver);

    #[wasm_bindgen(js_name = originOf)]
    pub(super) fn origin_of(base: &str) -> String;
}

#[wasm_bindgen]
extern "C" {
    /// The wall clock.
    #[wasm_bindgen(js_namespace = Date)]
    pub(super) fn now() -> f64;

    /// From 0 to 1.
    #[wasm_bindgen(js_namespace = Math)]
    pub(super) fn random() -> f64;
}
