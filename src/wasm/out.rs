//! Answers as JavaScript gets them: plain objects with the names of the module's types.

use super::asked::Answer;
use super::driver::Driver;
use super::errors::Unknown;
use super::js;
use crate::catalog::{Explanation, GateKind, ModelVersions, Trials, VersionSummary};
use crate::engine::State;
use crate::engine::batch::sort;
use crate::error::Failure;
use crate::version_id::VersionId;
use js_sys::{Array, Object, Reflect};
use serde::{Serialize, Serializer};
use wasm_bindgen::JsValue;

/// `{ 2514310: true, … }`, or the error if any id has no verdict.
pub(super) fn verdicts(answers: &[Answer], driver: &Driver) -> Result<JsValue, JsValue> {
    let verdicts = Object::new();
    let mut unknown = Vec::new();
    let mut lowest: Option<(VersionId, Failure)> = None;
    for answer in answers {
        match answer {
            Answer::Verdict(id, State::Unknown(failure)) => {
                unknown.push(u64::from(id.get()));
                if lowest.is_none_or(|(lowest, _)| *id < lowest) {
                    lowest = Some((*id, *failure));
                }
            }
            Answer::Verdict(id, state) => {
                let granted = matches!(state, State::Granted { .. });
                let _ = Reflect::set_u32(&verdicts, id.get(), &granted.into());
            }
            Answer::Explanation(_) | Answer::Model(_) => {}
        }
    }
    let Some((_, failure)) = lowest else { return Ok(verdicts.into()) };
    sort(&mut unknown);
    let unknown = Unknown { what: "model version", ids: &unknown, of: answers.len(), failure };
    Err(unknown.error(driver, Some(&verdicts), true))
}

/// One object for each answer, as they come.
pub(super) fn each(answers: &[Answer], driver: &Driver) -> Array {
    answers.iter().map(|answer| object(answer, driver)).collect()
}

/// One object for each distinct id, in the order in which they were mentioned.
pub(super) fn in_order(answers: &[Answer], mentioned: &[VersionId], driver: &Driver) -> Array {
    let place = |(place, answer): (usize, &Answer)| u64::from(answer.id()) << 32 | place as u64;
    let mut places: Vec<u64> = answers.iter().enumerate().map(place).collect();
    sort(&mut places);
    let list = Array::new();
    for id in mentioned {
        let at = places.partition_point(|place| place >> 32 < u64::from(id.get()));
        if let Some(place) = places.get_mut(at)
            && let Some(answer) = answers.get(*place as u32 as usize).filter(|answer| answer.id() == id.get())
        {
            list.push(&object(answer, driver));
            // Told: no answer has this place.
            *place |= u64::from(u32::MAX);
        }
    }
    list
}

impl Answer {
    fn id(&self) -> u32 {
        match self {
            Self::Verdict(id, _) => id.get(),
            Self::Explanation(explanation) => explanation.id,
            Self::Model(model) => model.model_id,
        }
    }
}

fn object(answer: &Answer, driver: &Driver) -> JsValue {
    let (row, failure, what) = match answer {
        Answer::Verdict(id, state) => (verdict(id.get(), *state), failure(*state), "model version"),
        Answer::Explanation(reason) => (explanation(reason), failure(reason.state), "model version"),
        Answer::Model(model) => (versions(model), model.failure, "model"),
    };
    let serializer =
        serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true).serialize_missing_as_null(true);
    let object = row.serialize(&serializer).unwrap_or_default();
    if let Some(failure) = failure {
        let unknown = Unknown { what, ids: &[answer.id().into()], of: 1, failure };
        let retry = !matches!(answer, Answer::Model(_));
        js::set(&object, "error", &unknown.error(driver, None, retry));
    }
    object
}

fn failure(state: State) -> Option<Failure> {
    if let State::Unknown(failure) = state { Some(failure) } else { None }
}

fn verdict(id: u32, state: State) -> Row<'static> {
    let mut row = vec![("entityId", Value::Number(id))];
    row.push((
        "state",
        match state {
            State::Granted { .. } => Value::Text("granted"),
            State::Denied => Value::Text("denied"),
            State::Unknown(_) => Value::Text("unknown"),
        },
    ));
    if let State::Granted { personal } = state {
        row.push(("personal", Value::Flag(personal)));
    }
    Row(row)
}

fn explanation(reason: &Explanation) -> Row<'_> {
    let Row(mut row) = verdict(reason.id, reason.state);
    row.extend([
        ("gate", gate(reason.gate)),
        ("endsAt", text(reason.ends_at.as_deref())),
        ("canGenerate", flag(reason.can_generate)),
        ("canGenerateNow", flag(reason.can_generate_now)),
        (
            "freeTrials",
            match reason.free_trials {
                Some(Trials::Unlimited) => Value::Text("unlimited"),
                Some(Trials::Count(count)) => Value::Number(count),
                None => Value::Null,
            },
        ),
        ("modelId", number(reason.model_id)),
        ("modelName", text(reason.model_name.as_deref())),
        ("versionName", text(reason.version_name.as_deref())),
        ("ownerId", number(reason.owner_id)),
    ]);
    Row(row)
}

fn versions(model: &ModelVersions) -> Row<'_> {
    Row(vec![
        ("modelId", Value::Number(model.model_id)),
        ("modelName", text(model.model_name.as_deref())),
        ("ownerId", number(model.owner_id)),
        ("state", Value::Text(if model.failure.is_some() { "unknown" } else { "known" })),
        ("versions", Value::List(model.versions.iter().map(summary).collect())),
    ])
}

fn summary(version: &VersionSummary) -> Row<'_> {
    Row(vec![
        ("versionId", Value::Number(version.version_id)),
        ("versionName", Value::Text(&version.version_name)),
        ("gate", gate(version.gate)),
        ("endsAt", text(version.ends_at.as_deref())),
        ("canGenerate", flag(version.can_generate)),
    ])
}

/// An object, name by name. Derived serialisers would cost 2 kB more: one for each type, and a table
/// of names that serde-wasm-bindgen keeps.
struct Row<'a>(Vec<(&'static str, Value<'a>)>);

enum Value<'a> {
    Null,
    Flag(bool),
    Number(u32),
    Text(&'a str),
    List(Vec<Row<'a>>),
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Number(number) => serializer.serialize_u32(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(rows) => serializer.collect_seq(rows),
        }
    }
}

fn flag(flag: Option<bool>) -> Value<'static> {
    flag.map_or(Value::Null, Value::Flag)
}

fn number(number: Option<u32>) -> Value<'static> {
    number.map_or(Value::Null, Value::Number)
}

fn text(text: Option<&str>) -> Value<'_> {
    text.map_or(Value::Null, Value::Text)
}

fn gate(gate: GateKind) -> Value<'static> {
    Value::Text(match gate {
        GateKind::None => "none",
        GateKind::EarlyAccess => "earlyAccess",
        GateKind::Paid => "paid",
        GateKind::Private => "private",
        GateKind::Unknown => "unknown",
    })
}
