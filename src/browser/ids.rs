//! Ids as JavaScript hands them in: numbers, bigints, text; lists of them that may be anything that iterates.

use super::errors::{Reason, invalid, invalid_id};
use super::shape;
use crate::id::{IdError, UserId, VersionId};
use crate::shown;
use core::str::FromStr;
use js_sys::{Array, Float64Array, Function, JSON, Symbol};
use wasm_bindgen::prelude::*;

/// What a list may hold.
pub(super) trait Id: FromStr<Err = IdError> + TryFrom<u32, Error = IdError> {}
impl<T: FromStr<Err = IdError> + TryFrom<u32, Error = IdError>> Id for T {}

/// Ids in one call at most: what a caller can mean, and the end of an endless iterator.
const MOST: usize = 100_000;

/// Reads a list of ids, in its order, repeated ones too; messages call it by this name.
pub(super) fn list<T: Id>(value: &JsValue, name: &str) -> Result<Vec<T>, JsValue> {
    if let Some(ids) = numbers(value)? {
        return Ok(ids);
    }
    let iterate = if is_text(value)? {
        None
    } else {
        js_sys::Reflect::get(value, &Symbol::iterator())?.dyn_into::<Function>().ok()
    };
    let Some(iterate) = iterate else {
        let expected = ": expected a list of ids, such as [2514310]";
        return Err(invalid(Reason::NotAnId, &[name, " is ", &shown(value), expected]));
    };
    let mut ids = Vec::new();
    let iterator = iterate.call0(value)?;
    let next: Function = shape::get(&iterator, "next")?.unchecked_into();
    loop {
        let step = next.call0(&iterator)?;
        let step: &Step = step.unchecked_ref();
        if step.done()?.is_truthy() {
            return Ok(ids);
        }
        if let Err(error) = push(&mut ids, &step.value()?, name) {
            // As `for…of` does when it is left early.
            if let Ok(Some(close)) = shape::method(&iterator, "return") {
                let _ = close.call0(&iterator);
            }
            return Err(error);
        }
    }
}

/// An array of nothing but good numbers crosses as a whole, which is fifty times as fast as one by one. `None` for any
/// other list, which is then read one by one, and its faults are named.
fn numbers<T: Id>(list: &JsValue) -> Result<Option<Vec<T>>, JsValue> {
    // Unlike `Array.isArray` this never throws.
    if !<Array as JsCast>::instanceof(list) {
        return Ok(None);
    }
    let all_integers = EVERY.with(|every| IS_INTEGER.with(|is_integer| every.call1(list, is_integer)))?;
    if !all_integers.is_truthy() {
        return Ok(None);
    }
    let numbers = Numbers::new(list)?.unchecked_into::<Float64Array>();
    if numbers.length() as usize > MOST {
        return Ok(None);
    }
    Ok(numbers.to_vec().into_iter().map(|number| whole(number).ok()).collect())
}

/// Reads one version id.
pub(super) fn one(value: &JsValue) -> Result<VersionId, JsValue> {
    parse(value).map_err(|error| wrong("entityId", value, error))
}

/// Reads a user's id: a number, a bigint or digits.
pub(super) fn user(value: &JsValue) -> Result<UserId, JsValue> {
    parse(value).map_err(|error| wrong("userId", value, error))
}

/// A value as it stands in a message; anything without a short form is shown by its kind.
pub(super) fn shown(value: &JsValue) -> String {
    if let Some(text) = value.as_string() {
        let shown = if text.is_empty() { text } else { shown::shown(&text) };
        return JSON::stringify(&JsValue::from_str(&shown)).map(String::from).unwrap_or_default();
    }
    if value.is_function() {
        return String::from("a function");
    }
    if shape::is_list(value) {
        return String::from("an array");
    }
    if value.is_object() {
        return String::from("an object");
    }
    // What is left (numbers, bigints, booleans, symbols, null, undefined) this never throws on.
    let text = shown::shown(&to_text(value));
    if value.is_bigint() { text + "n" } else { text }
}

fn push<T: Id>(ids: &mut Vec<T>, value: &JsValue, name: &str) -> Result<(), JsValue> {
    if ids.len() >= MOST {
        let message = [name, " holds more than 100000 ids: ask in several calls"];
        return Err(invalid(Reason::OutOfRange, &message));
    }
    let id = parse(value).map_err(|error| wrong(&format!("{name}[{}]", ids.len()), value, error))?;
    ids.push(id);
    Ok(())
}

fn wrong(name: &str, value: &JsValue, error: IdError) -> JsValue {
    invalid_id(error, &[name, " is ", &shown(value), ": ", error.message()])
}

fn parse<T: Id>(value: &JsValue) -> Result<T, IdError> {
    if let Some(number) = value.as_f64() {
        return whole(number);
    }
    match value.as_string() {
        Some(text) => text.parse(),
        None if value.is_bigint() => to_text(value).parse().map_err(|_| IdError::OutOfRange),
        None => no_id(),
    }
}

fn whole<T: Id>(number: f64) -> Result<T, IdError> {
    let id = number as u32;
    if !number.is_finite() {
        no_id()
    } else if number.fract() != 0.0 {
        Err(IdError::NotDecimal)
    } else if f64::from(id) != number {
        Err(IdError::OutOfRange)
    } else {
        T::try_from(id)
    }
}

/// The error that names the kind of id that is wanted.
fn no_id<T: Id>() -> Result<T, IdError> {
    "?".parse()
}

/// Whether it is text, in an object of its own too: each character would pass for an id.
fn is_text(value: &JsValue) -> Result<bool, JsValue> {
    if value.is_object() {
        return Ok(value.unchecked_ref::<TextLike>().char_code_at()?.is_function());
    }
    Ok(!value.is_function())
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = String)]
    fn to_text(value: &JsValue) -> String;

    #[wasm_bindgen(thread_local_v2, js_namespace = ["Array", "prototype"], js_name = every)]
    static EVERY: Function;
    #[wasm_bindgen(thread_local_v2, js_namespace = Number, js_name = isInteger)]
    static IS_INTEGER: Function;

    type TextLike;
    #[wasm_bindgen(method, getter, structural, catch, js_name = charCodeAt)]
    fn char_code_at(this: &TextLike) -> Result<JsValue, JsValue>;

    /// A `Float64Array` whose making may fail: a `Proxy` of a list may be anything the next time.
    #[wasm_bindgen(js_name = Float64Array)]
    type Numbers;
    #[wasm_bindgen(constructor, catch, js_class = "Float64Array")]
    fn new(list: &JsValue) -> Result<Numbers, JsValue>;

    /// What an iterator returns.
    type Step;
    #[wasm_bindgen(method, getter, structural, catch)]
    fn done(this: &Step) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, structural, catch)]
    fn value(this: &Step) -> Result<JsValue, JsValue>;
}
