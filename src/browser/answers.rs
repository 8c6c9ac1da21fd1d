//! Answers as JavaScript gets them: plain objects with the names of the module's types.

use super::asked::{Answer, Ended};
use super::client::Client;
use super::errors::Unknown;
use super::shape;
use crate::digits;
use crate::engine::distinct;
use crate::failure::Failure;
use crate::find::Resource;
use crate::id::{ModelId, UserId, VersionId};
use crate::link::Link;
use crate::table::Table;
use crate::time::Millis;
use crate::verdict::{Explanation, ModelVersions, State, Trials, VersionSummary};
use js_sys::{Array, Date, JSON};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::{JsCast, JsValue};

/// Settles calls that have ended. The verdicts of all of them cross as one text, which is parsed once.
pub(super) fn settle(ended: impl IntoIterator<Item = Ended>) {
    let (mut text, mut together) = (String::new(), Vec::new());
    for (call, all) in ended {
        let client = call.asked.client();
        match (all, &call.mentioned) {
            (Ok(answers), None) if answers.iter().all(Answer::is_known) => {
                text.push(if together.is_empty() { '[' } else { ',' });
                push_known(&mut text, verdicts(&answers));
                together.push(call);
            }
            (Ok(answers), None) => call.promise.settle(Err(incomplete(&answers, client))),
            (Ok(answers), Some(mentioned)) => {
                call.promise.settle(in_order(&answers, mentioned, client).map(JsValue::from));
            }
            (Err(reason), _) => call.promise.settle(Err(reason)),
        }
    }
    if together.is_empty() {
        return;
    }
    text.push(']');
    let parsed = JSON::parse(&text).map(JsCast::unchecked_into::<Array>);
    for (at, call) in (0..).zip(together) {
        call.promise.settle(parsed.as_ref().map(|parsed| parsed.get(at)).map_err(Clone::clone));
    }
}

/// Some ids have no verdict.
fn incomplete(answers: &[Answer], client: &Client) -> JsValue {
    let unknown = answers.iter().filter_map(|answer| match answer {
        Answer::Verdict(id, State::Unknown(failure)) => Some((id.get(), *failure)),
        _ => None,
    });
    let Some((_, failure)) = unknown.clone().min_by_key(|(id, _)| *id) else { return JsValue::UNDEFINED };
    let ids = distinct(&unknown.map(|(id, _)| id).collect::<Vec<_>>(), |id| id);
    let unknown = Unknown { what: "model version", ids: &ids, of: answers.len(), failure };
    match known(verdicts(answers)) {
        Ok(verdicts) => unknown.error(client, Some(&verdicts), true),
        Err(thrown) => thrown,
    }
}

/// `{ 2514310: true, … }`. As one text: in half the time of numbers that a loop in JavaScript makes an object of.
pub(super) fn known(verdicts: impl Iterator<Item = (VersionId, State)>) -> Result<JsValue, JsValue> {
    let mut text = String::new();
    push_known(&mut text, verdicts);
    JSON::parse(&text)
}

fn push_known(text: &mut String, verdicts: impl Iterator<Item = (VersionId, State)>) {
    text.reserve(18 * verdicts.size_hint().1.unwrap_or_default() + 4);
    text.push('{');
    for (at, (id, state)) in verdicts.enumerate() {
        text.push_str(if at == 0 { "\"" } else { ",\"" });
        digits::push(text, id.get());
        text.push_str(if state == State::Denied { "\":false" } else { "\":true" });
    }
    text.push('}');
}

/// Those that are known.
fn verdicts(answers: &[Answer]) -> impl Iterator<Item = (VersionId, State)> {
    answers.iter().filter_map(|answer| match answer {
        Answer::Verdict(_, State::Unknown(_)) | Answer::Explanation(_) | Answer::Model(_) => None,
        Answer::Verdict(id, state) => Some((*id, *state)),
    })
}

/// One object for each answer, as they come.
pub(super) fn each(answers: &[Answer], client: &Client) -> Result<Array, JsValue> {
    if let Some(verdicts) = list(answers) {
        return Ok(JSON::parse(&verdicts)?.into());
    }
    answers.iter().map(|answer| object(answer, client)).collect()
}

/// One object for each distinct id, in the order in which they were mentioned.
fn in_order(answers: &[Answer], mentioned: &[u32], client: &Client) -> Result<Array, JsValue> {
    let mut left = Table::default();
    answers.iter().for_each(|answer| left.insert(answer.id().into(), answer));
    let answers = mentioned.iter().filter_map(|id| left.remove(u64::from(*id)));
    answers.map(|answer| object(answer, client)).collect()
}

/// Verdicts as one text, if all are known.
fn list(answers: &[Answer]) -> Option<String> {
    let mut text = String::with_capacity(60 * answers.len() + 2);
    for answer in answers {
        let Answer::Verdict(id, state) = answer else { return None };
        text.push_str(if text.is_empty() { "[{\"entityId\":" } else { ",{\"entityId\":" });
        digits::push(&mut text, id.get());
        text.push_str(match state {
            State::Granted { personal: true } => ",\"state\":\"granted\",\"personal\":true}",
            State::Granted { personal: false } => ",\"state\":\"granted\",\"personal\":false}",
            State::Denied => ",\"state\":\"denied\"}",
            State::Unknown(_) => return None,
        });
    }
    text.push_str(if text.is_empty() { "[]" } else { "]" });
    Some(text)
}

fn object(answer: &Answer, client: &Client) -> Result<JsValue, JsValue> {
    let error = |what, failure| {
        Unknown { what, ids: &[answer.id()], of: 1, failure }.error(client, None, what == VERSION)
    };
    let (object, failure, what) = match answer {
        Answer::Verdict(id, state) => (to_js(&VerdictOut::new(*id, *state))?, failure(*state), VERSION),
        Answer::Explanation(explanation) => {
            let object = to_js(&ExplanationOut::new(explanation))?;
            let incomplete = explanation.incomplete.map_or(JsValue::NULL, |failure| error(VERSION, failure));
            shape::set(&object, "incomplete", &incomplete);
            (object, failure(explanation.state), VERSION)
        }
        Answer::Model(model) => (to_js(&ModelOut::new(model))?, model.failure, "model"),
    };
    if let Some(failure) = failure {
        shape::set(&object, "error", &error(what, failure));
    }
    Ok(object)
}

/// What a link names.
pub(super) fn link(link: Link) -> Result<JsValue, JsValue> {
    to_js(&LinkOut { model_id: link.model.map(ModelId::get), entity_id: link.version.map(VersionId::get) })
}

/// What a text names.
pub(super) fn resource(found: &Resource) -> Result<JsValue, JsValue> {
    let Resource { text, version, model, source, .. } = found;
    to_js(&ResourceOut {
        text,
        entity_id: version.map(VersionId::get),
        model_id: model.map(ModelId::get),
        source,
    })
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
    fn new(id: VersionId, state: State) -> Self {
        let (state, personal) = match state {
            State::Granted { personal } => ("granted", Some(personal)),
            State::Denied => ("denied", None),
            State::Unknown(_) => ("unknown", None),
        };
        Self { entity_id: id.get(), state, personal }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExplanationOut<'a> {
    entity_id: u32,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    personal: Option<bool>,
    generation: &'static str,
    usable: Option<bool>,
    complete: bool,
    exists: Option<bool>,
    as_of: Option<String>,
    gate: &'static str,
    ends_at: Option<&'a str>,
    free_trials: Option<TrialsOut>,
    can_generate: Option<bool>,
    model_id: Option<u32>,
    model_name: Option<&'a str>,
    version_name: Option<&'a str>,
    owner_id: Option<u32>,
    air: Option<&'a str>,
}

impl<'a> ExplanationOut<'a> {
    fn new(explanation: &'a Explanation) -> Self {
        let VerdictOut { entity_id, state, personal } = VerdictOut::new(explanation.id, explanation.state);
        Self {
            entity_id,
            state,
            personal,
            generation: explanation.generation.as_str(),
            usable: explanation.usable,
            complete: explanation.complete,
            exists: explanation.exists,
            as_of: explanation.as_of.map(iso),
            gate: explanation.gate.as_str(),
            ends_at: explanation.ends_at.as_deref(),
            free_trials: explanation.free_trials.map(|trials| match trials {
                Trials::Unlimited => TrialsOut::Word("unlimited"),
                Trials::Count(count) => TrialsOut::Count(count),
            }),
            can_generate: explanation.can_generate,
            model_id: explanation.model_id.map(ModelId::get),
            model_name: explanation.model_name.as_deref(),
            version_name: explanation.version_name.as_deref(),
            owner_id: explanation.owner_id.map(UserId::get),
            air: explanation.air.as_deref(),
        }
    }
}

/// ISO 8601, as JavaScript writes a date.
fn iso(moment: Millis) -> String {
    String::from(Date::new(&(moment as f64).into()).to_iso_string())
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
            model_id: model.model_id.get(),
            model_name: model.model_name.as_deref(),
            owner_id: model.owner_id.map(UserId::get),
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
            version_id: version.version_id.get(),
            version_name: &version.version_name,
            gate: version.gate.as_str(),
            ends_at: version.ends_at.as_deref(),
            can_generate: version.can_generate,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LinkOut {
    model_id: Option<u32>,
    entity_id: Option<u32>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResourceOut<'a> {
    text: &'a str,
    entity_id: Option<u32>,
    model_id: Option<u32>,
    source: &'a str,
}
