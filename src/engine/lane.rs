//! Lanes: cells that wait to be asked together.

use super::Engine;
use super::batch::{Pass, Stage};
use super::cell::Place;
use crate::api::query::Topic;
use crate::sort::sort;
use alloc::vec;
use alloc::vec::Vec;
use core::mem::take;

/// Cells of one kind, as `id << 32 | place`. A cell that was dropped or moved on leaves its entry behind.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) topic: Topic,
    pub(super) stage: Stage,
    pub(super) pass: Pass,
    pub(super) queue: Vec<u64>,
    /// So many at its begin are the first comers, the lowest last; the others came since, the latest last.
    first: usize,
    late_next: bool,
}

impl Lane {
    /// The next entry, in turns the lowest of the first comers and the latest: a long list keeps nobody
    /// waiting who comes after it, nor do those keep it from getting on.
    pub(super) fn draw(&mut self) -> Option<u64> {
        if self.first == 0 {
            sort(&mut self.queue);
            self.queue.reverse();
            self.first = self.queue.len();
        }
        self.late_next = !self.late_next && self.first < self.queue.len();
        if self.late_next {
            return self.queue.pop();
        }
        self.first = self.first.checked_sub(1)?;
        Some(self.queue.swap_remove(self.first))
    }

    /// All entries, taken out.
    pub(super) fn empty(&mut self) -> Vec<u64> {
        self.first = 0;
        take(&mut self.queue)
    }

    /// The index's keys: cells have ids below 2³¹.
    fn keys(&self) -> (u32, u32) {
        (self.topic.key(), 1 << 31 | (self.stage as u32) << 2 | self.pass as u32)
    }
}

impl Engine {
    /// Puts a cell into the lane of those that it may be asked with.
    pub(super) fn enqueue(&mut self, place: u32, stage: Stage) {
        let Some(cell) = self.cells.get_mut(place as usize) else { return };
        let Some(work) = &mut cell.work else { return };
        work.place = Place::Queued;
        work.stage = stage;
        let (topic, pass) = (cell.topic, work.pass);
        let entry = u64::from(cell.id) << 32 | u64::from(place);
        let lane = Lane { topic, stage, pass, queue: vec![], first: 0, late_next: false };
        let at = self.index.get(lane.keys()).unwrap_or_else(|| self.push_lane(lane));
        if let Some(lane) = self.lanes.get_mut(at as usize) {
            lane.queue.push(entry);
        }
    }

    /// Whether a cell still waits in this lane.
    pub(super) fn queues(&self, lane: &Lane, entry: u64) -> bool {
        self.cells.get(entry as u32 as usize).is_some_and(|cell| {
            (u64::from(cell.id), cell.topic) == (entry >> 32, lane.topic)
                && cell.work.as_ref().is_some_and(|work| {
                    (work.place, work.stage, work.pass) == (Place::Queued, lane.stage, lane.pass)
                })
        })
    }

    /// Takes out the lane whose turn it is. The last one takes its place, and its turn in the next round.
    pub(super) fn pop_lane(&mut self) -> Option<Lane> {
        let place = if self.turn < self.lanes.len() { self.turn } else { 0 };
        self.turn = place + 1;
        if self.lanes.is_empty() {
            return None;
        }
        let lane = self.lanes.swap_remove(place);
        self.index.remove(lane.keys());
        if let Some(moved) = self.lanes.get(place) {
            self.index.set(moved.keys(), place as u32);
        }
        Some(lane)
    }

    /// Puts a lane in; tells its place.
    pub(super) fn push_lane(&mut self, lane: Lane) -> u32 {
        let place = self.lanes.len() as u32;
        self.index.set(lane.keys(), place);
        self.lanes.push(lane);
        place
    }
}
