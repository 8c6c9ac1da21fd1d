//! The options of a call and of a checker, read strictly: a misspelt one would silently not hold.

use super::client::{Client, Transport};
use super::errors::{Reason, invalid, listed};
use super::ids::{self, shown};
use super::shape;
use super::signal::Signal;
use crate::api::base_url::BaseUrl;
use crate::engine::{AskOptions, Config};
use js_sys::{Array, Function, Object, Reflect};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// Whose options are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    Checker,
    Call,
    /// A call's that may look single versions and models up.
    LookUp,
    /// Those of a call and of a checker, for the one shot.
    Both,
}

/// Whatever was given, and the defaults of the rest.
#[derive(Default)]
pub(super) struct Options {
    pub(super) ask: AskOptions,
    pub(super) signal: Option<Signal>,
    /// Of a checker; a call has none, and there may be thousands of those.
    config: Option<Config>,
    fetch: Option<Function>,
}

const NAMES: [&str; 14] = [
    "userId",
    "signal",
    "fresh",
    "notOwned",
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
/// Of those, the ones of a call stand first.
const CALL_NAMES: usize = 7;

impl Options {
    pub(super) fn read(value: &JsValue, scope: Scope) -> Result<Self, JsValue> {
        let mut options = Self::default();
        if value.is_undefined() {
            return Ok(options);
        }
        if !value.is_object() || shape::is_list(value) {
            let expected = ": expected an object such as { userId: 12345 }";
            return Err(invalid(Reason::Option, &["options is ", &shown(value), expected]));
        }
        let own = keys(value)?;
        for key in own.iter() {
            let name = known(&key)?;
            misplaced(name, scope)?;
            options.take(name, Reflect::get(value, &key)?, scope)?;
        }
        if is_plain(value)? {
            return Ok(options);
        }
        // Inherited ones count as well, but not what somebody's library put on `Object.prototype`.
        for name in NAMES {
            let key = JsValue::from_str(name);
            let strange = PROTOTYPE.with(|prototype| Reflect::has(prototype, &key))?;
            if !strange && !own.includes(&key, 0) {
                options.take(name, Reflect::get(value, &key)?, scope)?;
            }
        }
        Ok(options)
    }

    /// A client as they want it. A call waits for a paused host as long as for a request.
    pub(super) fn client(&self, joins: bool) -> Rc<Client> {
        let config = self.config.clone().unwrap_or_default();
        let (fetch, timeout) = (self.fetch.clone(), config.patience);
        Client::new(config, Transport { fetch, timeout, joins })
    }

    pub(super) fn config(&mut self) -> &mut Config {
        self.config.get_or_insert_default()
    }

    fn take(&mut self, name: &str, value: JsValue, scope: Scope) -> Result<(), JsValue> {
        if value.is_undefined() {
            return Ok(());
        }
        misplaced(name, scope)?;
        match name {
            "userId" | "signal" if value.is_null() => {}
            "userId" => self.ask.user = Some(ids::user(&value)?),
            "signal" => self.signal = Some(Signal::read(value)?),
            "fresh" => self.ask.fresh = flag(name, &value)?,
            "notOwned" => self.ask.not_owned = flag(name, &value)?,
            "bulk" => self.ask.bulk = flag(name, &value)?,
            "entityType" => only(name, &value, "ModelVersion")?,
            "permission" => only(name, &value, "Generate")?,
            "baseUrl" => self.config().base = base_url(&value)?,
            "maxBatchSize" => {
                self.config().max_batch = whole(name, &value, "a number of ids", 1, 10_000)? as u16
            }
            "concurrency" => {
                self.config().concurrency = whole(name, &value, "a number of requests", 1, 16)? as u8
            }
            "retries" => self.config().retries = whole(name, &value, "a number of retries", 0, 10)? as u8,
            "timeout" => self.config().patience = whole(name, &value, "milliseconds", 1, MAX)?.into(),
            "maxAge" => match value.as_f64().filter(|age| age.is_finite() && *age >= 0.0) {
                Some(age) => self.config().max_age = age as u64,
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

/// Of nobody's class.
fn is_plain(options: &JsValue) -> Result<bool, JsValue> {
    let above = prototype_of(options)?;
    Ok(above.is_null() || PROTOTYPE.with(|prototype| *prototype == above))
}

fn known(key: &JsValue) -> Result<&'static str, JsValue> {
    let key = key.as_string().unwrap_or_default();
    NAMES.into_iter().find(|name| *name == key).ok_or_else(|| unknown(&key))
}

/// Text, or a `URL`, of any realm.
fn base_url(value: &JsValue) -> Result<BaseUrl, JsValue> {
    let href = if value.is_object() { shape::get(value, "href")? } else { JsValue::UNDEFINED };
    let Some(text) = value.as_string().or_else(|| href.as_string()) else {
        return Err(wrong("baseUrl", value, "expected a URL, as text or as a URL object"));
    };
    let base = BaseUrl::parse(&text).map_err(|error| {
        // What was given may hold a password or a token.
        let quoted = if text.contains(['@', '?', '#']) {
            String::new()
        } else {
            String::from(" is ") + &shown(&text.as_str().into())
        };
        invalid(Reason::Option, &["baseUrl", &quoted, ": ", &error.to_string()])
    })?;
    if let Some(right) = base.as_str().strip_suffix("/api/v1") {
        let expected = format!("the path of the API is added to it, so give \"{right}\"");
        return Err(wrong("baseUrl", &JsValue::from_str(base.as_str()), &expected));
    }
    Ok(base)
}

fn wrong(name: &str, value: &JsValue, expected: &str) -> JsValue {
    invalid(Reason::Option, &[name, " is ", &shown(value), ": ", expected])
}

fn range(what: &str, least: u32, most: u32) -> String {
    format!("expected {what}, a whole number from {least} to {most}")
}

fn whole(name: &str, value: &JsValue, what: &str, least: u32, most: u32) -> Result<u32, JsValue> {
    let number = value.as_f64().unwrap_or(f64::NAN);
    let read = number as u32;
    if f64::from(read) == number && (least..=most).contains(&read) {
        return Ok(read);
    }
    Err(wrong(name, value, &range(what, least, most)))
}

fn flag(name: &str, value: &JsValue) -> Result<bool, JsValue> {
    value.as_bool().ok_or_else(|| wrong(name, value, "expected true or false"))
}

fn only(name: &str, value: &JsValue, allowed: &str) -> Result<(), JsValue> {
    if value.as_string().is_some_and(|text| text == allowed) {
        return Ok(());
    }
    Err(wrong(name, value, &format!("the only value is \"{allowed}\", in this case")))
}

fn misplaced(name: &str, scope: Scope) -> Result<(), JsValue> {
    let of_call = NAMES.iter().take(CALL_NAMES).any(|of_call| *of_call == name);
    if name == "bulk" && scope != Scope::LookUp {
        let message = "the option bulk belongs to explain and versions: nothing else looks anything up";
        return Err(invalid(Reason::Option, &[message]));
    }
    let message = match (scope, of_call) {
        (Scope::Checker, true) => {
            format!("the option {name} belongs to each call, such as check(ids, {{ {name}: … }})")
        }
        (Scope::Call | Scope::LookUp, false) => {
            format!("the option {name} belongs to the checker: new PermissionChecker({{ {name}: … }})")
        }
        _ => return Ok(()),
    };
    Err(invalid(Reason::Option, &[&message]))
}

fn unknown(key: &str) -> JsValue {
    let plain: String =
        key.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    // Only what can be no token itself.
    let short =
        key.len() <= 20 && key.bytes().all(|byte| byte.is_ascii_alphabetic() || b"_-".contains(&byte));
    let named = if short { shown(&JsValue::from_str(key)) } else { String::from("of that name") };
    let holds = |word: &[u8]| plain.as_bytes().windows(word.len()).any(|part| part == word);
    if SECRETS.iter().any(|secret| holds(secret)) {
        let message = " is refused: the check takes no token, and in a page everyone could read it. On a server, \
                       currentUser of civitai-permissions/server returns the userId of a token's owner";
        return invalid(Reason::Secret, &["the option ", &named, message]);
    }
    invalid(Reason::Option, &["there is no option ", &named, "; there are ", &listed(&NAMES)])
}

/// What the names under which people hand over secrets hold, in lower case without separators.
const SECRETS: [&[u8]; 8] =
    [b"token", b"key", b"secret", b"auth", b"bearer", b"password", b"headers", b"credentials"];

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Object, catch)]
    fn keys(object: &JsValue) -> Result<Array, JsValue>;
    #[wasm_bindgen(js_namespace = Object, js_name = getPrototypeOf, catch)]
    fn prototype_of(object: &JsValue) -> Result<Object, JsValue>;
    #[wasm_bindgen(thread_local_v2, js_namespace = Object, js_name = prototype)]
    static PROTOTYPE: Object;
}
