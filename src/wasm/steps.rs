//! Steps as JSON: JavaScript makes values of one text for a tenth of what making them from here costs.
//! Answers have the names of the module's types.

use crate::engine::{AskId, Step};
use crate::failure::{Failure, RequestId};
use crate::id::{ModelId, UserId};
use crate::text::push_number;
use crate::time::Millis;
use crate::verdict::{Explanation, GateKind, ModelVersions, State, Trials, VersionSummary};
use alloc::vec::Vec;

/// `[what, number, more]`, where what is done with what is said by `driver.js`.
pub(super) fn json(step: &Step, now: Millis) -> Vec<u8> {
    let mut json = Json(Vec::new());
    json.0.push(b'[');
    match step {
        Step::Wait(None) => json.head(WAIT, None),
        Step::Wait(Some(moment)) => json.head(WAIT, Some(moment.saturating_sub(now))),
        Step::Send { request, url, .. } => {
            json.head(SEND, Some(request.get().into()));
            json.comma();
            json.quoted(url);
        }
        Step::Abort(request) => json.head(ABORT, Some(request.get().into())),
        Step::Answer { ask, id, state, .. } => {
            json.answer(*ask, |json| json.verdict(id.get(), *state));
        }
        Step::Explain { ask, explanation } => json.answer(*ask, |json| json.explanation(explanation)),
        Step::Models { ask, model } => json.answer(*ask, |json| json.model(model)),
        Step::Done(ask) => json.head(ANSWER, Some(ask.get().into())),
    }
    json.0.push(b']');
    json.0
}

// What is to be done; src/wasm/driver.js has the same.
const WAIT: u64 = 0;
const SEND: u64 = 1;
const ABORT: u64 = 2;
/// The last one comes without an answer.
const ANSWER: u64 = 3;

struct Json(Vec<u8>);

impl Json {
    fn head(&mut self, what: u64, number: Option<u64>) {
        push_number(&mut self.0, what);
        self.0.push(b',');
        self.value(number);
    }

    fn answer(&mut self, ask: AskId, write: impl FnOnce(&mut Self)) {
        self.head(ANSWER, Some(ask.get().into()));
        self.0.extend_from_slice(b",{");
        write(self);
        self.0.push(b'}');
    }

    fn verdict(&mut self, id: u32, state: State) {
        self.number("entityId", Some(id));
        match state {
            State::Granted { personal } => {
                self.text("state", Some("granted"));
                self.flag("personal", Some(personal));
            }
            State::Denied => self.text("state", Some("denied")),
            State::Unknown(failure) => self.failure(failure),
        }
    }

    fn explanation(&mut self, told: &Explanation) {
        self.verdict(told.id.get(), told.state);
        self.text("generation", Some(told.generation.as_str()));
        self.flag("usable", told.usable);
        self.flag("exists", told.exists);
        self.gate(told.gate, told.ends_at.as_deref());
        self.flag("canGenerate", told.can_generate);
        match told.free_trials {
            Some(Trials::Unlimited) => self.text("freeTrials", Some("unlimited")),
            Some(Trials::Count(count)) => self.number("freeTrials", Some(count)),
            None => self.number("freeTrials", None),
        }
        self.number("modelId", told.model_id.map(ModelId::get));
        self.text("modelName", told.model_name.as_deref());
        self.text("versionName", told.version_name.as_deref());
        self.number("ownerId", told.owner_id.map(UserId::get));
    }

    fn model(&mut self, told: &ModelVersions) {
        self.number("modelId", Some(told.model_id.get()));
        self.text("modelName", told.model_name.as_deref());
        self.number("ownerId", told.owner_id.map(UserId::get));
        match told.failure {
            Some(failure) => self.failure(failure),
            None => self.text("state", Some("known")),
        }
        self.name("versions");
        self.0.push(b'[');
        for version in &told.versions {
            self.comma();
            self.0.push(b'{');
            self.summary(version);
            self.0.push(b'}');
        }
        self.0.push(b']');
    }

    fn summary(&mut self, told: &VersionSummary) {
        self.number("versionId", Some(told.version_id.get()));
        self.text("versionName", Some(&told.version_name));
        self.gate(told.gate, told.ends_at.as_deref());
        self.flag("canGenerate", told.can_generate);
    }

    fn gate(&mut self, gate: GateKind, ends_at: Option<&str>) {
        self.text("gate", Some(gate.as_str()));
        self.text("endsAt", ends_at);
    }

    fn failure(&mut self, failure: Failure) {
        self.text("state", Some("unknown"));
        self.name("failure");
        self.0.push(b'{');
        self.text("code", Some(failure.code.as_str()));
        self.text("reason", Some(failure.reason()));
        self.number("status", failure.status.map(u32::from));
        self.name("retryAfter");
        self.value(failure.retry_after);
        self.number("request", failure.request.map(RequestId::get));
        self.0.push(b'}');
    }

    fn number(&mut self, name: &str, number: Option<u32>) {
        self.name(name);
        self.value(number.map(u64::from));
    }

    fn value(&mut self, number: Option<u64>) {
        match number {
            Some(number) => push_number(&mut self.0, number),
            None => self.0.extend_from_slice(b"null"),
        }
    }

    fn flag(&mut self, name: &str, flag: Option<bool>) {
        self.name(name);
        let word: &str = match flag {
            Some(true) => "true",
            Some(false) => "false",
            None => "null",
        };
        self.0.extend_from_slice(word.as_bytes());
    }

    fn text(&mut self, name: &str, text: Option<&str>) {
        self.name(name);
        match text {
            Some(text) => self.quoted(text),
            None => self.0.extend_from_slice(b"null"),
        }
    }

    fn name(&mut self, name: &str) {
        self.comma();
        self.quoted(name);
        self.0.push(b':');
    }

    /// Between members and elements: what comes first stands behind its bracket.
    fn comma(&mut self) {
        if !matches!(self.0.last(), Some(b'{' | b'[')) {
            self.0.push(b',');
        }
    }

    fn quoted(&mut self, text: &str) {
        self.0.push(b'"');
        for byte in text.bytes() {
            match byte {
                b'"' | b'\\' => self.0.extend([b'\\', byte]),
                0..32 => {
                    self.0.extend_from_slice(b"\\u00");
                    self.0.push(b'0' + (byte >> 4));
                    self.0.push(if byte & 15 < 10 { b'0' } else { b'a' - 10 } + (byte & 15));
                }
                byte => self.0.push(byte),
            }
        }
        self.0.push(b'"');
    }
}
