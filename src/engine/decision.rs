//! May one generate with a version now? Decided here, once, for the module, the element, the extension and
//! the demo.
//!
//! The permission check denies everybody who does not hold paid access. Of Civitai's live gates 56 % leave
//! generation free and 41 % leave free tries (CONTRACT.md), so a denial alone never means "locked".

use crate::verdict::{GateKind, Generation, State, Trials};

/// What the look-ups say of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) gate: GateKind,
    /// Whether the site offers generation with it at all.
    pub(crate) can_generate: Option<bool>,
    /// A model of wildcards: nothing says whether the site offers generation with it.
    pub(crate) wildcards: bool,
    /// The `checkPermission` of contract §4.1: a gate that covers generation, or privacy.
    pub(crate) covers_generation: Option<bool>,
    pub(crate) free_trials: Option<Trials>,
    /// The terms sell no tier for generation, so that there are no tries either.
    pub(crate) no_tier: bool,
}

/// The decision for one verdict. `locked` and `off` need a positive fact.
pub(crate) fn generation(state: State, known: Known) -> Generation {
    match state {
        State::Unknown(_) => Generation::Unknown,
        // Civitai sends tries, ends and `canGenerate: false` for private versions too; they mean nothing there.
        State::Denied if known.gate == GateKind::Private => Generation::Locked,
        _ if known.can_generate == Some(false) => Generation::Off,
        State::Granted { personal: true } => Generation::Held,
        State::Granted { personal: false } => Generation::Open,
        State::Denied => behind_gate(known),
    }
}

fn behind_gate(known: Known) -> Generation {
    if known.can_generate.is_none() && !known.wildcards {
        return Generation::Gated;
    }
    match (known.covers_generation, known.free_trials) {
        (Some(false), _) | (_, Some(Trials::Unlimited)) => Generation::Free,
        (_, Some(Trials::Count(1..))) => Generation::Trial,
        (_, Some(Trials::Count(0))) => Generation::Locked,
        (Some(true), None) if known.no_tier => Generation::Locked,
        (_, None) => Generation::Gated,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::{Code, Failure};

    const NOTHING: Known = Known {
        gate: GateKind::Unknown,
        can_generate: None,
        wildcards: false,
        covers_generation: None,
        free_trials: None,
        no_tier: false,
    };
    const OPEN: State = State::Granted { personal: false };
    const MINE: State = State::Granted { personal: true };

    #[test]
    fn a_denial_alone_is_never_locked() {
        for gate in [GateKind::None, GateKind::EarlyAccess, GateKind::Paid, GateKind::Unknown] {
            for can_generate in [None, Some(true)] {
                let known = Known { gate, can_generate, ..NOTHING };
                assert_eq!(generation(State::Denied, known), Generation::Gated, "{known:?}");
                let covers = Known { covers_generation: Some(true), ..known };
                assert_eq!(generation(State::Denied, covers), Generation::Gated, "{covers:?}");
            }
        }
    }

    #[test]
    fn what_is_free_behind_a_gate_is_said() {
        let of = |covers_generation, free_trials, no_tier| {
            let can_generate = Some(true);
            let known = Known { can_generate, covers_generation, free_trials, no_tier, ..NOTHING };
            let wildcards = Known { can_generate: None, wildcards: true, ..known };
            assert_eq!(generation(State::Denied, known), generation(State::Denied, wildcards));
            let unsaid = Known { can_generate: None, ..known };
            assert_eq!(generation(State::Denied, unsaid), Generation::Gated, "{unsaid:?}");
            generation(State::Denied, known)
        };
        assert_eq!(of(Some(false), None, false), Generation::Free);
        assert_eq!(of(Some(false), Some(Trials::Count(3)), false), Generation::Free);
        assert_eq!(of(None, Some(Trials::Unlimited), false), Generation::Free);
        assert_eq!(of(Some(true), Some(Trials::Count(1)), false), Generation::Trial);
        assert_eq!(of(Some(true), Some(Trials::Count(0)), false), Generation::Locked);
        assert_eq!(of(Some(true), None, true), Generation::Locked);
        assert_eq!(
            of(None, None, true),
            Generation::Gated,
            "no tier, and nobody says that the gate covers it"
        );
    }

    #[test]
    fn private_versions_ignore_tries_and_coverage() {
        let private = Known {
            gate: GateKind::Private,
            can_generate: Some(false),
            wildcards: false,
            covers_generation: Some(true),
            free_trials: Some(Trials::Count(10)),
            no_tier: false,
        };
        assert_eq!(generation(State::Denied, private), Generation::Locked);
    }

    #[test]
    fn what_the_site_cannot_generate_is_off_whatever_its_gate() {
        let off = Known { can_generate: Some(false), free_trials: Some(Trials::Unlimited), ..NOTHING };
        for state in [OPEN, MINE, State::Denied] {
            assert_eq!(generation(state, off), Generation::Off, "{state:?}");
        }
    }

    #[test]
    fn a_grant_is_open_or_held_and_a_failure_unknown() {
        let failure = Failure { code: Code::Network, status: None, retry_after: None, request: None };
        let off = Known { can_generate: Some(false), ..NOTHING };
        assert_eq!(generation(OPEN, NOTHING), Generation::Open);
        assert_eq!(generation(MINE, NOTHING), Generation::Held);
        assert_eq!(generation(State::Unknown(failure), NOTHING), Generation::Unknown);
        assert_eq!(generation(State::Unknown(failure), off), Generation::Unknown);
    }

    #[test]
    fn usable_is_the_generation_as_a_yes_or_no() {
        for (generation, usable) in [
            (Generation::Open, Some(true)),
            (Generation::Free, Some(true)),
            (Generation::Trial, Some(true)),
            (Generation::Held, Some(true)),
            (Generation::Locked, Some(false)),
            (Generation::Off, Some(false)),
            (Generation::Gated, None),
            (Generation::Unknown, None),
        ] {
            assert_eq!(generation.usable(), usable, "{}", generation.as_str());
        }
    }
}
