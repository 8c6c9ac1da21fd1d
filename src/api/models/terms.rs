//! What a version's gate is, from the fields that replies have used for it over the years.

use super::seen::{Field, Seen};
use crate::api::json::Value;
use crate::time::{Millis, iso_date};
use crate::verdict::{GateKind, Trials};

/// A gate as the API reports it.
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

    /// The gate at this moment, and when it opens.
    pub(crate) fn gate(&self, now: Millis) -> (GateKind, Option<&str>) {
        match self {
            // Open by our clock, which may be wrong: only a check can say so.
            Self::Until(_, ends) if *ends <= now => (GateKind::Unknown, None),
            Self::Until(date, _) => (GateKind::EarlyAccess, Some(date)),
            Self::Pending => (GateKind::EarlyAccess, None),
            Self::Paid => (GateKind::Paid, None),
            Self::Private => (GateKind::Private, None),
            Self::Open => (GateKind::None, None),
            Self::NotPaid | Self::Unknown => (GateKind::Unknown, None),
        }
    }

    pub(crate) fn until(date: &str) -> Self {
        iso_date(date).map_or(Self::Unknown, |ends| Self::Until(date.to_owned(), ends))
    }
}

/// An absent key is not a null, and an object not what is in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum There {
    Absent,
    Null,
    Is,
}

impl Seen<'_> {
    pub(super) fn terms(&self) -> Terms {
        if self.no_gate_on_generation() {
            return Terms::Unknown;
        }
        let availability = self.text(Field::Availability);
        if availability == Some("Private") {
            return Terms::Private;
        }
        let (paid, config) = (self.there(Field::Paid), self.there(Field::Config));
        // Documented, and older than `paidAccess`.
        let deadline = self.text(Field::Deadline);
        let until = if paid == There::Is { self.text(Field::PaidUntil) } else { deadline };
        match (paid, until) {
            (There::Is, _) if self.flag(Field::PaidForGood) == Some(true) => return Terms::Paid,
            (There::Is | There::Absent, Some(date)) => return Terms::until(date),
            (There::Is, None) if self.is_without_end() => return Terms::Pending,
            (There::Is, None) => return Terms::Unknown,
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

    /// A gate that is to end, of which nobody says when; `models/{id}` leaves out what is null (contract §2.4).
    fn is_without_end(&self) -> bool {
        self.flag(Field::PaidForGood) == Some(false)
            && matches!(self.there(Field::PaidUntil), There::Absent | There::Null)
    }

    /// `mini` says so, and may still send the end and the tries of a gate that is over.
    fn no_gate_on_generation(&self) -> bool {
        self.flag(Field::CheckPermission) == Some(false)
    }

    pub(super) fn trials(&self) -> Option<Trials> {
        if self.no_gate_on_generation() || self.text(Field::Availability) == Some("Private") {
            return None;
        }
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
        self.there(Field::TrialLimit) == There::Null && self.text(Field::Availability) != Some("Private")
    }

    pub(super) fn unexplained(&self) -> bool {
        self.flag(Field::CheckPermission) == Some(true)
            && self.there(Field::TrialLimit) == There::Null
            && self.text(Field::Deadline).is_none()
    }

    fn there(&self, field: Field) -> There {
        match self.get(field) {
            None => There::Absent,
            Some(Value::Null) => There::Null,
            Some(_) => There::Is,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::models::{Mini, Row, Said, read};
    use crate::api::query::Topic;

    fn said(topic: Topic, members: &str) -> Said {
        let body = format!(r#"{{"id":3{members}}}"#);
        read(topic, 3, body.as_bytes()).unwrap().remove(0).versions.remove(0).said
    }

    /// What `model-versions/{id}` says with these members.
    fn row(members: &str) -> Row {
        match said(Topic::Version, members) {
            Said::Row(row) => row,
            said => panic!("{said:?}"),
        }
    }

    fn mini(members: &str) -> Mini {
        match said(Topic::Mini, members) {
            Said::Mini(mini) => mini,
            said => panic!("{said:?}"),
        }
    }

    #[test]
    fn each_row_of_fields_is_one_gate() {
        let until = Terms::until("2026-12-01T00:00:00.000Z");
        assert!(matches!(until, Terms::Until(..)));
        for (members, terms) in [
            ("", Terms::Unknown),
            (r#","availability":"Private","paidAccess":null"#, Terms::Private),
            (r#","paidAccess":null"#, Terms::NotPaid),
            (r#","paidAccess":null,"availability":"Public""#, Terms::Open),
            (r#","paidAccess":null,"availability":"Unsearchable""#, Terms::Open),
            (r#","paidAccess":null,"availability":"EarlyAccess""#, Terms::Pending),
            (r#","paidAccess":null,"availability":"Whatever""#, Terms::Unknown),
            (r#","paidAccess":{"permanent":true}"#, Terms::Paid),
            (r#","paidAccess":{"permanent":false,"endsAt":"2026-12-01T00:00:00.000Z"}"#, until.clone()),
            (r#","paidAccess":{"permanent":false,"endsAt":null}"#, Terms::Pending),
            (r#","paidAccess":{"endsAt":"soon"}"#, Terms::Unknown),
            // The last one of a name counts, and nothing of the one before.
            (
                r#","paidAccess":{"permanent":true},"paidAccess":{"permanent":false,"endsAt":null}"#,
                Terms::Pending,
            ),
            (r#","paidAccess":{"permanent":true},"paidAccess":{"endsAt":null}"#, Terms::Unknown),
            (r#","paidAccess":{"permanent":false}"#, Terms::Pending),
            (r#","paidAccess":{"permanent":false,"endsAt":7}"#, Terms::Unknown),
            (r#","paidAccess":{"permanent":"no","endsAt":null}"#, Terms::Unknown),
            (r#","paidAccess":{}"#, Terms::Unknown),
            // Documented, and older.
            (r#","earlyAccessDeadline":"2026-12-01T00:00:00.000Z""#, until.clone()),
            (r#","earlyAccessEndsAt":"2026-12-01T00:00:00.000Z""#, until),
            (r#","earlyAccessConfig":{"permanent":true}"#, Terms::Paid),
            // A tier without an end and without "permanent": of either kind.
            (r#","earlyAccessConfig":{"permanent":false}"#, Terms::Unknown),
            (r#","earlyAccessConfig":{}"#, Terms::Unknown),
            (r#","earlyAccessConfig":null"#, Terms::Unknown),
            (r#","earlyAccessConfig":null,"availability":"Public""#, Terms::Unknown),
            (r#","earlyAccessConfig":null,"availability":"EarlyAccess""#, Terms::Unknown),
            (r#","availability":"EarlyAccess""#, Terms::Pending),
            (r#","availability":"Public""#, Terms::Unknown),
        ] {
            assert_eq!(row(members).terms, terms, "{members}");
        }
    }

    #[test]
    fn only_a_limit_that_is_null_says_that_no_tier_is_sold() {
        for (members, no_tier, unexplained) in [
            (r#""checkPermission":true"#, false, false),
            (r#""checkPermission":true,"freeTrialLimit":10"#, false, false),
            (r#""checkPermission":true,"freeTrialLimit":null"#, true, true),
            (r#""checkPermission":true,"freeTrialLimit":null,"availability":"Private""#, false, true),
            (
                r#""checkPermission":true,"freeTrialLimit":null,"earlyAccessEndsAt":"2026-12-01T00:00:00.000Z""#,
                true,
                false,
            ),
        ] {
            let mini = mini(&format!(",{members}"));
            assert_eq!((mini.no_tier, mini.unexplained), (no_tier, unexplained), "{members}");
        }
    }

    #[test]
    fn what_mini_still_sends_of_a_gate_that_is_over_says_nothing() {
        let over =
            r#","checkPermission":false,"freeTrialLimit":10,"earlyAccessEndsAt":"2026-09-01T00:00:00.000Z""#;
        let left = mini(over);
        assert_eq!((left.terms, left.trials, left.covers_generation), (Terms::Unknown, None, Some(false)));
        // Of a private version neither tries nor an end.
        let private = mini(
            r#","checkPermission":true,"availability":"Private","freeTrialLimit":10,"earlyAccessEndsAt":"2026-12-01T00:00:00.000Z""#,
        );
        assert_eq!((private.terms, private.trials), (Terms::Private, None));
    }

    #[test]
    fn a_sold_tier_leaves_ten_free_tries_unless_it_says_another_number() {
        for (config, trials) in [
            (r#"{"chargeForGeneration":true}"#, Some(Trials::Count(10))),
            (r#"{"chargeForGeneration":true,"generationTrialLimit":5}"#, Some(Trials::Count(5))),
            (r#"{"freeGeneration":true,"chargeForGeneration":true}"#, Some(Trials::Unlimited)),
        ] {
            assert_eq!(row(&format!(r#","earlyAccessConfig":{config}"#)).trials, trials, "{config}");
        }
    }
}
