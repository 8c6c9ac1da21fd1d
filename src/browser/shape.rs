//! JavaScript's values by name and shape: what a caller hands in may come from another realm, so nothing asks for its
//! class.

use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::*;

/// A property; a getter may throw.
pub(super) fn get(value: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    Reflect::get(value, &JsValue::from_str(name))
}

/// The property if it is a function.
pub(super) fn method(value: &JsValue, name: &str) -> Result<Option<Function>, JsValue> {
    Ok(get(value, name)?.dyn_into().ok())
}

/// Sets a property of an object of ours, which cannot fail.
pub(super) fn set(object: &JsValue, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &JsValue::from_str(name), value);
}

/// `value.first.second`, or undefined where a part is missing.
pub(super) fn path(value: &JsValue, names: &[&str]) -> JsValue {
    names.iter().fold(value.clone(), |value, name| get(&value, name).unwrap_or_default())
}

/// Whether it is a list. `Array.isArray` throws on a `Proxy` that was revoked, and what throws without being caught
/// ends the instance, with all calls under way.
pub(super) fn is_list(value: &JsValue) -> bool {
    is_array(value).unwrap_or_default()
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Array, js_name = isArray, catch)]
    fn is_array(value: &JsValue) -> Result<bool, JsValue>;
}
