//! Who is let through: `hasEntityAccess`, contract §1.6.

use crate::site::{Availability, Model, Site, Version};

impl Site {
    /// The verdict on each id, as the site decides it for the whole batch: an
    /// owner's own gated version is denied beside anything that is not the owner's.
    pub fn has_entity_access(&self, user: Option<i64>, ids: &[i64], now_ms: u64) -> Vec<(i64, bool)> {
        let verdicts = |granted: &dyn Fn(i64) -> bool| ids.iter().map(|&id| (id, granted(id))).collect();
        let is_open = |id| self.is_open(id, now_ms);
        // `userId` 0 reads as nobody (contract §1.3).
        let user = user.filter(|&user| user != 0);

        if user.is_some_and(|user| self.is_moderator(user)) {
            return verdicts(&|_| true);
        }
        if ids.iter().all(|&id| is_open(id)) {
            return verdicts(&|_| true);
        }
        let Some(user) = user else {
            return verdicts(&is_open);
        };
        // Owners get no row of their own, so this is all or nothing.
        if ids.iter().all(|&id| self.owns(user, id)) {
            return verdicts(&|_| true);
        }
        verdicts(&|id| is_open(id) || self.may_generate(user, id))
    }

    pub(crate) fn is_moderator(&self, user: i64) -> bool {
        self.user(user).is_some_and(|user| user.moderator)
    }

    /// Step 3. An unknown id counts as private; status and coverage do not count.
    fn is_open(&self, id: i64, now_ms: u64) -> bool {
        self.version(id).is_some_and(|(version, model)| {
            matches!(availability(version, model), Availability::Public | Availability::Unsearchable)
                && !version.is_gated(now_ms)
        })
    }

    fn owns(&self, user: i64, id: i64) -> bool {
        self.version(id).is_some_and(|(_, model)| i64::from(model.owner) == user)
    }

    /// Step 7: bought, or given.
    fn may_generate(&self, user: i64, id: i64) -> bool {
        let (Ok(user), Ok(id)) = (u32::try_from(user), u32::try_from(id)) else { return false };
        self.grants.get(&(user, id)).is_some_and(|bits| bits & Self::GENERATION != 0)
    }
}

impl Version {
    /// Whether a gate stands in front of it. Ignores the gate's terms.
    pub fn is_gated(&self, now_ms: u64) -> bool {
        self.gate.as_ref().is_some_and(|gate| gate.is_active(now_ms))
    }
}

/// The model's privacy covers its versions.
fn availability(version: &Version, model: &Model) -> Availability {
    match model.availability {
        Availability::Private => Availability::Private,
        _ => version.availability,
    }
}
