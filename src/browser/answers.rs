//! Answers as JavaScript gets them: plain objects with the names of the module's types.

use super::asked::{Answer, Asked};
use super::client::Client;
use super::errors::Unknown;
use super::shape;
use crate::failure::Failure;
use crate::id::VersionId;
use crate::verdict::{Explanation, GateKind, ModelVersions, State, Trials, VersionSummary};
use core::fmt::Write;
use js_sys::{Array, JSON};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use std::collections::HashMap;
use wasm_bindgen::JsValue;

/// `{ 2514310: true, … }`, or the error if any id has no verdict. All of them cross as one text, which is faster than
/// a crossing for each.
pub(super) fn verdicts(answers: &[Answer], client: &Client) -> Result<JsValue, JsValue> {
    let mut text = String::with_capacity(18 * answers.len() + 2);
    let mut unknown = Vec::new();
    for answer in answers {
        match answer {
            Answer::Verdict(id, State::Unknown(failure)) => unknown.push((id.get(), *failure)),
            Answer::Verdict(id, state) => {
                let granted = matches!(state, State::Granted { .. });
                let comma = if text.is_empty() { '{' } else { ',' };
                let _ = write!(text, "{comma}\"{}\":{granted}", id.get());
            }
            Answer::Explanation(_) | Answer::Model(_) => {}
        }
    }
    text.push_str(if text.is_empty() { "{}" } else { "}" });
    let verdicts = JSON::parse(&text)?;
    unknown.sort_unstable_by_key(|(id, _)| *id);
    let Some((_, failure)) = unknown.first().copied() else { return Ok(verdicts) };
    let ids: Vec<u32> = unknown.into_iter().map(|(id, _)| id).collect();
    let unknown = Unknown { what: "model version", ids: &ids, of: answers.len(), failure };
    Err(unknown.error(client, Some(&verdicts), true))
}

/// One object for each answer, as they come.
pub(super) fn each(answers: &[Answer], client: &Client) -> Result<Array, JsValue> {
    if let Some(verdicts) = known(answers) {
        return Ok(JSON::parse(&verdicts)?.into());
    }
    answers.iter().map(|answer| object(answer, client)).collect()
}

/// One object for each distinct id, in the order in which they were mentioned.
pub(super) fn in_order(answers: &[Answer], mentioned: &[VersionId], asked: &Asked) -> Result<Array, JsValue> {
    let mut by_id: HashMap<u32, &Answer> = answers.iter().map(|answer| (answer.id(), answer)).collect();
    let told = mentioned.iter().filter_map(|id| by_id.remove(&id.get()));
    told.map(|answer| object(answer, asked.client())).collect()
}

/// Verdicts as one text, if all are known.
fn known(answers: &[Answer]) -> Option<String> {
    let mut text = String::with_capacity(60 * answers.len() + 2);
    for answer in answers {
        let Answer::Verdict(id, state) = answer else { return None };
        let comma = if text.is_empty() { '[' } else { ',' };
        let _ = write!(text, "{comma}{{\"entityId\":{},\"state\":", id.get());
        match state {
            State::Granted { personal } => {
                let _ = write!(text, "\"granted\",\"personal\":{personal}}}");
            }
            State::Denied => text.push_str("\"denied\"}"),
            State::Unknown(_) => return None,
        }
    }
    text.push_str(if text.is_empty() { "[]" } else { "]" });
    Some(text)
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

fn object(answer: &Answer, client: &Client) -> Result<JsValue, JsValue> {
    let (object, failure, what) = match answer {
        Answer::Verdict(id, state) => (to_js(&VerdictOut::new(id.get(), *state))?, failure(*state), VERSION),
        Answer::Explanation(explanation) => {
            (to_js(&ExplanationOut::new(explanation))?, failure(explanation.state), VERSION)
        }
        Answer::Model(model) => (to_js(&ModelOut::new(model))?, model.failure, "model"),
    };
    if let Some(failure) = failure {
        let unknown = Unknown { what, ids: &[answer.id()], of: 1, failure };
        shape::set(&object, "error", &unknown.error(client, None, what == VERSION));
    }
    Ok(object)
}

const VERSION: &str = "model version";

fn failure(state: State) -> Option<Failure> {
    if let State::Unknown(failure) = state { Some(failure) } else { None }
}

fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    Ok(value.serialize(&Serializer::new().serialize_missing_as_null(true))?)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VerdictOut {
    entity_id: u32,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    personal: Option<bool>,
}

impl VerdictOut {
    fn new(entity_id: u32, state: State) -> Self {
        let (state, personal) = match state {
            State::Granted { personal } => ("granted", Some(personal)),
            State::Denied => ("denied", None),
            State::Unknown(_) => ("unknown", None),
        };
        Self { entity_id, state, personal }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExplanationOut<'a> {
    entity_id: u32,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    personal: Option<bool>,
    gate: &'static str,
    ends_at: Option<&'a str>,
    can_generate: Option<bool>,
    can_generate_now: Option<bool>,
    free_trials: Option<TrialsOut>,
    model_id: Option<u32>,
    model_name: Option<&'a str>,
    version_name: Option<&'a str>,
    owner_id: Option<u32>,
}

impl<'a> ExplanationOut<'a> {
    fn new(explanation: &'a Explanation) -> Self {
        let VerdictOut { entity_id, state, personal } = VerdictOut::new(explanation.id, explanation.state);
        Self {
            entity_id,
            state,
            personal,
            gate: gate(explanation.gate),
            ends_at: explanation.ends_at.as_deref(),
            can_generate: explanation.can_generate,
            can_generate_now: explanation.can_generate_now,
            free_trials: explanation.free_trials.map(|trials| match trials {
                Trials::Unlimited => TrialsOut::Word("unlimited"),
                Trials::Count(count) => TrialsOut::Count(count),
            }),
            model_id: explanation.model_id,
            model_name: explanation.model_name.as_deref(),
            version_name: explanation.version_name.as_deref(),
            owner_id: explanation.owner_id,
        }
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum TrialsOut {
    Word(&'static str),
    Count(u32),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ModelOut<'a> {
    model_id: u32,
    model_name: Option<&'a str>,
    owner_id: Option<u32>,
    state: &'static str,
    versions: Vec<SummaryOut<'a>>,
}

impl<'a> ModelOut<'a> {
    fn new(model: &'a ModelVersions) -> Self {
        Self {
            model_id: model.model_id,
            model_name: model.model_name.as_deref(),
            owner_id: model.owner_id,
            state: if model.failure.is_some() { "unknown" } else { "known" },
            versions: model.versions.iter().map(SummaryOut::new).collect(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SummaryOut<'a> {
    version_id: u32,
    version_name: &'a str,
    gate: &'static str,
    ends_at: Option<&'a str>,
    can_generate: Option<bool>,
}

impl<'a> SummaryOut<'a> {
    fn new(version: &'a VersionSummary) -> Self {
        Self {
            version_id: version.version_id,
            version_name: &version.version_name,
            gate: gate(version.gate),
            ends_at: version.ends_at.as_deref(),
            can_generate: version.can_generate,
        }
    }
}

fn gate(gate: GateKind) -> &'static str {
    match gate {
        GateKind::None => "none",
        GateKind::EarlyAccess => "earlyAccess",
        GateKind::Paid => "paid",
        GateKind::Private => "private",
        GateKind::Unknown => "unknown",
    }
}
