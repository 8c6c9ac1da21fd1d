//! A cell is one question about one id: what is remembered of it, and who waits while it is asked.
//! Callers who ask the same thing share its cell, so an id under way is not asked again.

use super::ask::Waiter;
use super::batch::{Pass, Stage};
use super::facts::Catalog;
use super::{Engine, VersionId};
use crate::api::query::Topic;
use crate::failure::Failure;
use crate::sort::sort;
use crate::time::{Millis, SECOND};
use alloc::vec;
use alloc::vec::Vec;

/// Answers that are remembered at most.
const CAPACITY: usize = 50_000;

#[derive(Debug)]
pub(crate) struct Cell {
    pub(crate) topic: Topic,
    pub(crate) id: u32,
    pub(crate) memory: Option<Memory>,
    pub(super) work: Option<Work>,
    /// Whether new callers come here; if not, a newer cell has taken its place.
    current: bool,
    /// Asked before a `clear()`: its answer is for those who wait, not for the memory.
    pub(super) forget: bool,
}

/// An answer to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Told {
    /// Granted; of a look-up, that the id was there.
    pub(super) yes: bool,
    /// When Civitai gave it, by its own clock.
    pub(super) as_of: Option<Millis>,
}

/// The answer of the latest-sent request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    /// Granted; of a look-up, that the id was there.
    pub(crate) yes: bool,
    pub(crate) as_of: Option<Millis>,
    /// When its request was sent: an answer is as old as its question.
    pub(crate) sent: Millis,
    request: u32,
}

#[derive(Debug)]
pub(super) struct Work {
    pub(super) place: Place,
    /// What it is asked together with next, or was last.
    pub(super) stage: Stage,
    pub(super) pass: Pass,
    /// The last request that asked it, and when that was sent.
    pub(super) request: Option<u32>,
    pub(super) sent: Millis,
    /// Of a denial that waits for its owner.
    pub(super) as_of: Option<Millis>,
    /// The latest caller's `Opened::shut`.
    pub(super) shut: Millis,
    pub(super) waiters: Vec<Waiter>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Queued,
    InBatch,
    /// The list of owners is being asked: the cell of that question, once it is known.
    AtOwners(Option<u32>),
}

impl Topic {
    /// The index's first key. Users end below 2³¹, the other topics lie above.
    pub(crate) fn key(self) -> u32 {
        match self {
            Self::Check { user } => user.unwrap_or(0),
            Self::VersionList => 1 << 31,
            Self::ModelList => (1 << 31) + 1,
            Self::Model => (1 << 31) + 2,
            Self::Version => (1 << 31) + 3,
            Self::Mini => (1 << 31) + 4,
        }
    }

    /// The topic with this key.
    pub(crate) fn of_key(key: u32) -> Self {
        match key.checked_sub(1 << 31) {
            None => Self::Check { user: (key != 0).then_some(key) },
            Some(0) => Self::VersionList,
            Some(1) => Self::ModelList,
            Some(2) => Self::Model,
            Some(3) => Self::Version,
            Some(_) => Self::Mini,
        }
    }
}

impl Engine {
    /// Answers a waiter from memory, or lets it wait for the cell's answer.
    pub(super) fn want(&mut self, waiter: Waiter, topic: Topic, id: u32, fresh: bool, now: Millis) {
        let known = if fresh { None } else { self.recall(topic, id, now) };
        if let Some(told) = known {
            return self.tell(waiter, topic, id, Ok(told), now);
        }
        let shut = match waiter {
            Waiter::Ask(ask) => self.opened(ask).map_or(0, |opened| opened.shut),
            Waiter::Cell(place) => self.work(place).map_or(0, |work| work.shut),
        };
        let end = gate_end(&self.catalog, topic, id);
        let mut place = self.index.get((topic.key(), id)).unwrap_or_else(|| self.add_cell(topic, id));
        if let Some(work) = self.work(place) {
            // A fresh ask joins no request that was sent before it, and nobody one from before the
            // end of a gate.
            let over = work.request.is_some() && outlived(work.sent, end, now);
            if !fresh && !over || (work.pass == Pass::Fresh && work.request.is_none()) {
                work.shut = work.shut.max(shut);
                work.waiters.push(waiter);
                return self.note_wait(waiter, place);
            }
            place = self.replace(place);
        }
        let pass = self.pass(topic, id, fresh, now);
        if let Some(cell) = self.cells.get_mut(place as usize) {
            let (place, stage, waiters) = (Place::Queued, Stage::Together, vec![waiter]);
            cell.work = Some(Work { place, stage, pass, request: None, sent: 0, as_of: None, shut, waiters });
        }
        self.note_wait(waiter, place);
        self.enqueue(place, Stage::Together);
    }

    /// Which copies may answer. An answer that the edge took before a gate opened stays there for up
    /// to 450 s (contract §1.7).
    pub(super) fn pass(&self, topic: Topic, id: u32, fresh: bool, now: Millis) -> Pass {
        let end = gate_end(&self.catalog, topic, id).and_then(|end| now.checked_sub(end));
        match (fresh, end) {
            (true, _) => Pass::Fresh,
            (false, Some(since)) if since <= 450 * SECOND => Pass::AfterEnd,
            _ => Pass::Copies,
        }
    }

    /// What is remembered, if it is not too old to be true.
    pub(super) fn recall(&self, topic: Topic, id: u32, now: Millis) -> Option<Told> {
        let place = self.index.get((topic.key(), id))?;
        let memory = self.cells.get(place as usize)?.memory?;
        if memory.yes && !self.catalog.holds(topic, id) {
            return None;
        }
        memory.holds(self.config.max_age, gate_end(&self.catalog, topic, id), now).then_some(memory.told())
    }

    /// Ends a cell's work: remembers the answer and tells it to all who wait.
    pub(super) fn settle(&mut self, place: u32, result: Result<Told, Failure>, now: Millis) {
        let Some(cell) = self.cells.get_mut(place as usize) else { return };
        let Some(work) = cell.work.take() else { return };
        let (topic, id) = (cell.topic, cell.id);
        if let (Ok(told), Some(request), false) = (result, work.request, cell.forget) {
            self.remember(topic, id, Memory::new(told, work.sent, request));
        }
        for waiter in work.waiters {
            self.tell(waiter, topic, id, result, now);
        }
        self.tidy(place);
    }

    /// Keeps an answer, unless a later-sent request has answered already.
    pub(crate) fn remember(&mut self, topic: Topic, id: u32, memory: Memory) {
        if self.config.max_age == 0 {
            return;
        }
        let place = self.index.get((topic.key(), id)).unwrap_or_else(|| self.add_cell(topic, id));
        let Some(cell) = self.cells.get_mut(place as usize) else { return };
        match cell.memory {
            Some(known) if (known.request, known.sent) >= (memory.request, memory.sent) => return,
            Some(_) => {}
            None => self.remembered += 1,
        }
        cell.memory = Some(memory);
        if self.remembered > CAPACITY {
            self.forget_one(place);
        }
    }

    /// Forgets what is remembered of these versions, or everything. Who waits still gets an answer,
    /// but what was sent before is not remembered, and nobody joins it.
    pub fn clear(&mut self, ids: Option<&[VersionId]>) {
        let wanted = ascending(ids.unwrap_or_default());
        if ids.is_none() {
            self.catalog = Catalog::default();
        }
        for id in &wanted {
            self.catalog.forget(*id as u32);
        }
        for place in 0..self.cells.len() as u32 {
            let Some(cell) = self.cells.get_mut(place as usize) else { continue };
            if cell.id == 0 || (ids.is_some() && wanted.binary_search(&u64::from(cell.id)).is_err()) {
                continue;
            }
            if cell.memory.take().is_some() {
                self.remembered -= 1;
            }
            if cell.work.as_ref().is_some_and(|work| work.request.is_some()) {
                cell.forget = true;
                if core::mem::take(&mut cell.current) {
                    self.index.remove((cell.topic.key(), cell.id));
                }
            }
            self.tidy(place);
        }
    }

    pub(super) fn work(&mut self, place: u32) -> Option<&mut Work> {
        self.cells.get_mut(place as usize)?.work.as_mut()
    }

    pub(super) fn id_of(&self, place: u32) -> u32 {
        self.cells.get(place as usize).map_or(0, |cell| cell.id)
    }

    /// Stops asking.
    pub(super) fn drop_work(&mut self, place: u32) {
        if let Some(cell) = self.cells.get_mut(place as usize) {
            cell.work = None;
        }
        self.tidy(place);
    }

    /// Gives a cell back that neither knows nor asks anything.
    pub(super) fn tidy(&mut self, place: u32) {
        let Some(cell) = self.cells.get_mut(place as usize) else { return };
        if cell.work.is_some() || cell.memory.is_some() || cell.id == 0 {
            return;
        }
        if cell.current {
            self.index.remove((cell.topic.key(), cell.id));
        }
        cell.id = 0;
        cell.current = false;
        self.free.push(place);
    }

    fn add_cell(&mut self, topic: Topic, id: u32) -> u32 {
        let cell = Cell { topic, id, memory: None, work: None, current: true, forget: false };
        let place = match self.free.pop() {
            Some(place) => {
                if let Some(unused) = self.cells.get_mut(place as usize) {
                    *unused = cell;
                }
                place
            }
            None => {
                self.cells.push(cell);
                self.cells.len() as u32 - 1
            }
        };
        self.index.set((topic.key(), id), place);
        place
    }

    /// A new cell for the same question; the old one's work goes on for those who wait.
    fn replace(&mut self, place: u32) -> u32 {
        let Some(old) = self.cells.get_mut(place as usize) else { return place };
        old.current = false;
        let (topic, id, memory) = (old.topic, old.id, old.memory.take());
        let place = self.add_cell(topic, id);
        if let Some(cell) = self.cells.get_mut(place as usize) {
            cell.memory = memory;
        }
        place
    }

    /// Forgets some other answer than the newest: the next one round that nobody is asking.
    fn forget_one(&mut self, newest: u32) {
        for _ in 0..self.cells.len() {
            let place = self.hand as u32;
            self.hand = (self.hand + 1) % self.cells.len();
            let Some(cell) = self.cells.get_mut(place as usize) else { continue };
            if place != newest && cell.work.is_none() && cell.memory.take().is_some() {
                self.remembered -= 1;
                return self.tidy(place);
            }
        }
    }
}

impl Memory {
    pub(super) fn new(Told { yes, as_of }: Told, sent: Millis, request: u32) -> Self {
        Self { yes, as_of, sent, request }
    }

    fn told(&self) -> Told {
        Told { yes: self.yes, as_of: self.as_of }
    }

    /// Taken back from a snapshot; any request of this engine is newer.
    pub(crate) fn restored(yes: bool, sent: Millis) -> Self {
        Self { yes, as_of: None, sent, request: 0 }
    }

    /// Whether it may still be said. A moment in the future is an effect of the clock.
    pub(crate) fn holds(&self, max_age: Millis, gate_end: Option<Millis>, now: Millis) -> bool {
        let max_age = if self.yes { max_age } else { max_age / 5 };
        now.checked_sub(self.sent).is_some_and(|age| age < max_age) && !outlived(self.sent, gate_end, now)
    }
}

/// The numbers of these ids, as `sort` takes them.
pub(super) fn ascending(ids: &[VersionId]) -> Vec<u64> {
    let mut numbers: Vec<u64> = ids.iter().map(|id| u64::from(id.get())).collect();
    sort(&mut numbers);
    numbers
}

/// Whether a gate has ended since something was asked about it.
pub(super) fn outlived(sent: Millis, gate_end: Option<Millis>, now: Millis) -> bool {
    gate_end.is_some_and(|end| sent < end && end <= now)
}

/// When the gate of the version that a question is about opens.
pub(crate) fn gate_end(catalog: &Catalog, topic: Topic, id: u32) -> Option<Millis> {
    match topic {
        Topic::Check { .. } | Topic::VersionList | Topic::Version | Topic::Mini => catalog.ends(id),
        Topic::ModelList | Topic::Model => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Config;

    #[test]
    fn an_answer_outlives_a_gate_that_ended_after_its_sending() {
        for (sent, end, now, outlives) in
            [(4, Some(5), 5, true), (4, Some(5), 4, false), (5, Some(5), 5, false), (4, None, 9, false)]
        {
            assert_eq!(outlived(sent, end, now), outlives, "{sent} {end:?} {now}");
        }
    }

    fn remembering(ids: u32) -> Engine {
        let mut engine = Engine::new(Config::default(), 0);
        for id in 1..=ids {
            engine.remember(Topic::Check { user: None }, id, Memory::restored(true, 0));
        }
        engine
    }

    #[test]
    fn what_makes_room_counts_no_more() {
        assert_eq!(remembering(CAPACITY as u32 + 10).remembered, CAPACITY);
    }

    #[test]
    fn what_is_cleared_counts_no_more() {
        let mut engine = remembering(3);
        assert_eq!(engine.remembered, 3);
        let ids: Vec<VersionId> = VersionId::new(2).into_iter().collect();
        engine.clear(Some(&ids));
        assert_eq!(engine.remembered, 2);
        engine.clear(None);
        assert_eq!((engine.remembered, engine.free.len()), (0, engine.cells.len()));
    }

    #[test]
    fn every_topic_has_its_own_key_and_is_found_by_it() {
        let topics = [
            Topic::Check { user: None },
            Topic::Check { user: Some(1) },
            Topic::Check { user: Some(i32::MAX as u32) },
            Topic::VersionList,
            Topic::ModelList,
            Topic::Model,
            Topic::Version,
            Topic::Mini,
        ];
        for (place, topic) in topics.iter().enumerate() {
            assert_eq!(Topic::of_key(topic.key()), *topic);
            assert!(topics.iter().skip(place + 1).all(|other| other.key() != topic.key()), "{topic:?}");
        }
    }
}
