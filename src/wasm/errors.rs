//! Errors on their way out: messages, and the JavaScript class that carries them.

use super::driver::Driver;
use super::js;
use crate::error::{Code, Failure};
use crate::text::push_number;
use core::cell::RefCell;
use js_sys::{Array, Function, Object};
use wasm_bindgen::prelude::*;

thread_local! {
    static MAKE: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Takes the function that makes an error of a message and its details; before, plain Errors are made.
pub(super) fn make_with(make: Function) {
    MAKE.set(Some(make));
}

/// A bad argument; the message in pieces.
pub(super) fn invalid(message: &[&str]) -> JsValue {
    make(&joined(message), Code::InvalidArgument, &Object::new())
}

/// `[&str]::concat` costs a kilobyte.
pub(super) fn joined(pieces: &[&str]) -> String {
    let mut text = String::new();
    for piece in pieces {
        text.push_str(piece);
    }
    text
}

/// What remains without a verdict, of how many.
pub(super) struct Unknown<'a> {
    pub(super) what: &'a str,
    /// In ascending order.
    pub(super) ids: &'a [u64],
    pub(super) of: usize,
    /// Of the lowest.
    pub(super) failure: Failure,
}

impl Unknown<'_> {
    /// What failed, for which ids, and why.
    pub(super) fn message(&self, base: &str) -> String {
        let mut text = String::from("no verdict for ");
        let many = self.of > 1;
        if many {
            push_number(&mut text, self.ids.len() as u64);
            text.push_str(" of ");
            push_number(&mut text, self.of as u64);
            text.push(' ');
        }
        text.push_str(self.what);
        text.push_str(if many { "s (" } else { " " });
        for (place, id) in self.ids.iter().take(SHOWN).enumerate() {
            text.push_str(if place == 0 { "" } else { ", " });
            push_number(&mut text, *id);
        }
        text.push_str(if self.ids.len() > SHOWN { ", …" } else { "" });
        text.push_str(if many { ")" } else { "" });
        text.push_str(": ");
        text.push_str(&self.failure.to_string());
        text.push_str(" (");
        text.push_str(base);
        if let Some(status) = self.failure.status {
            text.push_str(" answered ");
            push_number(&mut text, u64::from(status));
        }
        text.push(')');
        text
    }

    /// The error; `verdicts` are those that are known.
    pub(super) fn error(&self, driver: &Driver, verdicts: Option<&Object>, retry: bool) -> JsValue {
        let details = Object::new();
        if let Some(status) = self.failure.status {
            js::set(&details, "status", &status.into());
        }
        if let Some(millis) = self.failure.retry_after {
            js::set(&details, "retryAfter", &(millis as f64).into());
        }
        if let Some(cause) = driver.cause(self.failure.request) {
            js::set(&details, "cause", &cause);
        }
        if let Some(verdicts) = verdicts {
            js::set(&details, "verdicts", verdicts);
        }
        if retry {
            let ids: Array = self.ids.iter().map(|id| JsValue::from(*id as f64)).collect();
            js::set(&details, "unknown", &ids);
        }
        make(&self.message(&driver.base), self.failure.code, &details)
    }
}

/// Ids named in a message.
const SHOWN: usize = 5;

fn make(message: &str, code: Code, details: &Object) -> JsValue {
    js::set(details, "code", &JsValue::from_str(code.as_str()));
    let message = JsValue::from_str(message);
    let make = MAKE.with_borrow(Clone::clone);
    match make.map(|make| make.call2(&JsValue::UNDEFINED, &message, details)) {
        Some(Ok(error) | Err(error)) => error,
        None => {
            let error = js_sys::Error::new("");
            js::set(&error, "message", &message);
            Object::assign(&error, details).into()
        }
    }
}
