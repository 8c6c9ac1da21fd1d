//! Errors on their way out: their messages, and the JavaScript class that carries them.

use super::client::Client;
use super::fetch::in_node;
use super::shape;
use crate::failure::{Code, Failure};
use crate::id::IdError;
use core::cell::RefCell;
use js_sys::{Array, Function, Object};
use wasm_bindgen::prelude::*;

/// What was wrong with an argument: the `reason` of `INVALID_ARGUMENT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    NotAnId,
    OutOfRange,
    Option,
    Secret,
}

impl Reason {
    const fn as_str(self) -> &'static str {
        match self {
            Self::NotAnId => "NOT_AN_ID",
            Self::OutOfRange => "OUT_OF_RANGE",
            Self::Option => "OPTION",
            Self::Secret => "SECRET",
        }
    }
}

/// A bad argument; the message in pieces.
pub(super) fn invalid(reason: Reason, message: &[&str]) -> JsValue {
    invalid_argument(reason.as_str(), message)
}

/// An id that is none.
pub(super) fn invalid_id(error: IdError, message: &[&str]) -> JsValue {
    invalid_argument(error.code(), message)
}

fn invalid_argument(reason: &str, message: &[&str]) -> JsValue {
    let details = Object::new();
    shape::set(&details, "reason", &JsValue::from_str(reason));
    make(&String::from_iter(message.iter().copied()), Code::InvalidArgument, &details)
}

/// What remains without a verdict, of how many.
pub(super) struct Unknown<'a> {
    pub(super) what: &'a str,
    /// In ascending order.
    pub(super) ids: &'a [u32],
    pub(super) of: usize,
    /// Of the lowest.
    pub(super) failure: Failure,
}

impl Unknown<'_> {
    /// What failed, for which ids, and why.
    pub(super) fn message(&self, base: &str, cause: Option<&JsValue>) -> String {
        let Self { what, ids, of, failure } = self;
        let shown: Vec<String> = ids.iter().take(SHOWN).map(u32::to_string).collect();
        let shown = listed(&shown) + if ids.len() > SHOWN { ", …" } else { "" };
        let which = if *of > 1 {
            format!("{} of {of} {what}s ({shown})", ids.len())
        } else {
            format!("{what} {shown}")
        };
        let why = match failure.code {
            Code::Network if in_node() => no_reply_in_node(cause),
            _ => failure.reason().to_owned(),
        };
        let answered = failure.status.map(|status| format!(" answered {status}")).unwrap_or_default();
        format!("no verdict for {which}: {why} ({base}{answered})")
    }

    /// The error; `verdicts` are those that are known, `retry` says whether the ids can be asked again.
    pub(super) fn error(&self, client: &Client, verdicts: Option<&JsValue>, retry: bool) -> JsValue {
        let details = Object::new();
        if let Some(status) = self.failure.status {
            shape::set(&details, "status", &status.into());
        }
        if let Some(millis) = self.failure.retry_after {
            shape::set(&details, "retryAfter", &(millis as f64).into());
        }
        let cause = client.cause(self.failure.request);
        if let Some(cause) = &cause {
            shape::set(&details, "cause", cause);
        }
        if let Some(verdicts) = verdicts {
            shape::set(&details, "verdicts", verdicts);
        }
        if retry {
            let ids: Array = self.ids.iter().copied().map(JsValue::from).collect();
            shape::set(&details, "unknown", &ids);
        }
        make(&self.message(&client.base, cause.as_ref()), self.failure.code, &details)
    }
}

/// `a, b, c`
pub(super) fn listed(words: &[impl AsRef<str>]) -> String {
    let mut list = String::new();
    for word in words {
        if !list.is_empty() {
            list.push_str(", ");
        }
        list.push_str(word.as_ref());
    }
    list
}

/// Ids named in a message.
const SHOWN: usize = 5;

/// Unlike a browser, Node says why there was no reply: in the `code` of the error or of its cause.
fn no_reply_in_node(cause: Option<&JsValue>) -> String {
    let code = cause.and_then(|cause| {
        let codes = [shape::path(cause, &["cause", "code"]), shape::path(cause, &["code"])];
        codes.iter().find_map(JsValue::as_string)
    });
    match code.filter(|code| code.len() <= 40 && code.bytes().all(is_of_code)) {
        Some(code) => format!("no response: {code}; try later"),
        None => String::from("no response; try later"),
    }
}

fn is_of_code(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_'
}

thread_local! {
    static MAKE: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Takes the function that makes an error of a message and its details. Without one, errors are plain ones with the
/// same fields.
pub(super) fn make_with(make: Function) {
    MAKE.set(Some(make));
}

fn make(message: &str, code: Code, details: &Object) -> JsValue {
    shape::set(details, "code", &JsValue::from_str(code.as_str()));
    let make = MAKE.with_borrow(Clone::clone);
    match make.map(|make| make.call2(&JsValue::UNDEFINED, &JsValue::from_str(message), details)) {
        Some(Ok(error) | Err(error)) => error,
        None => plain(message, details),
    }
}

/// What `wasm-pack build` alone gives: recognised by the same brand as the npm module's class.
fn plain(message: &str, details: &Object) -> JsValue {
    let error = js_sys::Error::new(message);
    error.set_name("PermissionsError");
    shape::set(&error, "verdicts", &Object::new());
    shape::set(&error, "unknown", &Array::new());
    let brand = js_sys::Symbol::for_("civitai-permissions.error");
    let _ = js_sys::Reflect::set(&error, &brand, &JsValue::TRUE);
    Object::assign(&error, details).into()
}
