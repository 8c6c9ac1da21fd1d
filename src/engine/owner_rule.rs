//! The owner rule: a verdict must not depend on what its id was asked with.
//!
//! The server grants owners their own gated versions only if every id of the request is their own (contract §1.6). So
//! a denial on behalf of a user is final only after a single-id request, or if the id belongs to somebody else:
//!
//! 1. Of several denied ids in one mixed batch, the list of models says whose they are.
//! 2. The user's own are asked again with each other only; what is denied there gets a single-id request.
//! 3. What no list knows (private, unlisted) gets a single-id request.

use crate::id::UserId;

/// With whom an id is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Company {
    /// With any others: a mixed batch.
    Mixed,
    /// Only with others of the same owner.
    Own,
    /// A single-id request.
    Alone,
}

/// What follows from a denial on behalf of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// It is the verdict.
    Denied,
    /// It is the verdict for those who wait now, and rests on what only they know.
    DeniedForThem,
    Ask(Company),
    LookUpOwner,
}

/// Denied in a batch with others. `several`: others were denied with it. `owner`: as far as it is known.
/// `not_owned`: all who wait know that the version is not the user's own.
pub(super) fn after_denial(
    company: Company,
    several: bool,
    owner: Option<UserId>,
    user: UserId,
    not_owned: bool,
) -> Next {
    match owner {
        _ if not_owned => Next::DeniedForThem,
        _ if company == Company::Own || !several => Next::Ask(Company::Alone),
        Some(owner) if owner == user => Next::Ask(Company::Own),
        Some(_) => Next::Denied,
        None => Next::LookUpOwner,
    }
}

/// The list of models has answered. `old`: the denial waited too long for it to be given now.
pub(super) fn after_owner(owner: Option<UserId>, user: UserId, old: bool) -> Next {
    match owner {
        Some(owner) if owner == user => Next::Ask(Company::Own),
        Some(_) if old => Next::Ask(Company::Mixed),
        Some(_) => Next::Denied,
        None => Next::Ask(Company::Alone),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_denial_in_a_mixed_batch_is_final_only_for_versions_of_others() {
        let (me, other) = (UserId::new(1).unwrap(), UserId::new(2));
        let mine = Some(me);
        for (company, several, owner, not_owned, next) in [
            (Company::Mixed, true, None, false, Next::LookUpOwner),
            (Company::Mixed, true, other, false, Next::Denied),
            (Company::Mixed, true, mine, false, Next::Ask(Company::Own)),
            (Company::Mixed, false, None, false, Next::Ask(Company::Alone)),
            (Company::Mixed, false, other, false, Next::Ask(Company::Alone)),
            (Company::Own, true, mine, false, Next::Ask(Company::Alone)),
            (Company::Mixed, true, mine, true, Next::DeniedForThem),
        ] {
            assert_eq!(after_denial(company, several, owner, me, not_owned), next, "{company:?} {owner:?}");
        }
    }

    #[test]
    fn the_owner_decides_and_without_one_the_id_is_asked_alone() {
        let (me, other) = (UserId::new(1).unwrap(), UserId::new(2));
        assert_eq!(after_owner(Some(me), me, true), Next::Ask(Company::Own));
        assert_eq!(after_owner(other, me, false), Next::Denied);
        assert_eq!(after_owner(other, me, true), Next::Ask(Company::Mixed));
        assert_eq!(after_owner(None, me, true), Next::Ask(Company::Alone));
    }
}
