//! What an explanation still lacks, as a pure function of what its look-ups have answered.

use crate::api::query::Topic;
use crate::failure::Failure;
use crate::time::Millis;
use crate::verdict::State;

/// How far a look-up for an explanation has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LookUp {
    NotAsked,
    Asked,
    /// Asked at this moment, and there.
    Found {
        sent: Millis,
    },
    Absent,
    Failed(Failure),
}

/// The look-ups for one explanation: lists by versions, `mini/{id}`, and `model-versions/{id}`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reasons {
    pub(super) list: LookUp,
    pub(super) mini: LookUp,
    pub(super) version: LookUp,
}

/// What to do for an explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Ask(Topic),
    Wait,
    Complete,
}

impl LookUp {
    /// No answer, and none is coming.
    fn is_pending(self) -> bool {
        self == Self::Asked
    }

    fn answered(self) -> bool {
        matches!(self, Self::Found { .. } | Self::Absent)
    }

    /// When it was asked, if the version was there.
    pub(super) fn found(self) -> Option<Millis> {
        match self {
            Self::Found { sent } => Some(sent),
            _ => None,
        }
    }
}

impl Reasons {
    pub(super) const STARTED: Self =
        Self { list: LookUp::Asked, mini: LookUp::NotAsked, version: LookUp::NotAsked };

    /// All of it comes from the caller, who asked at this moment.
    pub(super) fn given(now: Millis) -> Self {
        let found = LookUp::Found { sent: now };
        Self { list: found, mini: found, version: LookUp::NotAsked }
    }

    pub(super) fn of(&mut self, topic: Topic) -> &mut LookUp {
        match topic {
            Topic::Mini => &mut self.mini,
            Topic::Version => &mut self.version,
            _ => &mut self.list,
        }
    }

    fn all(&self) -> [LookUp; 3] {
        [self.list, self.mini, self.version]
    }

    /// A look-up that describes the gate has answered.
    pub(super) fn has_row(&self) -> bool {
        self.list.answered() || self.version.answered()
    }

    /// Whether the version exists, as far as they say. In restricted regions mature models are absent too, so
    /// one absence is not enough.
    pub(super) fn exists(&self) -> Option<bool> {
        if self.all().into_iter().any(|look_up| look_up.found().is_some()) {
            return Some(true);
        }
        (self.list == LookUp::Absent && self.mini == LookUp::Absent).then_some(false)
    }

    /// The first look-up that failed.
    pub(super) fn failure(&self) -> Option<Failure> {
        self.all().into_iter().find_map(|look_up| match look_up {
            LookUp::Failed(failure) => Some(failure),
            _ => None,
        })
    }
}

/// The next look-up for a version with this verdict.
///
/// `known`: a list or another reply describes the version. `gate_known`: the kind of its gate is known.
pub(super) fn next(state: State, reasons: &Reasons, bulk: bool, known: bool, gate_known: bool) -> Next {
    let gated = matches!(state, State::Denied | State::Granted { personal: true });
    let undescribed = reasons.list == LookUp::Absent && !known;
    // Where the check itself failed, more requests would only meet the same trouble.
    let more = !bulk && !matches!(state, State::Unknown(_));
    // Only `mini` says what is free, and nothing else knows versions that are in no list.
    if more && reasons.mini == LookUp::NotAsked && (state == State::Denied || undescribed) {
        return Next::Ask(Topic::Mini);
    }
    if reasons.all().into_iter().any(LookUp::is_pending) {
        return Next::Wait;
    }
    // `mini` knows published versions only, and so does the last look-up (contract §2.1, §4.1).
    let can_help = reasons.list.answered() && matches!(reasons.mini, LookUp::Found { .. } | LookUp::NotAsked);
    if more && gated && !gate_known && can_help && reasons.version == LookUp::NotAsked {
        return Next::Ask(Topic::Version);
    }
    Next::Complete
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Code;

    const OPEN: State = State::Granted { personal: false };
    const MINE: State = State::Granted { personal: true };
    const FAILURE: Failure = Failure { code: Code::Network, status: None, retry_after: None, request: None };

    #[allow(non_upper_case_globals, reason = "beside the variants")]
    const Found: LookUp = LookUp::Found { sent: 0 };

    fn reasons(list: LookUp, mini: LookUp, version: LookUp) -> Reasons {
        Reasons { list, mini, version }
    }

    #[test]
    fn the_terms_of_a_denied_version_do_not_wait_for_its_list() {
        use LookUp::{Absent, Asked, Failed, NotAsked};
        for list in [Asked, Found, Absent, Failed(FAILURE)] {
            let reasons = reasons(list, NotAsked, NotAsked);
            assert_eq!(next(State::Denied, &reasons, false, true, true), Next::Ask(Topic::Mini), "{list:?}");
        }
    }

    #[test]
    fn each_look_up_is_asked_where_it_can_help() {
        use LookUp::{Absent, Asked, Failed, NotAsked};
        let (mini, version) = (Next::Ask(Topic::Mini), Next::Ask(Topic::Version));
        for (state, list, look_up, last, known, gate_known, then) in [
            (OPEN, Asked, NotAsked, NotAsked, false, false, Next::Wait),
            (OPEN, Found, NotAsked, NotAsked, true, false, Next::Complete),
            (OPEN, Absent, NotAsked, NotAsked, false, false, mini),
            (OPEN, Absent, NotAsked, NotAsked, true, false, Next::Complete),
            (OPEN, Failed(FAILURE), NotAsked, NotAsked, false, false, Next::Complete),
            (OPEN, Absent, Found, NotAsked, true, false, Next::Complete),
            (MINE, Found, NotAsked, NotAsked, true, true, Next::Complete),
            (MINE, Found, NotAsked, NotAsked, true, false, version),
            (State::Denied, Found, Asked, NotAsked, true, true, Next::Wait),
            (State::Denied, Asked, Found, NotAsked, true, true, Next::Wait),
            (State::Denied, Found, Found, NotAsked, true, true, Next::Complete),
            (State::Denied, Found, Found, NotAsked, true, false, version),
            (State::Denied, Found, Found, Asked, true, false, Next::Wait),
            (State::Denied, Found, Found, Found, true, false, Next::Complete),
            (State::Denied, Absent, Absent, NotAsked, false, false, Next::Complete),
            (State::Denied, Found, Failed(FAILURE), NotAsked, true, false, Next::Complete),
            (State::Denied, Failed(FAILURE), Found, NotAsked, true, false, Next::Complete),
            (State::Unknown(FAILURE), Asked, NotAsked, NotAsked, false, false, Next::Wait),
            (State::Unknown(FAILURE), Absent, NotAsked, NotAsked, false, false, Next::Complete),
        ] {
            let reasons = reasons(list, look_up, last);
            assert_eq!(next(state, &reasons, false, known, gate_known), then, "{state:?} {reasons:?}");
        }
    }

    #[test]
    fn in_bulk_lists_are_the_last_word() {
        use LookUp::{Absent, NotAsked};
        for (state, list) in [(State::Denied, Found), (OPEN, Absent), (MINE, Found)] {
            let reasons = reasons(list, NotAsked, NotAsked);
            assert_eq!(next(state, &reasons, true, false, false), Next::Complete, "{state:?}");
        }
    }

    #[test]
    fn only_two_absences_say_that_there_is_no_such_version() {
        use LookUp::{Absent, Asked, Failed, NotAsked};
        for (list, mini, version, exists) in [
            (Asked, NotAsked, NotAsked, None),
            (Absent, NotAsked, NotAsked, None),
            (Absent, Failed(FAILURE), NotAsked, None),
            (Failed(FAILURE), Absent, NotAsked, None),
            (Absent, Absent, NotAsked, Some(false)),
            (Found, Absent, NotAsked, Some(true)),
            (Absent, Found, Absent, Some(true)),
        ] {
            assert_eq!(reasons(list, mini, version).exists(), exists, "{list:?} {mini:?} {version:?}");
        }
    }
}
