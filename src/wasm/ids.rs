//! Ids as JavaScript hands them in: numbers, bigints, text; lists of them that may be anything that
//! iterates.

use super::errors::invalid;
use super::js;
use crate::text::push_number;
use crate::version_id::{IdError, VersionId};
use js_sys::{Array, Function, Symbol};
use wasm_bindgen::prelude::*;

/// Ids in one call at most: what a caller can mean, and the end of an endless iterator.
const MOST: usize = 100_000;

/// Which ids a list holds.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Versions,
    Models,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Versions => "entityIds",
            Self::Models => "modelIds",
        }
    }
}

/// Reads a list of ids, in its order, repeated ones too.
pub(super) fn list(value: &JsValue, kind: Kind) -> Result<Vec<VersionId>, JsValue> {
    let mut ids = Vec::new();
    let iterate = if is_text(value)? {
        None
    } else {
        js_sys::Reflect::get(value, &Symbol::iterator())?.dyn_into::<Function>().ok()
    };
    let Some(iterate) = iterate else {
        return Err(invalid(&[
            kind.name(),
            " is ",
            &shown(value),
            ": expected a list of ids, such as [2514310]",
        ]));
    };
    if Array::is_array(value) {
        let array: &Array = value.unchecked_ref();
        for place in 0..array.length() {
            push(&mut ids, &js_sys::Reflect::get_u32(array, place)?, kind)?;
        }
        return Ok(ids);
    }
    let iterator = iterate.call0(value)?;
    let next = js::get(&iterator, "next")?;
    loop {
        let step = js_sys::Reflect::apply(next.unchecked_ref::<Function>(), &iterator, &Array::new())?;
        if js::get(&step, "done")?.is_truthy() {
            return Ok(ids);
        }
        if let Err(error) = push(&mut ids, &js::get(&step, "value")?, kind) {
            // As `for…of` does when it is left early.
            if let Ok(Some(close)) = js::method(&iterator, "return") {
                let _ = close.call0(&iterator);
            }
            return Err(error);
        }
    }
}

/// Reads one id.
pub(super) fn one(value: &JsValue) -> Result<VersionId, JsValue> {
    parse(value).map_err(|error| invalid(&["entityId is ", &shown(value), ": ", &error.to_string()]))
}

/// A value as it stands in a message: text quoted and cut, anything without a short form by its kind.
pub(super) fn shown(value: &JsValue) -> String {
    if let Some(text) = value.as_string() {
        let mut cut: String = text.chars().take(LONGEST_SHOWN).collect();
        if cut.len() < text.len() {
            cut.push('…');
        }
        return js_sys::JSON::stringify(&JsValue::from_str(&cut)).map(String::from).unwrap_or_default();
    }
    if value.is_function() {
        return String::from("a function");
    }
    if Array::is_array(value) {
        return String::from("an array");
    }
    if value.is_object() {
        return String::from("an object");
    }
    // What is left (numbers, bigints, booleans, symbols, null, undefined) this never throws on.
    let mut text = to_text(value);
    if value.is_bigint() {
        text.truncate(LONGEST_SHOWN);
        text.push('n');
    }
    text
}

const LONGEST_SHOWN: usize = 80;

fn push(ids: &mut Vec<VersionId>, value: &JsValue, kind: Kind) -> Result<(), JsValue> {
    if ids.len() >= MOST {
        return Err(invalid(&[kind.name(), " holds more than 100000 ids: ask in several calls"]));
    }
    let read = match kind {
        Kind::Versions => parse(value).map_err(|error| error.to_string()),
        Kind::Models => model(value)
            .ok_or_else(|| String::from("expected a model id, a whole number from 1 to 2147483647")),
    };
    match read {
        Ok(id) => {
            ids.push(id);
            Ok(())
        }
        Err(reason) => {
            let mut place = String::new();
            push_number(&mut place, ids.len() as u64);
            Err(invalid(&[kind.name(), "[", &place, "] is ", &shown(value), ": ", &reason]))
        }
    }
}

fn parse(value: &JsValue) -> Result<VersionId, IdError> {
    if let Some(text) = value.as_string() {
        return VersionId::parse(&text);
    }
    if let Some(number) = value.as_f64() {
        return whole(number);
    }
    if value.is_bigint() {
        return VersionId::parse(&to_text(value)).map_err(|_| IdError::OutOfRange);
    }
    Err(IdError::NotAnId)
}

fn model(value: &JsValue) -> Option<VersionId> {
    if value.is_string() { None } else { parse(value).ok() }
}

fn whole(number: f64) -> Result<VersionId, IdError> {
    let id = number as u32;
    if !number.is_finite() {
        Err(IdError::NotAnId)
    } else if number % 1.0 != 0.0 {
        Err(IdError::NotDecimal)
    } else if f64::from(id) != number {
        Err(IdError::OutOfRange)
    } else {
        VersionId::new(id).ok_or(IdError::OutOfRange)
    }
}

/// Whether it is text, in an object of its own too: each character would pass for an id.
fn is_text(value: &JsValue) -> Result<bool, JsValue> {
    if value.is_object() {
        return Ok(js::method(value, "charCodeAt")?.is_some());
    }
    Ok(!value.is_function())
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = String)]
    fn to_text(value: &JsValue) -> String;
}
