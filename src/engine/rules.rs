//! What an answer means: the answer to an id must not depend on what it was asked with.
//!
//! The server grants an owner his own gated versions only if every id of the request is his own
//! (contract §1.6). So a denial on behalf of a user is final only if the id was asked alone, or
//! belongs to somebody else.

use super::Engine;
use super::ask::Waiter;
use super::batch::{Batch, Stage};
use super::cell::{Place, Told, outlived};
use crate::api::query::Topic;
use crate::failure::Failure;
use crate::time::Millis;
use alloc::vec::Vec;

impl Engine {
    /// Hands out the answers to a request; returns the cells without one.
    pub(super) fn answered(
        &mut self,
        batch: &Batch,
        answers: &[Option<bool>],
        as_of: Option<Millis>,
        now: Millis,
    ) -> Vec<u32> {
        let user = match batch.topic {
            Topic::Check { user } if batch.cells.len() > 1 => user,
            _ => None,
        };
        let (mut missing, mut doubtful) = (Vec::new(), Vec::new());
        for (place, answer) in batch.cells.iter().zip(answers) {
            match (answer, user) {
                (None, _) => missing.push(*place),
                (Some(false), Some(_)) => doubtful.push(*place),
                (Some(yes), _) => self.settle(*place, Ok(Told { yes: *yes, as_of }), now),
            }
        }
        if let Some(user) = user {
            self.doubt(batch.stage, user, doubtful, as_of, now);
        }
        missing
    }

    /// Denied in company: one alone is asked alone; of several, the owners decide.
    fn doubt(&mut self, stage: Stage, user: u32, mut denied: Vec<u32>, as_of: Option<Millis>, now: Millis) {
        let denial = Told { yes: false, as_of };
        denied.retain(|place| self.wanted(*place));
        let several = denied.len() > 1;
        for place in denied {
            let id = self.id_of(place);
            match self.catalog.owner_of(id) {
                _ if self.is_others(place) => self.settle_for_askers(place, denial, now),
                _ if stage == Stage::Own || !several => self.enqueue(place, Stage::Alone),
                Some(owner) if owner == user => self.enqueue(place, Stage::Own),
                Some(_) => self.settle(place, Ok(denial), now),
                None => {
                    if let Some(work) = self.work(place) {
                        work.place = Place::AtOwners(None);
                        work.as_of = as_of;
                    }
                    self.want(Waiter::Cell(place), Topic::VersionList, id, false, now);
                }
            }
        }
    }

    /// Whether all who wait for a cell know that the version is not the user's own.
    fn is_others(&self, place: u32) -> bool {
        let work = self.cells.get(place as usize).and_then(|cell| cell.work.as_ref());
        work.is_some_and(|work| work.waiters.iter().all(|waiter| self.knows_others(waiter)))
    }

    /// Denied, as those who wait see it; others may not know what they know.
    fn settle_for_askers(&mut self, place: u32, denial: Told, now: Millis) {
        if let Some(work) = self.work(place) {
            work.request = None;
        }
        self.settle(place, Ok(denial), now);
    }

    /// The list of owners has answered for a denied cell.
    pub(super) fn owner_told(&mut self, place: u32, id: u32, result: Result<Told, Failure>, now: Millis) {
        let Some(cell) = self.cells.get(place as usize) else { return };
        let (Topic::Check { user }, Some(work)) = (cell.topic, &cell.work) else { return };
        if cell.id != id || !matches!(work.place, Place::AtOwners(_)) {
            return;
        }
        let denial = Told { yes: false, as_of: work.as_of };
        match (result, self.catalog.owner_of(id)) {
            // A later step that fails leaves the id unknown, never denied.
            (Err(failure), _) => self.settle(place, Err(failure), now),
            (Ok(_), Some(owner)) if Some(owner) == user => self.enqueue(place, Stage::Own),
            // The list took so long that the denial is no longer news.
            (Ok(_), Some(_)) if self.is_old(id, work.sent, now) => self.enqueue(place, Stage::Together),
            (Ok(_), Some(_)) => self.settle(place, Ok(denial), now),
            // Private and unlisted versions are in no list (contract §2.5).
            (Ok(_), None) => self.enqueue(place, Stage::Alone),
        }
    }

    /// Whether an answer that was asked for then has waited too long for others to be given now.
    pub(super) fn is_old(&self, id: u32, sent: Millis, now: Millis) -> bool {
        let longest = self.config.patience.max(self.config.max_age / 5);
        now.checked_sub(sent).is_none_or(|age| age > longest) || outlived(sent, self.catalog.ends(id), now)
    }

    /// Whether somebody waits for a cell; one that nobody waits for is dropped.
    pub(super) fn wanted(&mut self, place: u32) -> bool {
        let wanted = self.awaited(place);
        if !wanted {
            self.drop_work(place);
        }
        wanted
    }

    pub(super) fn awaited(&mut self, place: u32) -> bool {
        self.work(place).is_some_and(|work| !work.waiters.is_empty())
    }
}
