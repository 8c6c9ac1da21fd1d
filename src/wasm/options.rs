//! The options of a call and of a checker, read strictly: a misspelt one would silently not hold.

use super::abort::Signal;
use super::driver::{Driver, Transport};
use super::errors::{invalid, joined};
use super::ids::shown;
use super::js;
use crate::base_url::BaseUrl;
use crate::engine::Config;
use crate::text::push_number;
use crate::version_id::UserId;
use js_sys::{Array, Function};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// Whose options are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// `checkPermissions`: both kinds.
    Both,
    /// `new PermissionChecker`.
    Checker,
    /// Its methods.
    Call,
    /// Those that may look single versions and models up.
    LookUp,
}

#[derive(Default)]
pub(super) struct Options {
    pub(super) config: Config,
    pub(super) fetch: Option<Function>,
    pub(super) user: Option<UserId>,
    pub(super) signal: Option<Signal>,
    pub(super) fresh: bool,
    pub(super) bulk: bool,
}

/// The options of a call, then those of a checker.
const NAMES: [&str; 13] = [
    "userId",
    "signal",
    "fresh",
    "entityType",
    "permission",
    "bulk",
    "baseUrl",
    "maxBatchSize",
    "concurrency",
    "maxAge",
    "timeout",
    "retries",
    "fetch",
];
const CALL_NAMES: usize = 6;

impl Options {
    pub(super) fn read(value: &JsValue, scope: Scope) -> Result<Self, JsValue> {
        let mut options = Self::default();
        if value.is_undefined() {
            return Ok(options);
        }
        if !value.is_object() || Array::is_array(value) {
            return Err(invalid(&[
                "options is ",
                &shown(value),
                ": expected an object such as { userId: 12345 }",
            ]));
        }
        for key in keys(value)? {
            let key = key.as_string().unwrap_or_default();
            let place = NAMES.iter().position(|name| *name == key).ok_or_else(|| unknown(&key))?;
            misplaced(&key, place < CALL_NAMES, scope)?;
        }
        for name in NAMES {
            let value = js::get(value, name)?;
            if !value.is_undefined() {
                options.take(name, value)?;
            }
        }
        Ok(options)
    }

    /// A driver as they want it. A call waits for a closed gate as long as for a request.
    pub(super) fn driver(&self, joins: bool) -> Rc<Driver> {
        let (fetch, timeout) = (self.fetch.clone(), self.config.patience);
        Driver::new(self.config.clone(), Transport { fetch, timeout, joins })
    }

    fn take(&mut self, name: &str, value: JsValue) -> Result<(), JsValue> {
        match name {
            "userId" if value.is_null() => {}
            "userId" => self.user = UserId::new(whole(name, &value, 1, MAX, "null, or a user's id")?),
            "signal" if value.is_null() => {}
            "signal" => self.signal = Some(Signal::read(value)?),
            "fresh" => self.fresh = flag(name, &value)?,
            "bulk" => self.bulk = flag(name, &value)?,
            "entityType" => only(name, &value, "ModelVersion")?,
            "permission" => only(name, &value, "Generate")?,
            "baseUrl" => {
                let text = value.as_string().ok_or_else(|| wrong(name, &value, "expected a URL as text"))?;
                self.config.base =
                    BaseUrl::parse(&text).map_err(|error| wrong(name, &value, &error.to_string()))?;
            }
            "maxBatchSize" => {
                self.config.max_batch = whole(name, &value, 1, 10_000, "a number of ids")? as u16
            }
            "concurrency" => {
                self.config.concurrency = whole(name, &value, 1, 16, "a number of requests")? as u8
            }
            "retries" => self.config.retries = whole(name, &value, 0, 10, "a number of tries")? as u8,
            "timeout" => self.config.patience = whole(name, &value, 1, MAX, "milliseconds")?.into(),
            "maxAge" => match value.as_f64().filter(|age| age.is_finite() && *age >= 0.0) {
                Some(age) => self.config.max_age = age as u64,
                None => return Err(wrong(name, &value, "expected milliseconds, 0 or more")),
            },
            _ => match value.dyn_into() {
                Ok(fetch) => self.fetch = Some(fetch),
                Err(value) => return Err(wrong(name, &value, "expected a function like the global fetch")),
            },
        }
        Ok(())
    }
}

const MAX: u32 = 2_147_483_647;

fn wrong(name: &str, value: &JsValue, expected: &str) -> JsValue {
    invalid(&[name, " is ", &shown(value), ": ", expected])
}

fn whole(name: &str, value: &JsValue, least: u32, most: u32, what: &str) -> Result<u32, JsValue> {
    let number = value.as_f64().unwrap_or(f64::NAN);
    let read = number as u32;
    if f64::from(read) == number && read >= least && read <= most {
        return Ok(read);
    }
    let (mut from, mut to) = (String::new(), String::new());
    push_number(&mut from, least.into());
    push_number(&mut to, most.into());
    Err(wrong(name, value, &joined(&["expected ", what, ", a whole number from ", &from, " to ", &to])))
}

fn flag(name: &str, value: &JsValue) -> Result<bool, JsValue> {
    value.as_bool().ok_or_else(|| wrong(name, value, "expected true or false"))
}

fn only(name: &str, value: &JsValue, allowed: &str) -> Result<(), JsValue> {
    if value.as_string().is_some_and(|text| text == allowed) {
        return Ok(());
    }
    Err(wrong(name, value, &joined(&["the only value is \"", allowed, "\", in this case"])))
}

fn misplaced(key: &str, of_call: bool, scope: Scope) -> Result<(), JsValue> {
    if key == "bulk" && scope != Scope::LookUp {
        return Err(invalid(&[
            "the option bulk belongs to explain and versions: nothing else looks anything up",
        ]));
    }
    match (scope, of_call) {
        (Scope::Checker, true) => {
            Err(invalid(&["the option ", key, " belongs to each call, such as check(ids, { ", key, ": … })"]))
        }
        (Scope::Call | Scope::LookUp, false) => Err(invalid(&[
            "the option ",
            key,
            " belongs to the checker: new PermissionChecker({ ",
            key,
            ": … })",
        ])),
        _ => Ok(()),
    }
}

fn unknown(key: &str) -> JsValue {
    let plain: Vec<u8> =
        key.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase()).collect();
    if SECRETS.iter().any(|secret| *secret == plain) {
        return invalid(&[
            "the option ",
            &shown(&JsValue::from_str(key)),
            " is refused: the check takes no token, and in a page everyone could read it. On a server, currentUser of \
             civitai-permissions/server tells the userId of a token's owner",
        ]);
    }
    let near = NAMES.iter().find(|name| distance(name.to_ascii_lowercase().as_bytes(), &plain) <= 2);
    let unknown = shown(&JsValue::from_str(key));
    match near {
        Some(near) => invalid(&["there is no option ", &unknown, "; did you mean ", near, "?"]),
        None => {
            let mut all = String::new();
            for name in NAMES {
                all.push_str(if all.is_empty() { "" } else { ", " });
                all.push_str(name);
            }
            invalid(&["there is no option ", &unknown, "; there are ", &all])
        }
    }
}

/// Names under which people hand over secrets, in lower case without separators.
const SECRETS: [&[u8]; 12] = [
    b"token",
    b"apitoken",
    b"accesstoken",
    b"authtoken",
    b"bearertoken",
    b"apikey",
    b"key",
    b"auth",
    b"authorization",
    b"bearer",
    b"headers",
    b"credentials",
];

/// How many letters to put in, take out or change (Levenshtein 1966).
fn distance(left: &[u8], right: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (place, letter) in left.iter().enumerate() {
        let mut corner = place;
        let mut before = place + 1;
        for (other, cell) in right.iter().zip(row.iter_mut().skip(1)) {
            let changed = corner + usize::from(letter != other);
            corner = *cell;
            *cell = changed.min(corner + 1).min(before + 1);
            before = *cell;
        }
        if let Some(first) = row.first_mut() {
            *first = place + 1;
        }
    }
    row.last().copied().unwrap_or(left.len())
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Object, catch)]
    fn keys(object: &JsValue) -> Result<Array, JsValue>;
}
