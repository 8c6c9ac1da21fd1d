//! Answers as JSON with the names of the module's types: JavaScript makes objects of one text for a
//! tenth of what making them from here costs.

use super::driver::Answer;
use crate::catalog::{Explanation, GateKind, ModelVersions, Trials, VersionSummary};
use crate::engine::State;
use crate::error::Failure;
use crate::text::{push_number, text};
use alloc::string::String;
use alloc::vec::Vec;

impl Answer {
    /// An object; of one without a verdict or a model, `failure` tells why, instead of an `error`.
    pub(super) fn json(&self) -> String {
        let mut json = Json(Vec::new());
        json.0.push(b'{');
        match self {
            Self::Verdict(id, state) => json.verdict(id.get(), *state),
            Self::Explanation(explanation) => json.explanation(explanation),
            Self::Model(model) => json.model(model),
        }
        json.0.push(b'}');
        text(json.0)
    }

    pub(super) fn failure(&self) -> Option<Failure> {
        match self {
            Self::Verdict(_, State::Unknown(failure)) => Some(*failure),
            Self::Explanation(explanation) => match explanation.state {
                State::Unknown(failure) => Some(failure),
                _ => None,
            },
            Self::Model(model) => model.failure,
            Self::Verdict(..) => None,
        }
    }
}

struct Json(Vec<u8>);

impl Json {
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
        self.verdict(told.id, told.state);
        self.gate(told.gate, told.ends_at.as_deref());
        self.flag("canGenerate", told.can_generate);
        self.flag("canGenerateNow", told.can_generate_now);
        match told.free_trials {
            Some(Trials::Unlimited) => self.text("freeTrials", Some("unlimited")),
            Some(Trials::Count(count)) => self.number("freeTrials", Some(count)),
            None => self.number("freeTrials", None),
        }
        self.number("modelId", told.model_id);
        self.text("modelName", told.model_name.as_deref());
        self.text("versionName", told.version_name.as_deref());
        self.number("ownerId", told.owner_id);
    }

    fn model(&mut self, told: &ModelVersions) {
        self.number("modelId", Some(told.model_id));
        self.text("modelName", told.model_name.as_deref());
        self.number("ownerId", told.owner_id);
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
        self.number("versionId", Some(told.version_id));
        self.text("versionName", Some(&told.version_name));
        self.gate(told.gate, told.ends_at.as_deref());
        self.flag("canGenerate", told.can_generate);
    }

    fn gate(&mut self, gate: GateKind, ends_at: Option<&str>) {
        self.text(
            "gate",
            Some(match gate {
                GateKind::None => "none",
                GateKind::EarlyAccess => "earlyAccess",
                GateKind::Paid => "paid",
                GateKind::Private => "private",
                GateKind::Unknown => "unknown",
            }),
        );
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
        match failure.retry_after {
            Some(millis) => push_number(&mut self.0, millis),
            None => self.0.extend_from_slice(b"null"),
        }
        self.0.push(b'}');
    }

    fn number(&mut self, name: &str, number: Option<u32>) {
        self.name(name);
        match number {
            Some(number) => push_number(&mut self.0, number.into()),
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
