//! The caller's `AbortSignal`, by its shape: it may come from another realm or a polyfill.

use super::asked::Asked;
use super::errors::invalid;
use super::ids::shown;
use super::js;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// A signal that was given.
pub(super) struct Signal(JsValue);

/// Listens until it is dropped.
#[derive(Debug)]
pub(super) struct Listener {
    signal: JsValue,
    callback: Closure<dyn FnMut()>,
}

impl Signal {
    pub(super) fn read(value: JsValue) -> Result<Self, JsValue> {
        let fits = value.is_object()
            && js::get(&value, "aborted")?.as_bool().is_some()
            && js::method(&value, "addEventListener")?.is_some()
            && js::method(&value, "removeEventListener")?.is_some();
        if fits {
            Ok(Self(value))
        } else {
            Err(invalid(&["signal is ", &shown(&value), ": expected an AbortSignal"]))
        }
    }

    /// The reason, as an error, if it has fired.
    pub(super) fn check(&self) -> Result<(), JsValue> {
        if js::get(&self.0, "aborted")?.is_truthy() { Err(js::get(&self.0, "reason")?) } else { Ok(()) }
    }

    /// Ends this ask when it fires: at once for its caller, with the reason unchanged.
    pub(super) fn watch(self, asked: &mut Asked) -> Result<(), JsValue> {
        let (driver, id, slot) = (Rc::downgrade(&asked.driver), asked.id, asked.slot.clone());
        let signal = self.0.clone();
        let callback = Closure::new(move || {
            slot.reject(js::get(&signal, "reason").unwrap_or_else(|thrown| thrown));
            if let Some(driver) = driver.upgrade() {
                driver.forget(id);
            }
        });
        js::call(&self.0, "addEventListener", &[&JsValue::from_str("abort"), callback.as_ref()])?;
        asked.listener = Some(Listener { signal: self.0, callback });
        Ok(())
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = js::call(
            &self.signal,
            "removeEventListener",
            &[&JsValue::from_str("abort"), self.callback.as_ref()],
        );
    }
}
