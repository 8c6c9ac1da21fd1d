//! What a version's gate is, out of the fields in which replies have told it over the years.

use super::{GateKind, Trials, VersionFacts};
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

/// The fields of a version that speak of its gate, as far as a reply has them.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) availability: Option<String>,
    /// `paidAccess` (contract §2.1).
    pub(super) paid: Presence<Paid>,
    /// `earlyAccessEndsAt`, `earlyAccessDeadline`: documented, and older.
    pub(super) deadline: Presence<String>,
    /// `earlyAccessConfig` (documented, gone since 2026-07).
    pub(super) config: Presence<Config>,
    pub(super) check_permission: Option<bool>,
    pub(super) trial_limit: Presence<u32>,
}

/// An absent key is not a null.
#[derive(Debug, Default)]
pub(super) enum Presence<T> {
    #[default]
    Absent,
    Null,
    Is(T),
}

impl<T> Presence<T> {
    pub(super) fn map<U>(self, change: impl FnOnce(T) -> U) -> Presence<U> {
        match self {
            Self::Absent => Presence::Absent,
            Self::Null => Presence::Null,
            Self::Is(value) => Presence::Is(change(value)),
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Paid {
    pub(super) permanent: bool,
    pub(super) ends_at: Option<String>,
}

#[derive(Debug, Default)]
pub(super) struct Config {
    pub(super) permanent: bool,
    pub(super) charges_for_generation: bool,
    pub(super) free_generation: bool,
    pub(super) trial_limit: Option<u32>,
}

impl Told {
    pub(super) fn terms(&self) -> Terms {
        if self.availability.as_deref() == Some("Private") {
            return Terms::Private;
        }
        match (&self.paid, &self.deadline) {
            (Presence::Is(Paid { permanent: true, .. }), _) => return Terms::Paid,
            (Presence::Is(Paid { ends_at: Some(date), .. }), _) | (Presence::Absent, Presence::Is(date)) => {
                return Terms::until(date);
            }
            (Presence::Is(_), _) => return Terms::Pending,
            _ => {}
        }
        match (&self.config, &self.paid) {
            (Presence::Is(Config { permanent: true, .. }), _) => return Terms::Paid,
            (Presence::Absent, Presence::Absent) => {}
            (_, Presence::Null) => {}
            _ => return Terms::Unknown,
        }
        match (self.availability.as_deref(), &self.paid) {
            (Some("EarlyAccess"), _) => Terms::Pending,
            (Some("Public" | "Unsearchable"), Presence::Null) => Terms::Open,
            (None, Presence::Null) => Terms::NotPaid,
            _ => Terms::Unknown,
        }
    }

    pub(super) fn trials(&self) -> Option<Trials> {
        match (&self.trial_limit, &self.config) {
            (Presence::Is(limit), _) => Some(Trials::Count(*limit)),
            (_, Presence::Is(config)) if config.free_generation => Some(Trials::Unlimited),
            // 10 is the documented default (contract §2.1).
            (_, Presence::Is(config)) if config.charges_for_generation => {
                Some(Trials::Count(config.trial_limit.unwrap_or(10)))
            }
            _ => None,
        }
    }

    /// Of a private version null says nothing: its gate may leave generation free.
    pub(super) fn no_tier(&self) -> bool {
        matches!(self.trial_limit, Presence::Null) && self.availability.as_deref() != Some("Private")
    }

    pub(super) fn unexplained(&self) -> bool {
        self.check_permission == Some(true)
            && matches!(self.trial_limit, Presence::Null)
            && !matches!(self.deadline, Presence::Is(_))
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
