//! Lanes: questions that wait to be asked together.

use super::age::CdnCache;
use super::order::ascending;
use super::owner_rule::Company;
use super::questions::Ticket;
use crate::api::query::Topic;
use crate::table::Table;

/// What the questions of one request have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct LaneKey {
    pub(super) topic: Topic,
    pub(super) company: Company,
    pub(super) cdn_cache: CdnCache,
}

/// A question in a lane. It may have been dropped since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) number: u32,
    pub(super) ticket: Ticket,
}

/// Questions of one kind.
#[derive(Debug, Default)]
pub(super) struct Lane {
    queue: Vec<Entry>,
    /// So many at its begin are the first comers, the lowest last; the others came since, the latest last.
    first: usize,
    late_next: bool,
}

/// All lanes, and whose turn it is.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    lanes: Table<(LaneKey, Lane)>,
    /// The keys of the lanes.
    turns: Vec<u64>,
}

impl Lane {
    /// The next entry, in turns the lowest of the first comers and the latest: a long list keeps nobody
    /// waiting who comes after it, nor do those keep it from getting on.
    pub(super) fn draw(&mut self) -> Option<Entry> {
        if self.first == 0 {
            self.queue = in_order(&self.queue).rev().collect();
            self.first = self.queue.len();
        }
        self.late_next = !self.late_next && self.first < self.queue.len();
        if self.late_next {
            return self.queue.pop();
        }
        self.first = self.first.checked_sub(1)?;
        Some(self.queue.swap_remove(self.first))
    }

    pub(super) fn push(&mut self, entry: Entry) {
        self.queue.push(entry);
    }

    /// Keeps what still waits.
    pub(super) fn retain(&mut self, keep: impl FnMut(&Entry) -> bool) {
        self.first = 0;
        self.queue.retain(keep);
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.queue.iter()
    }
}

/// In ascending order of ids.
pub(super) fn in_order(entries: &[Entry]) -> impl DoubleEndedIterator<Item = Entry> + '_ {
    ascending(entries.iter().map(|entry| entry.number)).filter_map(|at| entries.get(at).copied())
}

impl Lanes {
    pub(super) fn push(&mut self, key: LaneKey, entry: Entry) {
        if let Some(lane) = self.lane(key) {
            lane.push(entry);
        }
    }

    /// Takes out the lane whose turn it is.
    pub(super) fn take_next(&mut self) -> Option<(LaneKey, Lane)> {
        let first = *self.turns.first()?;
        self.turns.remove(0);
        self.lanes.remove(first)
    }

    /// Puts a lane back behind all others: nobody waits for ever behind a busy one.
    pub(super) fn put_back(&mut self, key: LaneKey, lane: Lane) {
        if lane.queue.is_empty() {
            return;
        }
        if let Some(place) = self.lane(key) {
            *place = lane;
        }
    }

    /// All lanes, taken out.
    pub(super) fn take_all(&mut self) -> impl Iterator<Item = (LaneKey, Lane)> + use<> {
        self.turns.clear();
        self.lanes.take_all().into_iter().map(|(_, lane)| lane)
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.lanes.entries().iter().flat_map(|(_, (_, lane))| lane.entries())
    }

    /// A lane, which is made if there is none.
    fn lane(&mut self, key: LaneKey) -> Option<&mut Lane> {
        let number = key.number();
        if self.lanes.get(number).is_none() {
            self.turns.push(number);
            self.lanes.insert(number, (key, Lane::default()));
        }
        self.lanes.get_mut(number).map(|(_, lane)| lane)
    }
}

impl LaneKey {
    /// A number of its own for each.
    fn number(self) -> u64 {
        u64::from(self.topic.code()) << 32 | (self.company as u64) << 2 | self.cdn_cache as u64
    }
}
