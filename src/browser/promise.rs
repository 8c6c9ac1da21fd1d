//! `await` for what strangers return: promises of other realms, thenables, plain values, promises with a `then` of
//! their own.

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Waits as the language's `await` does: it looks at the constructor of a promise, never at a `then` that was put over
/// its own, and whatever throws on the way is an error here.
pub(super) async fn settled(value: &JsValue) -> Result<JsValue, JsValue> {
    let promise = resolve(value)?;
    let plain = THEN.with(|then| then.call0(&promise))?;
    JsFuture::from(plain.unchecked_into::<Promise>()).await
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Promise, catch)]
    fn resolve(value: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(thread_local_v2, js_namespace = ["Promise", "prototype"], js_name = then)]
    static THEN: Function;
}
