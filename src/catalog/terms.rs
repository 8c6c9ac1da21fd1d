//! What a version's gate is, out of the fields in which replies have told it over the years.

use super::seen::{Field, Seen};
use super::{GateKind, Trials, VersionFacts};
use crate::json::Value;
use crate::time::{Millis, iso_date};
use alloc::string::String;

/// A gate as the API tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Terms {
    #[default]
    Unknown,
    /// No gate at all.
    Open,
    /// No paid gate; the reply does not tell whether the version is private.
    NotPaid,
    /// Early access until then, as the server wrote it and in milliseconds.
    Until(String, Millis),
    /// Early access whose end is not set yet (contract §2.1, "pending publish").
    Pending,
    Paid,
    Private,
}

impl Terms {
    pub(crate) fn ends(&self) -> Option<Millis> {
        match self {
            Self::Until(_, ends) => Some(*ends),
            _ => None,
        }
    }

    fn until(date: &str) -> Self {
        iso_date(date).map_or(Self::Unknown, |ends| Self::Until(String::from(date), ends))
    }
}

/// An absent key is not a null, and an object not what is in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum There {
    Absent,
    Null,
    Is,
}

impl Seen {
    pub(super) fn terms(&self) -> Terms {
        let availability = self.told(Field::Availability);
        if availability == Some("Private") {
            return Terms::Private;
        }
        let (paid, config) = (self.there(Field::Paid), self.there(Field::Config));
        // Documented, and older than `paidAccess`.
        let deadline = self.told(Field::Deadline);
        let until = if paid == There::Is { self.told(Field::PaidUntil) } else { deadline };
        match (paid, until) {
            (There::Is, _) if self.flag(Field::PaidForGood) == Some(true) => return Terms::Paid,
            (There::Is | There::Absent, Some(date)) => return Terms::until(date),
            (There::Is, None) => return Terms::Pending,
            _ => {}
        }
        match (config, paid) {
            (There::Is, _) if self.flag(Field::ConfigForGood) == Some(true) => return Terms::Paid,
            (There::Absent, There::Absent) | (_, There::Null) => {}
            _ => return Terms::Unknown,
        }
        match (availability, paid) {
            (Some("EarlyAccess"), _) => Terms::Pending,
            (Some("Public" | "Unsearchable"), There::Null) => Terms::Open,
            (None, There::Null) => Terms::NotPaid,
            _ => Terms::Unknown,
        }
    }

    pub(super) fn trials(&self) -> Option<Trials> {
        if let Some(limit) = self.whole(Field::TrialLimit) {
            return Some(Trials::Count(limit));
        }
        let config = |field| self.there(Field::Config) == There::Is && self.flag(field) == Some(true);
        if config(Field::FreeGeneration) {
            return Some(Trials::Unlimited);
        }
        // A paid tier without terms of its own (contract §1.6).
        config(Field::ChargesForGeneration)
            .then(|| Trials::Count(self.whole(Field::ConfigTrials).unwrap_or(10)))
    }

    /// Of a private version null says nothing: its gate may leave generation free.
    pub(super) fn no_tier(&self) -> bool {
        self.there(Field::TrialLimit) == There::Null && self.told(Field::Availability) != Some("Private")
    }

    pub(super) fn unexplained(&self) -> bool {
        self.flag(Field::CheckPermission) == Some(true)
            && self.there(Field::TrialLimit) == There::Null
            && self.told(Field::Deadline).is_none()
    }

    fn there(&self, field: Field) -> There {
        match self.get(field) {
            None => There::Absent,
            Some(Value::Null) => There::Null,
            Some(_) => There::Is,
        }
    }
}

impl VersionFacts {
    /// The gate at this moment, and when it opens.
    pub(super) fn gate(&self, now: Millis) -> (GateKind, Option<String>) {
        match &self.terms {
            // Open by our clock, which may be wrong: only a check can say so.
            Terms::Until(_, ends) if *ends <= now => (GateKind::Unknown, None),
            Terms::Until(date, _) => (GateKind::EarlyAccess, Some(date.clone())),
            Terms::Pending => (GateKind::EarlyAccess, None),
            Terms::Paid => (GateKind::Paid, None),
            Terms::Private => (GateKind::Private, None),
            Terms::Open => (GateKind::None, None),
            Terms::NotPaid if self.unexplained => (GateKind::Private, None),
            Terms::NotPaid | Terms::Unknown => (GateKind::Unknown, None),
        }
    }
}
