//! The fields of a reply about a model or a version, by one table of their names.

use crate::api::json::{Json, Malformed, Value};

/// The fields that a reply holds; an absent key is not a null.
#[derive(Debug, Default)]
pub(super) struct Seen<'a>([Option<Value<'a>>; 23]);

/// Whose member a field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Parent {
    Reply,
    Model,
    /// `paidAccess` (contract §2.1).
    Paid,
    /// `earlyAccessConfig` (documented, gone since 2026-07).
    Config,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Id,
    Model,
    Owner,
    Name,
    ModelName,
    Air,
    Availability,
    Deadline,
    CheckPermission,
    TrialLimit,
    CanGenerate,
    Covered,
    Paid,
    PaidForGood,
    PaidUntil,
    Config,
    ConfigForGood,
    ChargesForGeneration,
    FreeGeneration,
    ConfigTrials,
    /// `model`, of which only name and type matter.
    Of,
    Kind,
    ModelKind,
}

/// The documented names stand beside the present ones (contract §0).
const NAMES: [(Parent, &str, Field); 27] = [
    (Parent::Reply, "id", Field::Id),
    (Parent::Reply, "modelId", Field::Model),
    (Parent::Reply, "userId", Field::Owner),
    (Parent::Reply, "name", Field::Name),
    (Parent::Reply, "versionName", Field::Name),
    (Parent::Reply, "modelName", Field::ModelName),
    (Parent::Reply, "air", Field::Air),
    (Parent::Reply, "availability", Field::Availability),
    (Parent::Reply, "earlyAccessEndsAt", Field::Deadline),
    (Parent::Reply, "earlyAccessDeadline", Field::Deadline),
    (Parent::Reply, "checkPermission", Field::CheckPermission),
    (Parent::Reply, "freeTrialLimit", Field::TrialLimit),
    (Parent::Reply, "canGenerate", Field::CanGenerate),
    (Parent::Reply, "supportsGeneration", Field::Covered),
    (Parent::Reply, "covered", Field::Covered),
    (Parent::Reply, "model", Field::Of),
    (Parent::Reply, "paidAccess", Field::Paid),
    (Parent::Reply, "earlyAccessConfig", Field::Config),
    (Parent::Reply, "type", Field::Kind),
    (Parent::Model, "name", Field::ModelName),
    (Parent::Model, "type", Field::ModelKind),
    (Parent::Paid, "permanent", Field::PaidForGood),
    (Parent::Paid, "endsAt", Field::PaidUntil),
    (Parent::Config, "permanent", Field::ConfigForGood),
    (Parent::Config, "chargeForGeneration", Field::ChargesForGeneration),
    (Parent::Config, "freeGeneration", Field::FreeGeneration),
    (Parent::Config, "generationTrialLimit", Field::ConfigTrials),
];

impl<'a> Seen<'a> {
    /// Reads an object, or skips what is none.
    pub(super) fn object(&mut self, json: &mut Json<'a>, parent: Parent) -> Result<(), Malformed> {
        json.object(&mut |json, name| self.member(json, parent, &name))
    }

    /// Reads a member's value; the last one of a name counts.
    pub(super) fn member(
        &mut self,
        json: &mut Json<'a>,
        parent: Parent,
        name: &str,
    ) -> Result<(), Malformed> {
        let known = NAMES.iter().find(|(of, known, _)| *of == parent && *known == name);
        let Some((.., field)) = known else { return json.value().map(drop) };
        let inner = match field {
            Field::Of => Parent::Model,
            Field::Paid => Parent::Paid,
            Field::Config => Parent::Config,
            _ => {
                let value = json.value()?;
                self.put(*field, Some(value));
                return Ok(());
            }
        };
        if json.peek() != Some(b'{') {
            // Anything else than an object or null tells nothing.
            let value = json.value()?;
            self.put(*field, Some(value).filter(|value| *value == Value::Null));
            return Ok(());
        }
        for (of, _, field) in &NAMES {
            if *of == inner && inner != Parent::Model {
                self.put(*field, None);
            }
        }
        self.put(*field, Some(Value::Other));
        self.object(json, inner)
    }

    pub(super) fn get(&self, field: Field) -> Option<&Value<'a>> {
        self.0.get(field as usize)?.as_ref()
    }

    fn put(&mut self, field: Field, value: Option<Value<'a>>) {
        if let Some(place) = self.0.get_mut(field as usize) {
            *place = value;
        }
    }

    /// An id; `None` for what is no number within its bounds.
    pub(super) fn id<T: TryFrom<u32>>(&self, field: Field) -> Option<T> {
        self.whole(field).and_then(|number| T::try_from(number).ok())
    }

    pub(super) fn whole(&self, field: Field) -> Option<u32> {
        match self.get(field) {
            Some(Value::Whole(number)) => u32::try_from(*number).ok(),
            _ => None,
        }
    }

    pub(super) fn flag(&self, field: Field) -> Option<bool> {
        match self.get(field) {
            Some(Value::Bool(yes)) => Some(*yes),
            _ => None,
        }
    }

    pub(super) fn text(&self, field: Field) -> Option<&str> {
        match self.get(field) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Cut, since anybody may write a name: the cache is bounded by bytes.
    pub(super) fn short_text(&self, field: Field) -> Option<String> {
        self.text(field).map(|text| shortened(text).to_owned())
    }
}

/// The longest name or AIR that is kept, in bytes.
const LONGEST_TEXT: usize = 300;

fn shortened(text: &str) -> &str {
    let ends = (0..=LONGEST_TEXT).rev().find_map(|end| text.get(..end));
    if text.len() <= LONGEST_TEXT { text } else { ends.unwrap_or_default() }
}
